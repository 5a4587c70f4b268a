//! The nodes of a snapshot, and their bytes.
//!
//! A node is a byte for the version of the form, one for the kind, and what it holds. The records of a map's node are in the order
//! of their keys, and each key is written without what it shares with the one before: siblings name their parent once.

use super::bytes::{Reader, write_number, write_sized};
use super::chunk::{MAX_RECORDS, Salt};
use super::{Malformed, NodeHash};

/// The version of the form.
const VERSION: u8 = 1;
const ROOT: u8 = 1;

/// Which of the two maps a node belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapKind {
    /// From parent, rank and id to the item.
    Order,
    /// From id to parent and rank.
    Place,
}

impl MapKind {
    const fn byte(self, is_leaf: bool) -> u8 {
        match (self, is_leaf) {
            (Self::Order, true) => 2,
            (Self::Order, false) => 3,
            (Self::Place, true) => 4,
            (Self::Place, false) => 5,
        }
    }
}

/// What a record of a node holds under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// In a leaf: the value.
    Value(Box<[u8]>),
    /// Above: the node whose last key this is.
    Link {
        /// The node.
        child: NodeHash,
        /// How many values lie below it.
        count: u64,
    },
}

/// A key, and what lies under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The key.
    pub key: Box<[u8]>,
    /// What lies under it.
    pub payload: Payload,
}

impl Record {
    /// How many values lie under the key.
    #[must_use]
    pub const fn count(&self) -> u64 {
        match self.payload {
            Payload::Value(_) => 1,
            Payload::Link { count, .. } => count,
        }
    }

    /// The value.
    ///
    /// # Errors
    /// It is a link.
    pub const fn value(&self) -> Result<&[u8], Malformed> {
        match &self.payload {
            Payload::Value(value) => Ok(value),
            Payload::Link { .. } => Err(Malformed("a link where a value should be")),
        }
    }

    /// The node below.
    ///
    /// # Errors
    /// It is a value.
    pub const fn child(&self) -> Result<NodeHash, Malformed> {
        match self.payload {
            Payload::Link { child, .. } => Ok(child),
            Payload::Value(_) => Err(Malformed("a value where a link should be")),
        }
    }
}

/// A node of a map: a leaf with values, or above it one with links. It has a record at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    kind: MapKind,
    level: u8,
    records: Vec<Record>,
}

impl Node {
    /// The node of these records, which are in the order of their keys.
    #[must_use]
    pub const fn new(kind: MapKind, level: u8, records: Vec<Record>) -> Self {
        Self { kind, level, records }
    }

    /// Which map it belongs to.
    #[must_use]
    pub const fn kind(&self) -> MapKind {
        self.kind
    }

    /// How far it is above the leaves.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// What it holds.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How many values lie in it and below.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.records.iter().map(Record::count).fold(0, u64::saturating_add)
    }

    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.kind.byte(self.level == 0), self.level];
        write_number(&mut bytes, self.records.len() as u64);
        let mut previous: &[u8] = &[];
        for Record { key, payload } in &self.records {
            let shared = shared_length(previous, key);
            write_number(&mut bytes, shared as u64);
            write_sized(&mut bytes, &key[shared..]);
            match payload {
                Payload::Value(value) => write_sized(&mut bytes, value),
                Payload::Link { child, count } => {
                    bytes.extend_from_slice(child.as_bytes());
                    write_number(&mut bytes, *count);
                }
            }
            previous = key;
        }
        bytes
    }

    /// The node of these bytes.
    ///
    /// # Errors
    /// They are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let (kind, level) = read_head(&mut reader)?;
        let count = reader.length()?;
        if !(1..=MAX_RECORDS).contains(&count) {
            return Err(Malformed("no number of records that a node may have"));
        }
        let mut records: Vec<Record> = Vec::with_capacity(count);
        for _ in 0..count {
            let previous = records.last().map_or(&[][..], |record| &record.key);
            let key = read_key(&mut reader, previous)?;
            let payload = if level == 0 {
                Payload::Value(reader.sized()?.into())
            } else {
                Payload::Link { child: reader.hash()?, count: reader.number()? }
            };
            records.push(Record { key, payload });
        }
        reader.end()?;
        Ok(Self { kind, level, records })
    }
}

fn read_head(reader: &mut Reader<'_>) -> Result<(MapKind, u8), Malformed> {
    let [version, kind, level] = reader.array()?;
    if version != VERSION {
        return Err(Malformed("no version that is known"));
    }
    let kind = [MapKind::Order, MapKind::Place].into_iter().find(|one| one.byte(level == 0) == kind);
    Ok((kind.ok_or(Malformed("no node of a map"))?, level))
}

fn read_key(reader: &mut Reader<'_>, previous: &[u8]) -> Result<Box<[u8]>, Malformed> {
    let shared = reader.length()?;
    let start = previous.get(..shared).ok_or(Malformed("a key shares more than there is"))?;
    let key = [start, reader.sized()?].concat();
    if key.as_slice() <= previous || shared_length(previous, &key) != shared {
        return Err(Malformed("keys are out of order"));
    }
    Ok(key.into())
}

fn shared_length(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// What a collection is at one moment: the node that a revision names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// What decides with the keys where nodes end.
    pub salt: Salt,
    /// The node of the collection's own content, without its items.
    pub head: NodeHash,
    /// The bytes of that content in v2.1 form.
    pub head_size: u64,
    /// The root of the order map; none: there is no item.
    pub order: Option<NodeHash>,
    /// The root of the place map; none: there is no item.
    pub place: Option<NodeHash>,
    /// How many items there are.
    pub items: u64,
    /// The bytes of the head and all items in v2.1 form, with the commas between them.
    pub size: u64,
}

impl Root {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, ROOT];
        bytes.extend_from_slice(self.salt.as_bytes());
        bytes.extend_from_slice(self.head.as_bytes());
        write_number(&mut bytes, self.head_size);
        for map in [self.order, self.place] {
            bytes.push(u8::from(map.is_some()));
            bytes.extend(map.iter().flat_map(NodeHash::as_bytes));
        }
        write_number(&mut bytes, self.items);
        write_number(&mut bytes, self.size);
        bytes
    }

    /// The root of these bytes.
    ///
    /// # Errors
    /// They are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.array()? != [VERSION, ROOT] {
            return Err(Malformed("no root of a version that is known"));
        }
        let salt = Salt::new(reader.array()?);
        let head = reader.hash()?;
        let head_size = reader.number()?;
        let order = if reader.flag()? { Some(reader.hash()?) } else { None };
        let place = if reader.flag()? { Some(reader.hash()?) } else { None };
        let (items, size) = (reader.number()?, reader.number()?);
        reader.end()?;
        if order.is_some() != place.is_some() || order.is_some() != (items > 0) {
            return Err(Malformed("the maps of a root do not go together"));
        }
        Ok(Self { salt, head, head_size, order, place, items, size })
    }
}

/// What a node needs to be kept for its sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A node of a map, which needs others in turn.
    Node(NodeHash),
    /// The content of an item or of a collection: bytes that need nothing.
    Content(NodeHash),
}

/// What the root or the node of a map with these bytes needs. Contents are never asked: they may be any bytes.
///
/// # Errors
/// They are neither.
pub fn references(bytes: &[u8]) -> Result<Vec<Reference>, Malformed> {
    if bytes.get(1) == Some(&ROOT) {
        let root = Root::decode(bytes)?;
        let maps = root.order.into_iter().chain(root.place).map(Reference::Node);
        return Ok([Reference::Content(root.head)].into_iter().chain(maps).collect());
    }
    let node = Node::decode(bytes)?;
    match (node.level, node.kind) {
        (0, MapKind::Place) => Ok(Vec::new()),
        (0, MapKind::Order) => node.records.iter().map(|record| Ok(Reference::Content(Reader::new(record.value()?).hash()?))).collect(),
        _ => node.records.iter().map(|record| record.child().map(Reference::Node)).collect(),
    }
}
