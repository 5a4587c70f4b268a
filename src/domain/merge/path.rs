//! Where in a document a conflict is.

use std::iter::successors;

/// The longest path of a conflict, without its prefix. What lies deeper is merged with what it lies in.
pub(super) const LONGEST: usize = 1_000;

/// The most levels of a value that are taken apart. What lies deeper is merged with what it lies in.
pub(super) const MOST_LEVELS: u32 = 64;

/// A place in a document: written out only where there is a conflict.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    above: Option<&'a Path<'a>>,
    step: Step<'a>,
    length: usize,
    level: u32,
}

/// A step of a path.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// What the path begins with, as it is.
    Prefix(&'a str),
    /// Into the value of a key.
    Key(&'a str),
    /// Into the element that is such a one of those with that key, counted from 0.
    Element(&'a str, usize),
    /// The order of elements.
    Order,
}

impl<'a> Path<'a> {
    /// A path that has nothing but a prefix.
    pub fn new(prefix: &'a str) -> Self {
        Self { above: None, step: Step::Prefix(prefix), length: 0, level: 0 }
    }

    /// The value of a key of the object there.
    pub fn key(&'a self, key: &'a str) -> Self {
        self.step(Step::Key(key), steps_length(key))
    }

    /// An element of the array there.
    pub fn element(&'a self, key: &'a str, nth: usize) -> Self {
        self.step(Step::Element(key, nth), steps_length(key))
    }

    /// The order of the array there.
    pub fn order(&'a self) -> Self {
        self.step(Step::Order, 0)
    }

    fn step(&'a self, step: Step<'a>, length: usize) -> Self {
        Self { above: Some(self), step, length: self.length + length, level: self.level + 1 }
    }

    /// Whether what is there may be taken apart further.
    pub fn is_open(&self) -> bool {
        self.level < MOST_LEVELS
    }

    /// Whether the path with this key behind it is not too long.
    pub fn fits(&self, key: &str) -> bool {
        self.length + steps_length(key) <= LONGEST
    }

    /// The key that led there. None if it was no key of an object.
    pub fn last_key(&self) -> Option<&'a str> {
        if let Step::Key(key) = self.step { Some(key) } else { None }
    }

    /// The path written out.
    pub fn write(&self) -> String {
        let mut steps: Vec<_> = successors(Some(self), |path| path.above).map(|path| path.step).collect();
        steps.reverse();
        let mut text = String::new();
        for step in steps {
            match step {
                Step::Prefix(prefix) => text.push_str(prefix),
                Step::Key(key) => push_step(&mut text, key),
                Step::Element(key, nth) => {
                    push_step(&mut text, key);
                    if nth > 0 {
                        text.push('~');
                        text.push_str(&(nth + 1).to_string());
                    }
                }
                Step::Order => text.push_str("/~order"),
            }
        }
        text
    }
}

/// Adds a step to a path: `~` and `/` in it become `~0` and `~1`, as in a JSON Pointer.
pub fn push_step(path: &mut String, step: &str) {
    path.reserve(step.len() + 1);
    path.push('/');
    for part in step.chars() {
        match part {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            other => path.push(other),
        }
    }
}

/// How much longer a step makes a path.
fn steps_length(step: &str) -> usize {
    1 + step.len() + step.bytes().filter(|byte| matches!(byte, b'~' | b'/')).count()
}
