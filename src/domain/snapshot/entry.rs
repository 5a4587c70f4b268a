//! An item as the two maps of a snapshot keep it.
//!
//! The *order map* has a key of parent, rank and id for each item, so that siblings lie together in their order; the *place map*
//! says of an id which parent and rank to look under. Keys are bytes that are ordered as what they stand for.

use super::bytes::{Reader, write_number, write_sized};
use super::node::{Payload, Record};
use super::{ItemId, Malformed, NodeHash, Rank, Summary};

/// An item of a snapshot: where it is, what it contains, and what lists show of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemEntry {
    /// The folder that it is in; none: at the top.
    pub parent: Option<ItemId>,
    /// Its place among its siblings.
    pub rank: Rank,
    /// Its id.
    pub id: ItemId,
    /// The node of its content.
    pub content: NodeHash,
    /// The bytes of its content in v2.1 form, without what lies in it.
    pub size: u32,
    /// What lists show of it.
    pub summary: Summary,
}

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder that it is in; none: at the top.
    pub parent: Option<ItemId>,
    /// Its place among its siblings.
    pub rank: Rank,
}

/// A place among siblings, to go on from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiblingKey {
    /// The rank of the sibling.
    pub rank: Rank,
    /// Its id.
    pub id: ItemId,
}

impl ItemEntry {
    /// The item as the order map keeps it.
    #[must_use]
    pub fn to_record(&self) -> Record {
        let mut value = Vec::with_capacity(48 + self.summary.name.len() + self.summary.url.as_ref().map_or(0, String::len));
        value.extend_from_slice(self.content.as_bytes());
        write_number(&mut value, u64::from(self.size));
        value.push(u8::from(self.summary.is_folder));
        let Summary { name, url, method, .. } = &self.summary;
        for text in [Some(name), url.as_ref(), method.as_ref()] {
            write_sized(&mut value, text.map_or(&[][..], |text| text.as_bytes()));
        }
        Record { key: self.order_key().into(), payload: Payload::Value(value.into()) }
    }

    /// The item as the order map keeps it, read.
    ///
    /// # Errors
    /// It is none.
    pub fn from_record(record: &Record) -> Result<Self, Malformed> {
        let (parent, rank, id) = read_order_key(&record.key)?;
        let mut reader = Reader::new(record.value()?);
        let content = reader.hash()?;
        let size = u32::try_from(reader.number()?).map_err(|_| Malformed("a size is too large"))?;
        let is_folder = reader.flag()?;
        let [name, url, method] = [reader.text()?, reader.text()?, reader.text()?];
        reader.end()?;
        let some = |text: String| (!text.is_empty()).then_some(text);
        Ok(Self { parent, rank, id, content, size, summary: Summary { name, url: some(url), method: some(method), is_folder } })
    }

    /// The item as the place map keeps it.
    #[must_use]
    pub fn to_place_record(&self) -> Record {
        let mut value = Vec::with_capacity(self.rank.as_bytes().len() + 1 + self.parent.as_ref().map_or(0, |id| id.as_str().len()));
        write_sized(&mut value, self.rank.as_bytes());
        value.extend(self.parent.iter().flat_map(|id| id.as_str().bytes()));
        Record { key: place_key(&self.id).into(), payload: Payload::Value(value.into()) }
    }

    /// The key in the order map.
    #[must_use]
    pub fn order_key(&self) -> Vec<u8> {
        order_key(self.parent.as_ref(), &self.rank, &self.id)
    }

    /// The place among the siblings.
    #[must_use]
    pub fn sibling_key(&self) -> SiblingKey {
        SiblingKey { rank: self.rank.clone(), id: self.id.clone() }
    }

    /// What the siblings are ordered by, over the whole collection: in the order of the keys of the order map.
    #[must_use]
    pub fn order(&self) -> (Option<&ItemId>, &Rank, &ItemId) {
        (self.parent.as_ref(), &self.rank, &self.id)
    }
}

impl Place {
    /// A place as the place map keeps it, read.
    ///
    /// # Errors
    /// It is none.
    pub fn from_record(record: &Record) -> Result<Self, Malformed> {
        let mut reader = Reader::new(record.value()?);
        let rank = Rank::from_bytes(reader.sized()?).ok_or(Malformed("no rank"))?;
        let parent = reader.rest();
        let parent = if parent.is_empty() { None } else { Some(read_id(parent)?) };
        Ok(Self { parent, rank })
    }
}

/// The summary with its texts cut to what one has of them, wherever it comes from: so nodes stay small.
#[must_use]
pub fn shortened(mut summary: Summary) -> Summary {
    for text in [Some(&mut summary.name), summary.url.as_mut(), summary.method.as_mut()].into_iter().flatten() {
        text.truncate(text.floor_char_boundary(Summary::LONGEST));
    }
    summary
}

/// The key of an item in the place map.
#[must_use]
pub fn place_key(id: &ItemId) -> Vec<u8> {
    id.as_str().as_bytes().to_vec()
}

/// The id that is the key of a record of the place map.
///
/// # Errors
/// The key is no id.
pub fn read_id(bytes: &[u8]) -> Result<ItemId, Malformed> {
    str::from_utf8(bytes).ok().and_then(|text| ItemId::parse(text).ok()).ok_or(Malformed("no id"))
}

/// The key of an item in the order map.
#[must_use]
pub fn order_key(parent: Option<&ItemId>, rank: &Rank, id: &ItemId) -> Vec<u8> {
    let mut key = children_start(parent);
    key.extend_from_slice(rank.as_bytes());
    key.push(0);
    key.extend_from_slice(id.as_str().as_bytes());
    key
}

/// What the keys of everything in this folder begin with; none: of everything at the top.
#[must_use]
pub fn children_start(parent: Option<&ItemId>) -> Vec<u8> {
    let Some(parent) = parent else { return vec![0] };
    let mut key = Vec::with_capacity(parent.as_str().len() * 2 + 64);
    key.push(1);
    for byte in parent.as_str().bytes() {
        key.push(byte);
        // So that a zero within an id is not taken for its end, and sorts behind it.
        if byte == 0 {
            key.push(0xff);
        }
    }
    key.extend([0, 0]);
    key
}

/// The first key behind everything in this folder.
#[must_use]
pub fn children_end(parent: Option<&ItemId>) -> Vec<u8> {
    let mut key = children_start(parent);
    if let Some(last) = key.last_mut() {
        *last += 1;
    }
    key
}

/// The first key of the siblings of this rank, and the first key behind them.
#[must_use]
pub fn equals_bounds(parent: Option<&ItemId>, rank: &Rank) -> (Vec<u8>, Vec<u8>) {
    let mut start = children_start(parent);
    start.extend_from_slice(rank.as_bytes());
    let mut end = start.clone();
    // A zero ends the rank in a key, and a longer rank goes on with one at least.
    start.push(0);
    end.push(1);
    (start, end)
}

/// The first key behind this one.
#[must_use]
pub fn behind(mut key: Vec<u8>) -> Vec<u8> {
    key.push(0);
    key
}

fn read_order_key(key: &[u8]) -> Result<(Option<ItemId>, Rank, ItemId), Malformed> {
    const CUT: Malformed = Malformed("a key is cut short");
    let (tag, mut rest) = key.split_first().ok_or(CUT)?;
    let parent = match tag {
        0 => None,
        1 => {
            let mut parent = Vec::with_capacity(rest.len());
            loop {
                match rest {
                    [0, 0, behind @ ..] => {
                        rest = behind;
                        break Some(read_id(&parent)?);
                    }
                    [0, 0xff, behind @ ..] => {
                        parent.push(0);
                        rest = behind;
                    }
                    [0, ..] | [] => return Err(CUT),
                    [byte, behind @ ..] => {
                        parent.push(*byte);
                        rest = behind;
                    }
                }
            }
        }
        _ => return Err(Malformed("no key of the order map")),
    };
    let end = rest.iter().position(|byte| *byte == 0).ok_or(CUT)?;
    let rank = Rank::from_bytes(&rest[..end]).ok_or(Malformed("no rank"))?;
    Ok((parent, rank, read_id(&rest[end + 1..])?))
}
