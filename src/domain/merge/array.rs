//! Arrays whose elements have keys: parameters, headers, variables, events, saved responses.

use super::Sides;
use crate::domain::document::Json;
use std::collections::HashMap;

/// What elements may be told apart by. The first that all of them have is their key.
const KEYS: [&str; 4] = ["key", "listen", "id", "name"];

/// The elements of an array by their keys. A second element of a key is told from the first by its number.
pub(super) struct Keyed<'a> {
    pub keys: Vec<(&'a str, usize)>,
    pub elements: HashMap<(&'a str, usize), &'a Json>,
    count: HashMap<&'a str, usize>,
}

impl<'a> Keyed<'a> {
    pub fn new(array: &'a [Json], name: &str) -> Self {
        let mut keyed = Self { keys: Vec::with_capacity(array.len()), elements: HashMap::new(), count: HashMap::new() };
        for element in array {
            let key = key(element, name);
            let count = keyed.count.entry(key).or_default();
            keyed.keys.push((key, *count));
            keyed.elements.insert((key, *count), element);
            *count += 1;
        }
        keyed
    }
}

/// By what the elements of all these arrays are told apart. None if they cannot be.
pub(super) fn key_of_elements(arrays: Sides<&[Json]>) -> Option<&'static str> {
    let has = |element: &Json, name| element.get(name).is_some_and(|key| key.as_str().is_some());
    KEYS.into_iter().find(|name| arrays.into_array().into_iter().flatten().all(|element| has(element, name)))
}

/// The key of an element.
pub(super) fn key<'a>(element: &'a Json, name: &str) -> &'a str {
    element.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// Whether an element is merged as one value.
///
/// A secret is: a sealed value must not come out beside another type. So is one of several of the same key where the sides do not have as many
/// of them, since it is then unknown which is which.
pub(super) fn is_one_value(keyed: &Sides<Keyed<'_>>, key: &str, element: Sides<Option<&Json>>) -> bool {
    let counts = keyed.as_ref().map(|keyed| keyed.count.get(key).copied());
    let most = counts.present().max().unwrap_or_default();
    let differ = most > 1 && counts.present().any(|count| count != most);
    differ || element.present().any(is_secret)
}

/// Whether a value says it is secret. One that says two things does, if one of them is that.
pub(super) fn is_secret(value: &Json) -> bool {
    value.as_object().unwrap_or_default().iter().any(|(key, value)| **key == *"type" && value.as_str() == Some("secret"))
}
