//! Reading a collection item by item.

use super::{
    convert::{Node, Version, convert},
    ids::ItemId,
    summary::{Summary, summarize},
};
use crate::domain::document::{
    DocumentError, ErrorKind, Limits, ReadError,
    json::Canonical,
    raw,
    tokens::{Build, Container, Tokens},
};
use std::io::Read;
use struson::reader::ValueType;

/// An item of a collection, handed out when its object ends: after everything that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadItem {
    /// Its number in pre-order: every folder is counted before what is in it, from zero.
    pub handle: u32,
    /// The handle of the folder that it is in. None at the top.
    pub parent: Option<u32>,
    /// Its place among its siblings, from zero.
    pub position: u32,
    /// Its id in the file, if it has one that can be used.
    pub id: Option<ItemId>,
    /// What a list shows of it.
    pub summary: Summary,
    /// Its canonical bytes; a folder's `item` array is empty.
    pub content: Vec<u8>,
    /// How many bytes the content takes in version 2.1.
    pub size: u64,
}

/// A collection, without its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCollection {
    /// Its canonical bytes; its `item` array is empty.
    pub head: Vec<u8>,
    /// How many bytes the head takes in version 2.1.
    pub size: u64,
    /// The version that it is written in.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// Its description, if it has one that is text.
    pub description: Option<String>,
    /// Its own id, if it has one: what ids of its items are minted from.
    pub postman_id: Option<String>,
    /// How many items it has, folders and requests together.
    pub items: u32,
}

/// Reads a collection, and hands out every item on the way: first the items of a folder, then the folder.
///
/// No more of the document is in memory than the item that is read and what was read of the folders around it. What is wrong with the
/// document may be found only after items were handed out.
///
/// # Errors
/// What is wrong with the document and where; that the bytes did not come; or what `sink` answered.
pub fn read_collection<E>(
    reader: impl Read,
    limits: &Limits,
    sink: &mut impl FnMut(ReadItem) -> Result<(), E>,
) -> Result<ReadCollection, ReadError<E>> {
    let mut reading = Reading { tokens: Tokens::new(reader, limits), limits, open: Vec::new(), items: 0, info: None };
    reading.begin().map_err(ReadError::widen)?;
    let head = loop {
        match reading.step().map_err(ReadError::widen)? {
            Step::On => {}
            Step::Item(item) => sink(item.into_item()).map_err(ReadError::Sink)?,
            Step::End(head) => break head,
        }
    };
    reading.finish(head).map_err(ReadError::widen)
}

/// What `info` says.
struct Info {
    version: Version,
    name: String,
    description: Option<String>,
    postman_id: Option<String>,
}

/// An object that is being read: an item, or the collection itself.
struct Open {
    handle: u32,
    parent: Option<u32>,
    position: u32,
    content: Vec<u8>,
    has_item: bool,
    in_children: bool,
    children: u32,
}

impl Open {
    fn new(handle: u32, parent: Option<u32>, position: u32) -> Self {
        Self { handle, parent, position, content: vec![b'{'], has_item: false, in_children: false, children: 0 }
    }

    fn into_item(self) -> ReadItem {
        let (summary, id) = summarize(&self.content);
        let size = size(&self.content, Node::Item);
        ReadItem { handle: self.handle, parent: self.parent, position: self.position, id, summary, content: self.content, size }
    }
}

fn size(content: &[u8], node: Node) -> u64 {
    u64::try_from(convert(content, node, Version::V2_1).len()).unwrap_or(u64::MAX)
}

enum Step {
    On,
    Item(Open),
    End(Open),
}

struct Reading<'a, R: Read> {
    tokens: Tokens<R>,
    limits: &'a Limits,
    /// The collection, then the folders around the item that is read, then the item.
    open: Vec<Open>,
    items: u32,
    info: Option<Info>,
}

impl<R: Read> Reading<'_, R> {
    fn begin(&mut self) -> Result<(), ReadError> {
        if self.tokens.peek()? != ValueType::Object {
            return Err(self.tokens.refuse(ErrorKind::WrongShape, "a collection is an object"));
        }
        self.tokens.open(Container::Object)?;
        self.open.push(Open::new(0, None, 0));
        Ok(())
    }

    fn step(&mut self) -> Result<Step, ReadError> {
        let is_collection = self.open.len() == 1;
        let more = self.tokens.has_next()?;
        let Some(open) = self.open.last_mut() else {
            return Err(self.tokens.refuse(ErrorKind::NotJson, "the document ends too early"));
        };
        match (open.in_children, more) {
            (true, true) => self.child()?,
            (true, false) => {
                self.tokens.close(Container::Array)?;
                open.in_children = false;
            }
            (false, true) => self.member(is_collection)?,
            (false, false) => {
                self.tokens.close(Container::Object)?;
                open.content.push(b'}');
                if let Some(open) = self.open.pop() {
                    return Ok(if is_collection { Step::End(open) } else { Step::Item(open) });
                }
            }
        }
        Ok(Step::On)
    }

    /// Begins the next item of the folder that is read.
    fn child(&mut self) -> Result<(), ReadError> {
        if self.tokens.peek()? != ValueType::Object {
            return Err(self.tokens.refuse(ErrorKind::WrongShape, "an item is an object"));
        }
        if self.items >= self.limits.items {
            return Err(self.tokens.refuse(ErrorKind::TooMany, format!("the collection has more than {} items", self.limits.items)));
        }
        let is_top = self.open.len() == 1;
        let Some(folder) = self.open.last_mut() else { return Ok(()) };
        let open = Open::new(self.items, (!is_top).then_some(folder.handle), folder.children);
        folder.children += 1;
        self.items += 1;
        self.open.push(open);
        self.tokens.open(Container::Object)
    }

    fn member(&mut self, is_collection: bool) -> Result<(), ReadError> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let name = self.tokens.name()?;
        let (is_item, is_info) = (name == "item", is_collection && name == "info");
        Canonical(&mut open.content).name(name);
        if is_item {
            self.children(is_collection)
        } else if is_info {
            self.info()
        } else {
            self.tokens.value(&mut Canonical(&mut open.content))
        }
    }

    /// Begins what is in a folder, or in the collection.
    fn children(&mut self, is_collection: bool) -> Result<(), ReadError> {
        let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        let kind = self.tokens.peek()?;
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        if open.has_item {
            return Err(self.tokens.refuse(ErrorKind::WrongShape, "\"item\" is given twice"));
        }
        open.has_item = true;
        match kind {
            // The collection itself is no folder: its children lie at no depth.
            ValueType::Array if depth <= self.limits.depth.saturating_add(1) => {
                self.tokens.open(Container::Array)?;
                open.content.extend_from_slice(b"[]");
                open.in_children = true;
                Ok(())
            }
            ValueType::Array => {
                Err(self.tokens.refuse(ErrorKind::TooDeep, format!("folders are nested deeper than {} levels", self.limits.depth)))
            }
            // A request may say that it is no folder.
            ValueType::Null if !is_collection => self.tokens.value(&mut Canonical(&mut open.content)),
            _ => Err(self.tokens.refuse(ErrorKind::WrongShape, "\"item\" is an array of items")),
        }
    }

    fn info(&mut self) -> Result<(), ReadError> {
        let place = {
            self.tokens.peek()?;
            self.tokens.place()
        };
        if self.info.is_some() {
            return Err(self.tokens.refuse(ErrorKind::WrongShape, "\"info\" is given twice"));
        }
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let start = open.content.len();
        self.tokens.value(&mut Canonical(&mut open.content))?;
        self.info = Some(info(&open.content[start..]).map_err(|error| error.placed(place))?);
        Ok(())
    }

    fn finish(self, head: Open) -> Result<ReadCollection, ReadError> {
        self.tokens.finish()?;
        let info = self.info.ok_or_else(|| without_info(&head.content))?;
        if !head.has_item {
            return Err(wrong("/item", "a collection has an array \"item\"").into());
        }
        Ok(ReadCollection {
            size: size(&head.content, Node::Head),
            head: head.content,
            version: info.version,
            name: info.name,
            description: info.description,
            postman_id: info.postman_id,
            items: self.items,
        })
    }
}

fn wrong(pointer: &str, message: &str) -> DocumentError {
    DocumentError::new(ErrorKind::WrongShape, message).at(pointer)
}

fn info(info: &[u8]) -> Result<Info, DocumentError> {
    if info.first() != Some(&b'{') {
        return Err(wrong("/info", "\"info\" is an object"));
    }
    let text = |name| raw::get(info, name).and_then(raw::text);
    let name = text("name").ok_or_else(|| wrong("/info/name", "a collection has a name, which is text"))?;
    let schema = text("schema").ok_or_else(|| wrong("/info/schema", "a collection names the schema of its version"))?;
    let version = Version::of_schema(&schema).ok_or_else(|| {
        let message = "only collections of version 2.0.0 and 2.1.0 are read, and this is the schema of neither";
        DocumentError::new(ErrorKind::UnsupportedVersion, message).at("/info/schema")
    })?;
    let description =
        raw::get(info, "description").and_then(|value| raw::text(value).or_else(|| raw::get(value, "content").and_then(raw::text)));
    Ok(Info { version, name: name.into_owned(), description: description.map(Into::into), postman_id: text("_postman_id").map(Into::into) })
}

fn without_info(head: &[u8]) -> DocumentError {
    let is_first_version = raw::members(head).any(|member| matches!(member.name, b"order" | b"folders" | b"requests"));
    if is_first_version {
        let message = "this is a collection of version 1, which is not read: export it as version 2.1 from where it was made";
        DocumentError::new(ErrorKind::UnsupportedVersion, message)
    } else {
        wrong("/info", "a collection has an object \"info\"")
    }
}
