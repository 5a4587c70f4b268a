//! Workspace archives: what their manifest says, and what their files may be called.
//!
//! An archive is a zip with `manifest.json` and, for each element, a file with its document. The manifest names every file:
//!
//! ```
//! use portico::domain::document::archive::Manifest;
//!
//! let text = br#"{ "format": "portico-workspace", "version": 1,
//!     "workspace": { "name": "Pets", "summary": "", "description": "" },
//!     "elements": [{ "file": "apis/Pets.yaml", "kind": "API", "name": "Pets", "description": "", "format": "DEFINITION", "id": "1" }] }"#;
//! assert_eq!(Manifest::parse(text).map(|manifest| manifest.elements.len()).ok(), Some(1));
//! ```

use super::{DocumentError, ErrorKind, Place};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::text::{Description, Name};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The file of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// What the manifest says that it is of.
pub const FORMAT: &str = "portico-workspace";

/// The version of the format.
pub const VERSION: u32 = 1;

/// The most elements of an archive.
pub const MAX_ELEMENTS: usize = 10_000;

/// The most bytes of a manifest.
pub const MAX_MANIFEST: u64 = 32 * 1024 * 1024;

/// The most bytes of the name of a file.
const LONGEST_PATH: usize = 512;

/// The most bytes of an id.
const LONGEST_ID: usize = 128;

/// What is in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// What was put into the archive.
    pub workspace: ManifestWorkspace,
    /// What is in it.
    pub elements: Vec<ManifestElement>,
}

/// The workspace that an archive was made of. Who brings the archive in keeps the texts of their own workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestWorkspace {
    /// Its name.
    pub name: String,
    /// What it is for, in a line.
    pub summary: String,
    /// What it is for.
    pub description: String,
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestElement {
    /// The file with its document.
    pub file: String,
    /// What it is.
    pub kind: ElementKind,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The format of its document.
    pub format: ElementFormat,
    /// What other elements of the archive call it.
    pub id: String,
    /// The id of the API that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
}

/// What every version of the manifest says.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        let head: Head = json(bytes)?;
        if head.format != FORMAT {
            return Err(DocumentError::new(ErrorKind::WrongShape, format!("the format is {FORMAT:?}")).at("/format"));
        }
        if head.version != VERSION {
            let message = format!("only version {VERSION} of the format is read");
            return Err(DocumentError::new(ErrorKind::UnsupportedVersion, message).at("/version"));
        }
        let manifest: Self = json(bytes)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// For each element the place of its API among all.
    #[must_use]
    pub fn apis(&self) -> Vec<Option<usize>> {
        let places: HashMap<&str, usize> = self.elements.iter().enumerate().map(|(place, element)| (element.id.as_str(), place)).collect();
        self.elements.iter().map(|element| places.get(element.api.as_deref()?).copied()).collect()
    }

    fn check(&self) -> Result<(), DocumentError> {
        if self.elements.len() > MAX_ELEMENTS {
            return Err(DocumentError::new(ErrorKind::TooMany, format!("an archive has up to {MAX_ELEMENTS} elements")).at("/elements"));
        }
        let apis: HashSet<&str> =
            self.elements.iter().filter(|element| element.kind == ElementKind::Api).map(|element| element.id.as_str()).collect();
        let (mut files, mut ids) = (HashSet::new(), HashSet::new());
        for (place, element) in self.elements.iter().enumerate() {
            let wrong = |field: &str, message: &str| {
                Err(DocumentError::new(ErrorKind::WrongShape, message).at(format!("/elements/{place}/{field}")))
            };
            if let Err(message) = checked_path(element.file.as_bytes()) {
                return wrong("file", message);
            }
            if element.file.ends_with('/') || element.file == MANIFEST || !files.insert(element.file.to_lowercase()) {
                return wrong("file", "every element has a file of its own");
            }
            if element.id.is_empty() || element.id.len() > LONGEST_ID || !ids.insert(element.id.as_str()) {
                return wrong("id", "every element has an id of its own, of up to 128 bytes");
            }
            if !Name::parse(&element.name).is_ok_and(|name| name.as_str() == element.name) {
                return wrong("name", "a name is one line of 1 to 255 characters");
            }
            if Description::parse(&element.description).is_err() {
                return wrong("description", "a description is text of up to 64 KiB");
            }
            if !element.format.is_of(element.kind) {
                return wrong("format", "this kind of element has no document in this format");
            }
            if let Some(api) = &element.api
                && (element.kind != ElementKind::Collection || !apis.contains(api.as_str()))
            {
                return wrong("api", "only a collection belongs to an API, which is in the archive too");
            }
        }
        Ok(())
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DocumentError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let kind = if error.is_data() { ErrorKind::WrongShape } else { ErrorKind::NotJson };
        let place = Place { line: error.line() as u64, column: error.column() as u64 };
        let mut message = error.to_string();
        // The place is said by whoever shows the error.
        message.truncate(message.rfind(" at line ").unwrap_or(message.len()));
        DocumentError::new(kind, message).placed(Some(place))
    })
}

/// The name of a file or folder in an archive, if it leads to nothing outside wherever somebody unpacks it.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn checked_path(path: &[u8]) -> Result<&str, &'static str> {
    let Ok(path) = str::from_utf8(path) else { return Err("its name is no text in UTF-8") };
    if path.is_empty() || path.len() > LONGEST_PATH {
        return Err("its name has to have 1 to 512 bytes");
    }
    if path.chars().any(char::is_control) {
        return Err("its name has control characters");
    }
    if path.contains('\\') {
        return Err("its name has backslashes");
    }
    if path.starts_with('/') {
        return Err("its name is an absolute path");
    }
    if path.contains(':') {
        return Err("its name has a colon, like that of a drive");
    }
    let steps = path.strip_suffix('/').unwrap_or(path);
    if steps.split('/').any(|step| matches!(step, "" | "." | "..")) {
        return Err("its name has steps that lead nowhere or out of the archive");
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn manifest(elements: &Value) -> Result<Manifest, DocumentError> {
        let text = json!({
            "format": FORMAT, "version": 1, "workspace": { "name": "W", "summary": "", "description": "" }, "elements": elements,
        });
        Manifest::parse(text.to_string().as_bytes())
    }

    fn element(change: &Value) -> Value {
        let mut element =
            json!({ "file": "a.json", "kind": "COLLECTION", "name": "A", "description": "", "format": "COLLECTION_V2_1", "id": "a" });
        for (key, value) in change.as_object().into_iter().flatten() {
            element[key] = value.clone();
        }
        element
    }

    #[test]
    fn names_that_lead_out_of_an_archive_are_refused() {
        for path in ["a", "a/b.json", "a/", "..a/b..", "Größe 📦.json"] {
            assert_eq!(checked_path(path.as_bytes()), Ok(path));
        }
        for path in ["", "/a", "../a", "a/../b", "a/./b", "a//b", "a\\b", "C:a", "a\nb", "..", ".", "/", "//x/y"] {
            assert!(checked_path(path.as_bytes()).is_err(), "{path:?}");
        }
        assert!(checked_path(b"\xff").is_err());
        assert!(checked_path("x".repeat(513).as_bytes()).is_err());
    }

    #[test]
    fn a_manifest_says_where_it_is_wrong() {
        assert!(manifest(&json!([element(&json!({}))])).is_ok());
        for (change, pointer) in [
            (json!({ "file": "../a" }), "/elements/0/file"),
            (json!({ "file": "manifest.json" }), "/elements/0/file"),
            (json!({ "file": "folder/" }), "/elements/0/file"),
            (json!({ "name": " " }), "/elements/0/name"),
            (json!({ "name": "a\nb" }), "/elements/0/name"),
            (json!({ "description": "\0" }), "/elements/0/description"),
            (json!({ "format": "DEFINITION" }), "/elements/0/format"),
            (json!({ "api": "a" }), "/elements/0/api"),
            (json!({ "id": "" }), "/elements/0/id"),
        ] {
            let error = manifest(&json!([element(&change)])).unwrap_err();
            assert_eq!((error.kind, error.pointer.as_str()), (ErrorKind::WrongShape, pointer), "{change}");
        }
        let twice = [element(&json!({})), element(&json!({ "id": "b", "file": "A.json" }))];
        assert_eq!(manifest(&json!(twice)).unwrap_err().pointer, "/elements/1/file");
        let error = manifest(&json!([element(&json!({ "secret": 1 }))])).unwrap_err();
        assert!(error.message.contains("secret") && error.place.is_some(), "{error:?}");
        assert_eq!(Manifest::parse(b"{").unwrap_err().kind, ErrorKind::NotJson);
        let newer = br#"{"format":"portico-workspace","version":2,"more":[]}"#;
        assert_eq!(Manifest::parse(newer).unwrap_err().kind, ErrorKind::UnsupportedVersion);
    }

    #[test]
    fn collections_find_their_api() {
        let api = json!({ "file": "p.yaml", "kind": "API", "name": "P", "description": "", "format": "DEFINITION", "id": "p" });
        let manifest = manifest(&json!([element(&json!({ "api": "p" })), api])).unwrap();
        assert_eq!(manifest.apis(), [Some(1), None]);
    }
}
