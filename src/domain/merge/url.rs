//! The address of a request, which says everything twice: in its parts, and in `raw`, which is all of them together.

use super::Sides;
use crate::domain::document::Json;

/// How `raw` follows from the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// It has the parameters that are not disabled.
    Enabled,
    /// It has all parameters.
    All,
}

impl Writing {
    /// How the `raw` of every side follows from its parts, if it does.
    ///
    /// Then it is no change of its own, and follows from the parts that come out: two people may change different parameters.
    pub fn of(sides: Sides<Option<&Json>>) -> Option<Self> {
        let has_it =
            |writing: Self, url: &Json| url.get("raw").and_then(Json::as_str).is_some_and(|raw| writing.raw(url).as_deref() == Some(raw));
        [Self::Enabled, Self::All].into_iter().find(|writing| sides.present().all(|url| has_it(*writing, url)))
    }

    /// The `raw` that follows from the parts. None if one of them is of a form that is not known.
    pub fn raw(self, url: &Json) -> Option<String> {
        let mut raw = String::new();
        if let Some(protocol) = part(url, "protocol") {
            raw.push_str(protocol.as_str()?);
            raw.push_str("://");
        }
        if let Some(host) = part(url, "host") {
            raw.push_str(&joined(host, ".")?);
        }
        if let Some(port) = part(url, "port") {
            raw.push(':');
            raw.push_str(match port {
                Json::Number(port) => port,
                port => port.as_str()?,
            });
        }
        if let Some(path) = part(url, "path") {
            let path = joined(path, "/")?;
            raw.extend((!path.starts_with('/') || path.is_empty()).then_some('/'));
            raw.push_str(&path);
        }
        if let Some(query) = part(url, "query") {
            self.push_query(&mut raw, query.as_array()?)?;
        }
        if let Some(hash) = part(url, "hash") {
            raw.push('#');
            raw.push_str(hash.as_str()?);
        }
        Some(raw)
    }

    fn push_query(self, raw: &mut String, query: &[Json]) -> Option<()> {
        let mut separator = '?';
        for parameter in query {
            if self == Self::Enabled && parameter.get("disabled").and_then(Json::as_bool) == Some(true) {
                continue;
            }
            raw.push(separator);
            separator = '&';
            if let Some(key) = part(parameter, "key") {
                raw.push_str(key.as_str()?);
            }
            if let Some(value) = part(parameter, "value") {
                raw.push('=');
                raw.push_str(value.as_str()?);
            }
        }
        Some(())
    }
}

/// A part that is there: null is none.
fn part<'a>(of: &'a Json, key: &str) -> Option<&'a Json> {
    of.get(key).filter(|part| !part.is_null())
}

/// A part that is written as a text, or as the texts that it consists of.
fn joined(part: &Json, separator: &str) -> Option<String> {
    match part {
        Json::String(text) => Some(text.clone()),
        part => part.as_array()?.iter().map(Json::as_str).collect::<Option<Vec<_>>>().map(|texts| texts.join(separator)),
    }
}
