//! Merging the order of things that have keys.

use super::Sides;
use std::{collections::HashMap, hash::Hash};

/// The order of all that either side has and that is `kept`, and whether both changed the order of the same things, and differently.
///
/// What both have stands as the side has it that changed its order. What only one has follows what it follows there; where both have
/// something of their own at the same place, the smaller run comes first. Where both changed the order differently it is the smaller one:
/// with the order of one side as the base, the same call answers the order of the other one.
///
/// No key may come twice on a side.
pub fn merge_order<K: Ord + Clone + Hash>(sides: Sides<&[K]>, kept: impl Fn(&K) -> bool) -> (Vec<K>, bool) {
    if sides.parent == sides.fork {
        return (sides.parent.iter().filter(|key| kept(key)).cloned().collect(), false);
    }
    let places = sides.map(|keys| keys.iter().zip(0..).collect::<HashMap<&K, usize>>());
    let shared = |keys: &'_ [K], places: &HashMap<&K, usize>| keys.iter().filter(|key| places.contains_key(key)).cloned().collect();
    let parent: Vec<K> = shared(sides.parent, &places.fork);
    let fork: Vec<K> = shared(sides.fork, &places.parent);
    let (spine, differs) = if parent == fork {
        (parent, false)
    } else {
        match (is_ordered(&parent, &places.base), is_ordered(&fork, &places.base)) {
            (true, false) => (fork, false),
            (false, true) => (parent, false),
            _ => (parent.min(fork), true),
        }
    };
    let (parent, fork) = (own(sides.parent, &spine, &kept), own(sides.fork, &spine, &kept));
    let runs = parent.into_iter().zip(fork).map(|(parent, fork)| if parent <= fork { [parent, fork] } else { [fork, parent] });
    let mut spine = spine.into_iter().filter(&kept).map(Some).collect::<Vec<_>>().into_iter();
    let order = runs.flat_map(|runs| runs.into_iter().flatten().chain(spine.next().flatten())).collect();
    (order, differs)
}

/// Whether keys stand in the order of these places, those that have none left aside.
fn is_ordered<K: Eq + Hash>(keys: &[K], places: &HashMap<&K, usize>) -> bool {
    keys.iter().filter_map(|key| places.get(key)).is_sorted()
}

/// What a side has that is not on the spine: what comes before it, and what follows each of its keys.
fn own<K: Eq + Hash + Clone>(keys: &[K], spine: &[K], kept: impl Fn(&K) -> bool) -> Vec<Vec<K>> {
    let places: HashMap<&K, usize> = spine.iter().zip(1..).collect();
    let mut runs = vec![Vec::new(); spine.len() + 1];
    let mut at = 0;
    for key in keys {
        match places.get(key) {
            Some(place) => at = *place,
            None if kept(key) => runs.get_mut(at).into_iter().for_each(|run| run.push(key.clone())),
            None => {}
        }
    }
    runs
}
