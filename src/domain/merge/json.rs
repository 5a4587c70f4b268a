//! Merging JSON values.

use super::{
    Conflict, Decisions, MOST_CONFLICTS, Merged, Side, Sides, array, members::Members, merge_order, path::Path, text, url::Writing,
};
use crate::domain::document::{Json, json::Member};

/// Merges a value of which each side may have none. `path` is what the paths of its conflicts begin with: `/items/7`, or nothing.
///
/// Objects are merged key by key, arrays whose elements have keys element by element, texts of several lines line by line. All else is one
/// value. An authorization or a body is one value too where the sides do not have the same kind of it, and so is an element that says it is
/// secret, so that no mixture comes out.
pub fn merge_json(sides: Sides<Option<&Json>>, path: &str, decisions: &mut Decisions) -> Merged<Option<Json>> {
    let mut merger = Merger { decisions, conflicts: Vec::new() };
    let value = merger.value(sides, &Path::new(path));
    Merged { value, conflicts: merger.conflicts }
}

/// A merge that is under way.
///
/// Values are only compared where they are not taken apart further, so that each is looked at once, however deep it lies.
pub(super) struct Merger<'a> {
    pub decisions: &'a mut Decisions,
    pub conflicts: Vec<Conflict>,
}

impl Merger<'_> {
    /// Merges a value, taken apart as far as it can be.
    pub fn value(&mut self, sides: Sides<Option<&Json>>, path: &Path<'_>) -> Option<Json> {
        if sides.parent.is_some() && sides.fork.is_some() && path.is_open() {
            if let Some(objects) = sides.all(Json::as_object) {
                return self.object(sides, objects, path);
            }
            if let Some(arrays) = sides.all(Json::as_array) {
                return self.array(sides, arrays, path);
            }
        }
        self.whole(sides, path)
    }

    /// Merges a value as one.
    pub fn whole(&mut self, sides: Sides<Option<&Json>>, path: &Path<'_>) -> Option<Json> {
        if let Some(agreed) = sides.agreed() {
            return agreed.cloned();
        }
        let merged = text::merge(sides, path.last_key());
        merged.or_else(|| sides.of(self.decide(path, || sides.map(Option::<&Json>::cloned))).cloned())
    }

    /// Whose value is taken where both changed the same thing differently. Where nobody has decided it is the parent's, and a conflict.
    pub fn decide(&mut self, path: &Path<'_>, values: impl FnOnce() -> Sides<Option<Json>>) -> Side {
        let path = path.write();
        let decided = self.decisions.decide(&path);
        if decided.is_none() && self.conflicts.len() < MOST_CONFLICTS {
            self.conflicts.push(Conflict::new(path, values()));
        }
        decided.unwrap_or(Side::Parent)
    }

    fn object(&mut self, sides: Sides<Option<&Json>>, objects: Sides<Option<&[Member]>>, path: &Path<'_>) -> Option<Json> {
        let members = objects.map(Option::unwrap_or_default);
        let is_open = members.into_array().into_iter().flatten().all(|(key, _)| path.fits(key));
        let [base, parent, fork] = members.into_array().map(Members::new);
        let (Some(base), Some(parent), Some(fork), true, false) = (base, parent, fork, is_open, of_two_kinds(sides, path)) else {
            return self.whole(sides, path);
        };
        let values = Sides { base, parent, fork };
        let is_url = path.last_key() == Some("url");
        let writing = if is_url { Writing::of(sides) } else { None };
        if is_url && writing.is_none() && values.as_ref().map(|side| side.get("raw")).agreed().is_none() {
            // With one side's `raw` and the other's parts it would be two addresses.
            return self.whole(sides, path);
        }
        let keys = members.map(|members| members.iter().map(|(key, _)| &**key).collect::<Vec<_>>());
        let (order, _) = merge_order(keys.as_ref().map(Vec::as_slice), |_| true);
        let merge = |key: &str| {
            let side = values.as_ref().map(|side| side.get(key));
            let value = if writing.is_some() && key == "raw" { side.parent.cloned() } else { self.value(side, &path.key(key)) };
            Some((key.into(), value?))
        };
        let mut merged = Json::Object(order.into_iter().filter_map(merge).collect());
        if let Some(raw) = writing.and_then(|writing| writing.raw(&merged)) {
            merged.set("raw", Json::String(raw));
        }
        Some(merged)
    }

    fn array(&mut self, sides: Sides<Option<&Json>>, arrays: Sides<Option<&[Json]>>, path: &Path<'_>) -> Option<Json> {
        let arrays = arrays.map(Option::unwrap_or_default);
        match array::key_of_elements(arrays) {
            Some(name) if arrays.into_array().into_iter().flatten().all(|element| path.fits(array::key(element, name))) => {
                Some(Json::Array(self.elements(arrays, name, path)))
            }
            _ => self.whole(sides, path),
        }
    }

    /// Merges arrays whose elements have keys.
    fn elements(&mut self, arrays: Sides<&[Json]>, name: &str, path: &Path<'_>) -> Vec<Json> {
        let keyed = arrays.map(|elements| array::Keyed::new(elements, name));
        let keys = keyed.as_ref().map(|keyed| keyed.keys.as_slice());
        let (mut order, differs) = merge_order(keys, |_| true);
        if differs {
            let listed = |keys: &[(&str, usize)]| Some(Json::Array(keys.iter().map(|(key, _)| Json::from(*key)).collect()));
            let side = self.decide(&path.order(), || keys.map(listed));
            order = merge_order(Sides { base: keys.of(side.other()), ..keys }, |_| true).0;
        }
        let mut merge = |key: (&str, usize)| {
            let element = keyed.as_ref().map(|keyed| keyed.elements.get(&key).copied());
            let path = path.element(key.0, key.1);
            if array::is_one_value(&keyed, key.0, element) { self.whole(element, &path) } else { self.value(element, &path) }
        };
        order.into_iter().filter_map(&mut merge).collect()
    }
}

/// Whether an authorization or a body is of another kind on one side than on another.
fn of_two_kinds(sides: Sides<Option<&Json>>, path: &Path<'_>) -> bool {
    let Some(kind) = (match path.last_key() {
        Some("auth") => Some("type"),
        Some("body") => Some("mode"),
        _ => None,
    }) else {
        return false;
    };
    let mut kinds = sides.present().map(|side| side.get(kind));
    let first = kinds.next();
    kinds.any(|kind| Some(kind) != first)
}

/// Whether a value is, or contains, something that says it is secret.
pub(super) fn holds_secret(value: &Json) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if array::is_secret(value) {
            return true;
        }
        match value {
            Json::Array(elements) => open.extend(elements),
            Json::Object(members) => open.extend(members.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    false
}
