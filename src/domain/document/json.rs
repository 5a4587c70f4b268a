//! A JSON value in memory, kept as its author wrote it.
//!
//! Unlike [`serde_json::Value`] it keeps the text of numbers and duplicate keys, so that writing a value that was read changes nothing but
//! white space and the way strings are escaped.

use super::{
    DocumentError, Limits,
    tokens::{Build, Container, Tokens},
};
use serde_json::Value;

/// A member of an object: its key and its value.
pub type Member = (Box<str>, Json);

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as it is written.
    Number(Box<str>),
    /// A text.
    String(String),
    /// Values in order.
    Array(Vec<Json>),
    /// Members in order. A key may come more than once.
    Object(Vec<Member>),
}

impl Json {
    /// The value that a text holds.
    ///
    /// # Errors
    /// What is wrong with the text, or that it exceeds `bytes` or `nesting` of the limits.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, DocumentError> {
        let mut tokens = Tokens::new(bytes, limits);
        let mut tree = Tree::default();
        let read = tokens.value(&mut tree).and_then(|()| tokens.finish());
        read.map_err(super::ReadError::in_memory)?;
        Ok(tree.value.unwrap_or(Self::Null))
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes);
        bytes
    }

    /// Appends the canonical bytes.
    pub fn write_to(&self, bytes: &mut Vec<u8>) {
        let mut canonical = Canonical(bytes);
        let mut open: Vec<Rest<'_>> = Vec::new();
        let mut next = Some(self);
        loop {
            if let Some(value) = next.take() {
                open.extend(canonical.begin(value));
            }
            let Some(rest) = open.last_mut() else { return };
            next = match rest {
                Rest::Array(elements) => elements.next(),
                Rest::Object(members) => members.next().map(|(key, value)| {
                    canonical.name(key);
                    value
                }),
            };
            if next.is_none() {
                canonical.close(rest.container());
                open.pop();
            }
        }
    }

    /// The value of a key: of the last, if there are several, as parsers have it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.iter().rfind(|(name, _)| **name == *key).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_object_mut()?.iter_mut().rfind(|(name, _)| **name == *key).map(|(_, value)| value)
    }

    /// Gives a key a value. A key that is there keeps its (first) place and loses its duplicates; another one comes last.
    ///
    /// `false`, and nothing done, if this is no object.
    pub fn set(&mut self, key: &str, value: Self) -> bool {
        let Self::Object(members) = self else { return false };
        if let Some(first) = members.iter().position(|(name, _)| **name == *key) {
            let mut at = 0;
            members.retain(|(name, _)| {
                at += 1;
                at <= first + 1 || **name != *key
            });
            members[first].1 = value;
        } else {
            members.push((key.into(), value));
        }
        true
    }

    /// Takes a key and all its duplicates away, and answers the value it had.
    pub fn remove(&mut self, key: &str) -> Option<Self> {
        let members = self.as_object_mut()?;
        members.extract_if(.., |(name, _)| **name == *key).last().map(|(_, value)| value)
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// Whether it is true, if this is true or false.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The elements, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The elements, to be changed.
    #[must_use]
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Self>> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The members, to be changed.
    #[must_use]
    pub fn as_object_mut(&mut self) -> Option<&mut Vec<Member>> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The value as most programs have it: of duplicate keys the last, numbers rounded to what 64 bits hold.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(text) => number(text),
            Self::String(text) => Value::String(text.clone()),
            Self::Array(elements) => elements.iter().map(Self::to_value).collect(),
            Self::Object(members) => members.iter().map(|(key, value)| (key.to_string(), value.to_value())).collect(),
        }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number.to_string().into()),
            Value::String(text) => Self::String(text),
            Value::Array(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(members.into_iter().map(|(key, value)| (key.into(), value.into())).collect()),
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| {
        // Only what is larger than any number of 64 bits is a number of JSON and refused.
        Value::from(if text.starts_with('-') { f64::MIN } else { f64::MAX })
    })
}

/// What is still to be written of a container.
enum Rest<'a> {
    Array(std::slice::Iter<'a, Json>),
    Object(std::slice::Iter<'a, Member>),
}

impl Rest<'_> {
    fn container(&self) -> Container {
        match self {
            Self::Array(_) => Container::Array,
            Self::Object(_) => Container::Object,
        }
    }
}

/// Writes canonical bytes.
pub(super) struct Canonical<'a>(pub &'a mut Vec<u8>);

impl Canonical<'_> {
    /// Writes a value; of a container, only its beginning.
    fn begin<'v>(&mut self, value: &'v Json) -> Option<Rest<'v>> {
        match value {
            Json::Null => self.literal(None),
            Json::Bool(value) => self.literal(Some(*value)),
            Json::Number(number) => self.number(number),
            Json::String(text) => self.text(text),
            Json::Array(elements) => {
                self.open(Container::Array);
                return Some(Rest::Array(elements.iter()));
            }
            Json::Object(members) => {
                self.open(Container::Object);
                return Some(Rest::Object(members.iter()));
            }
        }
        None
    }

    fn separate(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(b',');
        }
    }

    fn quote(&mut self, text: &str) {
        // Writing to memory does not fail.
        let _written = serde_json::to_writer(&mut *self.0, text);
    }
}

impl Build for Canonical<'_> {
    fn open(&mut self, container: Container) {
        self.separate();
        self.0.push(if container == Container::Array { b'[' } else { b'{' });
    }

    fn name(&mut self, name: &str) {
        self.separate();
        self.quote(name);
        self.0.push(b':');
    }

    fn text(&mut self, text: &str) {
        self.separate();
        self.quote(text);
    }

    fn number(&mut self, number: &str) {
        self.separate();
        self.0.extend_from_slice(number.as_bytes());
    }

    fn literal(&mut self, literal: Option<bool>) {
        self.separate();
        let text = literal.map_or("null", |value| if value { "true" } else { "false" });
        self.0.extend_from_slice(text.as_bytes());
    }

    fn close(&mut self, container: Container) {
        self.0.push(if container == Container::Array { b']' } else { b'}' });
    }
}

/// Builds a value.
#[derive(Default)]
struct Tree {
    open: Vec<Json>,
    names: Vec<Box<str>>,
    value: Option<Json>,
}

impl Tree {
    fn put(&mut self, value: Json) {
        match self.open.last_mut() {
            None => self.value = Some(value),
            Some(Json::Object(members)) => members.extend(self.names.pop().map(|name| (name, value))),
            Some(Json::Array(elements)) => elements.push(value),
            Some(_) => {}
        }
    }
}

impl Build for Tree {
    fn open(&mut self, container: Container) {
        self.open.push(if container == Container::Array { Json::Array(Vec::new()) } else { Json::Object(Vec::new()) });
    }

    fn name(&mut self, name: &str) {
        self.names.push(name.into());
    }

    fn text(&mut self, text: &str) {
        self.put(text.into());
    }

    fn number(&mut self, number: &str) {
        self.put(Json::Number(number.into()));
    }

    fn literal(&mut self, literal: Option<bool>) {
        self.put(literal.map_or(Json::Null, Json::Bool));
    }

    fn close(&mut self, _: Container) {
        if let Some(value) = self.open.pop() {
            self.put(value);
        }
    }
}

#[cfg(test)]
mod tests;
