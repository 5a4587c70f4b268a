//! Writing a collection node by node.

use super::convert::{Node, Version, convert};
use crate::domain::document::raw;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Writes a collection from the contents of its nodes, in the order in which they stand: a folder before what is in it.
///
/// It keeps nothing in memory but what follows the children of the folders that are open.
#[derive(Debug)]
pub struct CollectionWriter<W> {
    writer: W,
    /// The version to convert nodes to, if they are not of it.
    to: Option<Version>,
    open: Vec<Level>,
}

/// A folder, or the collection, of which the children are being written.
#[derive(Debug)]
struct Level {
    rest: Vec<u8>,
    has_children: bool,
}

impl<W: Write> CollectionWriter<W> {
    /// Writes a collection of version `from` to `writer`, in version `to`. If they are the same, nodes are written as they are.
    pub fn new(writer: W, from: Version, to: Version) -> Self {
        Self { writer, to: (from != to).then_some(to), open: Vec::new() }
    }

    /// Begins the collection with its head.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn begin(&mut self, head: &[u8]) -> io::Result<()> {
        self.enter(&converted(head, Node::Head, self.to))
    }

    /// Writes an item that has no children.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn item(&mut self, content: &[u8]) -> io::Result<()> {
        self.separate()?;
        self.writer.write_all(&converted(content, Node::Item, self.to))
    }

    /// Begins a folder. What is written next is in it.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn begin_folder(&mut self, content: &[u8]) -> io::Result<()> {
        self.separate()?;
        self.enter(&converted(content, Node::Item, self.to))
    }

    /// Ends the folder that was begun last.
    ///
    /// # Errors
    /// What the writer answers, or that no folder is open.
    pub fn end_folder(&mut self) -> io::Result<()> {
        if self.open.len() < 2 {
            return Err(misused("no folder is open"));
        }
        self.leave()
    }

    /// Ends the collection, and gives the writer back.
    ///
    /// # Errors
    /// What the writer answers, or that a folder is still open or nothing was begun.
    pub fn finish(mut self) -> io::Result<W> {
        if self.open.len() != 1 {
            return Err(misused("a folder is still open, or there is no collection"));
        }
        self.leave()?;
        Ok(self.writer)
    }

    fn separate(&mut self) -> io::Result<()> {
        let level = self.open.last_mut().ok_or_else(|| misused("there is no collection"))?;
        if std::mem::replace(&mut level.has_children, true) {
            self.writer.write_all(b",")?;
        }
        Ok(())
    }

    fn enter(&mut self, content: &[u8]) -> io::Result<()> {
        let place = raw::members(content).find(|member| member.name == b"item" && member.value == b"[]").map(|member| member.at.start + 1);
        let rest = if let Some(at) = place {
            self.writer.write_all(&content[..at])?;
            content[at..].to_vec()
        } else {
            self.enter_without_place(content)?
        };
        self.open.push(Level { rest, has_children: false });
        Ok(())
    }

    /// A node that never had children has no place for them: they come last.
    fn enter_without_place(&mut self, content: &[u8]) -> io::Result<Vec<u8>> {
        let before = content.strip_suffix(b"}").ok_or_else(|| misused("the content of a node is an object"))?;
        self.writer.write_all(before)?;
        self.writer.write_all(if before == b"{" { b"\"item\":[" } else { b",\"item\":[" })?;
        Ok(b"]}".to_vec())
    }

    fn leave(&mut self) -> io::Result<()> {
        let level = self.open.pop().ok_or_else(|| misused("nothing is open"))?;
        self.writer.write_all(&level.rest)
    }
}

fn converted(content: &[u8], node: Node, to: Option<Version>) -> Cow<'_, [u8]> {
    to.map_or(Cow::Borrowed(content), |to| convert(content, node, to))
}

fn misused(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_written_where_their_place_is() -> io::Result<()> {
        let mut writer = CollectionWriter::new(Vec::new(), Version::V2_1, Version::V2_1);
        writer.begin(br#"{"item":[],"info":{"item":[]}}"#)?;
        writer.begin_folder(br#"{"a":{"item":[]},"item":[],"b":"\"item\":[]"}"#)?;
        writer.item(br#"{"c":1}"#)?;
        writer.begin_folder(br#"{"item":[]}"#)?;
        writer.end_folder()?;
        writer.end_folder()?;
        writer.begin_folder(br#"{"never":"a folder"}"#)?;
        writer.item(b"{}")?;
        writer.end_folder()?;
        writer.begin_folder(b"{}")?;
        writer.end_folder()?;
        let expected = concat!(
            r#"{"item":[{"a":{"item":[]},"item":[{"c":1},{"item":[]}],"b":"\"item\":[]"},"#,
            r#"{"never":"a folder","item":[{}]},{"item":[]}],"info":{"item":[]}}"#
        );
        assert_eq!(String::from_utf8_lossy(&writer.finish()?), expected);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_together_is_an_error() {
        let mut writer = CollectionWriter::new(Vec::new(), Version::V2_1, Version::V2_1);
        assert!(writer.item(b"{}").is_err());
        assert!(writer.begin(b"[]").is_err());
        assert!(writer.begin(b"{}").is_ok());
        assert!(writer.end_folder().is_err());
        assert!(writer.begin_folder(b"{}").is_ok());
        assert!(writer.finish().is_err());
    }
}
