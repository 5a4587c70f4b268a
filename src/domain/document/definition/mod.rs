//! Definitions of APIs: recognised and lightly checked, and kept byte for byte.
//!
//! Recognised are `OpenAPI` 2.0, 3.0 and 3.1 (JSON or YAML), GraphQL SDL, RAML, protobuf and WSDL. The check is that the text is well-formed
//! in its language, so far as that can be told in one pass that neither recurses nor expands anything: what the definition says is its
//! author's business.

mod words;
mod xml;
mod yaml;

use super::{DocumentError, ErrorKind, Limits, json::Canonical, raw, text::beginning, text::decode, tokens::Tokens};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

/// How many bytes of a definition tell what it is as a file.
const BEGINNING: usize = 64 * 1024;

/// The language of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DefinitionKind {
    /// `OpenAPI` 2.0, also known as Swagger.
    OpenApi2,
    /// `OpenAPI` 3.0.
    OpenApi30,
    /// `OpenAPI` 3.1.
    OpenApi31,
    /// The schema definition language of GraphQL.
    GraphqlSdl,
    /// RAML 0.8 or 1.0.
    Raml,
    /// Protocol buffers.
    Protobuf,
    /// WSDL 1.1 or 2.0.
    Wsdl,
}

/// What a definition is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Syntax {
    /// JSON
    Json,
    /// YAML
    Yaml,
    /// A language of its own.
    Text,
    /// XML
    Xml,
}

/// What was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The language.
    pub kind: DefinitionKind,
    /// What it is written in.
    pub syntax: Syntax,
    /// The version of the language, as the definition has it: `3.0.3`, `1.0`, `proto3`. Empty for GraphQL.
    pub version: String,
    /// What the definition calls its API, if it does.
    pub title: Option<String>,
}

/// How a definition goes out as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileType {
    /// The media type to serve it as.
    pub media_type: &'static str,
    /// The extension of its name, without a dot.
    pub extension: &'static str,
}

impl FileType {
    const RAML: Self = Self { media_type: "application/raml+yaml", extension: "raml" };
    const WSDL: Self = Self { media_type: "application/wsdl+xml", extension: "wsdl" };
    const GRAPHQL: Self = Self { media_type: "application/graphql", extension: "graphql" };
    const PROTOBUF: Self = Self { media_type: "text/plain", extension: "proto" };
    const JSON: Self = Self { media_type: "application/json", extension: "json" };
    const YAML: Self = Self { media_type: "application/yaml", extension: "yaml" };

    /// What a definition in this language is as a file.
    #[must_use]
    pub const fn written_in(kind: DefinitionKind, syntax: Syntax) -> Self {
        match (kind, syntax) {
            (DefinitionKind::Raml, _) => Self::RAML,
            (DefinitionKind::Wsdl, _) => Self::WSDL,
            (DefinitionKind::GraphqlSdl, _) => Self::GRAPHQL,
            (DefinitionKind::Protobuf, _) => Self::PROTOBUF,
            (_, Syntax::Json) => Self::JSON,
            (_, _) => Self::YAML,
        }
    }

    /// What a definition is as a file that was recognised before, told from its beginning.
    #[must_use]
    pub fn of(definition: &[u8]) -> Self {
        match guess(&beginning(&definition[..definition.len().min(BEGINNING)], &Limits::default())) {
            Guess::Json => Self::JSON,
            Guess::Xml => Self::WSDL,
            Guess::Raml(_) => Self::RAML,
            Guess::GraphqlSdl => Self::GRAPHQL,
            Guess::Protobuf => Self::PROTOBUF,
            Guess::Yaml => Self::YAML,
        }
    }
}

/// Recognises a definition and checks that it is well-formed.
///
/// # Errors
/// What is wrong with it and where, or that it is no definition that is known here.
pub fn detect(bytes: &[u8], limits: &Limits) -> Result<Definition, DocumentError> {
    let text = decode(bytes, limits)?;
    match guess(&text) {
        Guess::Json => open_api(Syntax::Json, json(bytes, limits)?),
        Guess::Xml => xml::wsdl(&text, limits),
        Guess::Raml(version) => {
            let outline = yaml::outline(&text, limits)?;
            Ok(Definition { kind: DefinitionKind::Raml, syntax: Syntax::Yaml, version: version.to_owned(), title: outline.title })
        }
        Guess::GraphqlSdl => words::graphql(&text),
        Guess::Protobuf => words::protobuf(&text),
        Guess::Yaml => open_api(Syntax::Yaml, yaml::outline(&text, limits)?),
    }
}

/// Whether a text that is not JSON, of which perhaps only the beginning is there, looks like a definition.
pub(super) fn looks_like_definition(text: &str) -> bool {
    match guess(text) {
        Guess::Json => false,
        Guess::Xml | Guess::Raml(_) | Guess::GraphqlSdl | Guess::Protobuf => true,
        Guess::Yaml => text.lines().map(|line| line.trim_start_matches(['"', '\''])).any(|line| {
            ["openapi", "swagger"]
                .iter()
                .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':')))
        }),
    }
}

/// What a text is, if it is anything.
enum Guess<'a> {
    Json,
    Xml,
    Raml(&'a str),
    GraphqlSdl,
    Protobuf,
    Yaml,
}

fn guess(text: &str) -> Guess<'_> {
    let start = text.trim_start();
    if let Some(header) = start.strip_prefix("#%RAML ") {
        return Guess::Raml(header.lines().next().unwrap_or_default().split_whitespace().next().unwrap_or_default());
    }
    match start.bytes().next() {
        Some(b'{' | b'[') => Guess::Json,
        Some(b'<') => Guess::Xml,
        _ => words::guess(text).unwrap_or(Guess::Yaml),
    }
}

/// What the top of an object says, if it is an `OpenAPI` definition or RAML.
#[derive(Debug, Default)]
struct Outline {
    openapi: Option<String>,
    swagger: Option<String>,
    title: Option<String>,
    info_title: Option<String>,
}

fn json(bytes: &[u8], limits: &Limits) -> Result<Outline, DocumentError> {
    // It is never more than its text in memory.
    let limits = Limits { values: u32::MAX, ..limits.clone() };
    let mut tokens = Tokens::new(bytes, &limits);
    let mut canonical = Vec::new();
    let read = tokens.value(&mut Canonical(&mut canonical)).and_then(|()| tokens.finish());
    read.map_err(super::ReadError::in_memory)?;
    let text = |object, name| raw::get(object, name).and_then(raw::text).map(std::borrow::Cow::into_owned);
    let info = raw::get(&canonical, "info").unwrap_or_default();
    Ok(Outline { openapi: text(&canonical, "openapi"), swagger: text(&canonical, "swagger"), title: None, info_title: text(info, "title") })
}

fn open_api(syntax: Syntax, outline: Outline) -> Result<Definition, DocumentError> {
    let (pointer, version) = match (outline.openapi, outline.swagger) {
        (Some(version), _) => ("/openapi", version),
        (None, Some(version)) => ("/swagger", version),
        (None, None) => return Err(unrecognized()),
    };
    let kind = match (pointer, version.split('.').take(2).collect::<Vec<_>>().as_slice()) {
        ("/openapi", ["3", "0"]) => DefinitionKind::OpenApi30,
        ("/openapi", ["3", "1"]) => DefinitionKind::OpenApi31,
        ("/swagger", ["2", "0"]) => DefinitionKind::OpenApi2,
        _ => {
            let message = "only OpenAPI 2.0, 3.0 and 3.1 are known here";
            return Err(DocumentError::new(ErrorKind::UnsupportedVersion, message).at(pointer));
        }
    };
    Ok(Definition { kind, syntax, version, title: outline.info_title })
}

fn unrecognized() -> DocumentError {
    let message = "this is no definition that is known here: OpenAPI in JSON or YAML, GraphQL SDL, RAML, protobuf or WSDL";
    DocumentError::new(ErrorKind::Unrecognized, message)
}

fn not_well_formed(message: impl Into<String>) -> DocumentError {
    DocumentError::new(ErrorKind::NotWellFormed, message)
}

#[cfg(test)]
mod tests;
