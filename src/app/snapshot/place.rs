//! Places in lists of items, as cursors hold them.

use super::SearchKey;
use crate::app::paging::Key;
use crate::domain::document::collection::ItemId;
use crate::domain::snapshot::{Rank, SiblingKey};

impl Key for SiblingKey {
    fn to_bytes(self) -> Vec<u8> {
        // A rank has no zero in it.
        [self.rank.as_bytes(), &[0], self.id.as_str().as_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let (rank, id) = bytes.split_at(end);
        Some(Self { rank: Rank::from_bytes(rank)?, id: ItemId::parse(str::from_utf8(id.get(1..)?).ok()?).ok()? })
    }
}

impl Key for SearchKey {
    fn to_bytes(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self::from_bytes(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_survives_its_bytes(count in 1_usize..300, id in "[^\\p{C}]{1,20}") {
            let id = ItemId::parse(&id).expect("short enough");
            for rank in Rank::spread(count) {
                let key = SiblingKey { rank, id: id.clone() };
                prop_assert_eq!(<SiblingKey as Key>::from_bytes(&key.clone().to_bytes()), Some(key));
            }
        }

        #[test]
        fn any_bytes_are_a_place_or_none(bytes in any::<Vec<u8>>()) {
            let _ = <SiblingKey as Key>::from_bytes(&bytes);
        }
    }
}
