//! The top of a YAML document. The text is read as events: no alias is followed, so none can grow.

use super::{Outline, not_well_formed};
use crate::domain::document::{DocumentError, ErrorKind, Limits, Place};
use saphyr_parser::{Event, Marker, Parser};

/// Reads the whole text, and answers what its top says.
pub(super) fn outline(text: &str, limits: &Limits) -> Result<Outline, DocumentError> {
    let mut reading = Reading { outline: Outline::default(), open: Vec::new(), documents: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| not_well_formed(error.info().to_owned()).placed(place(error.marker())))?;
        reading.event(event);
        if reading.open.len() > usize::try_from(limits.nesting).unwrap_or(usize::MAX) {
            let message = format!("the definition is nested deeper than {} levels", limits.nesting);
            return Err(DocumentError::new(ErrorKind::TooDeep, message).placed(place(&span.start)));
        }
    }
    Ok(reading.outline)
}

fn place(marker: &Marker) -> Option<Place> {
    Some(Place { line: u64::try_from(marker.line()).ok()?, column: u64::try_from(marker.col()).ok()? + 1 })
}

/// A sequence or mapping around the node that is read.
struct Level {
    is_mapping: bool,
    /// The key whose value comes next.
    key: Option<String>,
    awaits_value: bool,
}

struct Reading {
    outline: Outline,
    open: Vec<Level>,
    documents: usize,
}

impl Reading {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::DocumentStart(_) => self.documents += 1,
            Event::Scalar(text, ..) => self.scalar(&text),
            Event::Alias(_) => self.node(None),
            Event::SequenceStart(..) => self.open(false),
            Event::MappingStart(..) => self.open(true),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.node(None);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }

    fn open(&mut self, is_mapping: bool) {
        self.open.push(Level { is_mapping, key: None, awaits_value: false });
    }

    fn scalar(&mut self, text: &str) {
        let keys: Vec<_> = self.open.iter().take(3).map(|level| level.key.as_deref().filter(|_| level.awaits_value)).collect();
        let found = match keys.as_slice() {
            [Some("openapi")] => Some(&mut self.outline.openapi),
            [Some("swagger")] => Some(&mut self.outline.swagger),
            [Some("title")] => Some(&mut self.outline.title),
            [Some("info"), Some("title")] => Some(&mut self.outline.info_title),
            _ => None,
        };
        // What follows the first document of a file is none of its.
        if let Some(found) = found.filter(|_| self.documents == 1) {
            *found = Some(text.to_owned());
        }
        self.node(Some(text));
    }

    /// A node has ended: a key, a value or an element of what is around it.
    fn node(&mut self, text: Option<&str>) {
        let is_near_the_top = self.open.len() <= 2;
        if let Some(level) = self.open.last_mut().filter(|level| level.is_mapping) {
            level.key = if level.awaits_value { None } else { text.filter(|_| is_near_the_top).map(str::to_owned) };
            level.awaits_value = !level.awaits_value;
        }
    }
}
