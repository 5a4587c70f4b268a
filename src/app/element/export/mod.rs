//! Bringing documents out: as they came in, in their own version or another one.
//!
//! A document goes out part by part, as whoever reads it takes it: of a collection no more is in memory than some of its items.

mod archive;
mod collection;
mod parts;
mod zip;

pub use archive::Archive;
pub use parts::Parts;
pub(in crate::app::element) use zip::MOST_GROWTH;

use super::blocking;
use super::document::{format_of, head_at, version_of};
use super::environment;
use crate::app::access::ElementSight;
use crate::app::error::{Refusal, Result};
use crate::app::ports::StoreError;
use crate::app::{Actor, App, AppError, token};
use crate::domain::document::definition::FileType;
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::domain::{Code, ElementId, Reason};
use parts::{Outlet, PART};

/// In which form a document is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// The format; none: the one that it is kept in.
    pub format: Option<ElementFormat>,
    /// The version of the element; none: as it is now.
    pub version: Option<i32>,
    /// Whether secret values are left out. They always are for whoever may not edit the element.
    pub without_secrets: bool,
}

/// A document that somebody may have.
#[derive(Debug, Clone)]
pub struct Export {
    app: App,
    reader: Option<Actor>,
    element: ElementId,
    root: [u8; 32],
    kept_in: ElementFormat,
    with_secrets: bool,
    /// How many bytes it has in canonical form.
    pub size_bytes: i64,
    /// The element, and what its reader is towards it.
    pub sight: ElementSight,
    /// The format that it goes out in.
    pub format: ElementFormat,
}

impl Export {
    /// The document of an element.
    ///
    /// # Errors
    /// Not found, or forbidden, as the policy says; that the element has no such version, or not in that format.
    pub async fn open(app: &App, reader: Option<&Actor>, element: ElementId, options: ExportOptions) -> Result<Self> {
        let sight = app.access(reader).element(element).may(Action::ExportElement).await?.into_inner();
        let (root, kept_in, size_bytes) = match options.version.filter(|version| *version != sight.element.version) {
            None => (sight.element.root, sight.element.format, sight.element.size_bytes),
            Some(version) => earlier(app, &sight, version).await?,
        };
        let asked = options.format.unwrap_or(kept_in);
        if !converts(kept_in, asked) {
            let message = "The element has no document in this format.";
            return Err(Refusal::bad_input("format", Reason::UnsupportedFormat, message).into());
        }
        let format = if version_of(kept_in).is_some() { asked } else { kept_in };
        let with_secrets = !options.without_secrets && sight.check(Action::EditElement, app.now()).is_ok();
        Ok(Self { app: app.clone(), reader: reader.cloned(), element, root, kept_in, with_secrets, size_bytes, sight, format })
    }

    /// The document, part by part. What is given to it is held until all of it is written, or nobody reads any more.
    #[must_use]
    pub fn parts(self, held: impl Send + 'static) -> Parts {
        Parts::of(held, async move |outlet| self.write(&outlet).await)
    }

    /// The whole document.
    ///
    /// # Errors
    /// What broke.
    pub async fn whole(self) -> Result<Vec<u8>> {
        self.parts(()).whole().await
    }

    async fn write(&self, outlet: &Outlet) -> Result<()> {
        if let (Some(from), Some(to)) = (version_of(self.kept_in), version_of(self.format)) {
            return collection::write(self, from, to, outlet).await;
        }
        let node = self.node().await?;
        let document = if self.kept_in == ElementFormat::Definition { node } else { self.environment(node).await? };
        for (index, part) in document.chunks(PART).enumerate() {
            if index > 0 {
                self.check().await?;
            }
            if !outlet.put(part.to_vec()).await {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The node that an environment or a definition is.
    async fn node(&self) -> Result<Vec<u8>> {
        Ok(self.app.queries().nodes(&[NodeHash::new(self.root)]).await?.pop().unwrap_or_default())
    }

    async fn environment(&self, node: Vec<u8>) -> Result<Vec<u8>> {
        if !self.with_secrets {
            return blocking(move || Ok(environment::kept(&node)?.without_secrets().to_bytes())).await?;
        }
        let mut environment = blocking(move || environment::kept(&node)).await??;
        environment::open(&self.app, self.app.queries(), &mut environment).await?;
        blocking(move || environment.to_bytes()).await
    }

    /// Whether its reader may still have it: it can take a while until somebody has taken all of it.
    async fn check(&self) -> Result<()> {
        if let Some(reader) = &self.reader
            && token::find_live(&self.app, reader).await?.is_none()
        {
            return Err(Refusal::new(Code::Unauthenticated, Reason::InvalidToken, "The access token is not valid any more.").into());
        }
        self.app.access(self.reader.as_ref()).element(self.element).may(Action::ExportElement).await.map(drop)
    }
}

/// The node that an element began with at an earlier version, the format that it was kept in, and its size.
async fn earlier(app: &App, sight: &ElementSight, version: i32) -> Result<([u8; 32], ElementFormat, i64)> {
    let none = || Refusal::bad_input("version", Reason::OutOfRange, "The element has no such version.");
    let revision = app.queries().find_revision(sight.element.id, version).await?.ok_or_else(none)?;
    let root = revision.root;
    let kept_in = match sight.element.kind {
        // A collection may have been of another version of the format.
        ElementKind::Collection => format_of(head_at(app.queries(), root).await?.version),
        ElementKind::Api | ElementKind::Environment => sight.element.format,
    };
    Ok((root, kept_in, revision.size_bytes))
}

/// Whether a document that is kept in one format can go out in the other.
const fn converts(from: ElementFormat, to: ElementFormat) -> bool {
    match from {
        ElementFormat::CollectionV20 | ElementFormat::CollectionV21 => version_of(to).is_some(),
        ElementFormat::Environment | ElementFormat::Globals => matches!(to, ElementFormat::Environment | ElementFormat::Globals),
        ElementFormat::Definition => matches!(to, ElementFormat::Definition),
    }
}

/// What went wrong with the document on its way out.
fn unwritten(error: std::io::Error) -> AppError {
    StoreError::Broken(error.into()).into()
}

/// What a document in this format is as a file, of which this is the beginning.
#[must_use]
pub fn file_type(format: ElementFormat, beginning: &[u8]) -> FileType {
    let json = |extension| FileType { media_type: "application/json", extension };
    match format {
        ElementFormat::CollectionV20 | ElementFormat::CollectionV21 => json("postman_collection.json"),
        ElementFormat::Environment => json("postman_environment.json"),
        ElementFormat::Globals => json("postman_globals.json"),
        ElementFormat::Definition => FileType::of(beginning),
    }
}
