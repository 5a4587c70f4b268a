//! Changes of different things are no conflict, and hold both.

use super::*;
use proptest::prelude::*;

/// Something that a side does to a request.
#[derive(Debug, Clone)]
enum Change {
    /// Gives a member a value.
    Set(u8),
    /// Takes a member away.
    Unset(u8),
    /// Gives a member of a header a value.
    Header(u8, bool),
    /// Takes a header away.
    RemoveHeader(u8),
    /// Puts a header with a new key somewhere.
    AddHeader(u8, usize),
    /// Gives a parameter of the address a value.
    Parameter(u8),
}

/// What a change is about. Two changes of one thing are not disjoint.
fn subject(change: &Change) -> Vec<(u8, u8)> {
    match *change {
        Change::Set(member) | Change::Unset(member) => vec![(0, member)],
        Change::Header(header, is_value) => vec![(1 + u8::from(is_value), header)],
        Change::RemoveHeader(header) => vec![(1, header), (2, header)],
        Change::AddHeader(header, _) => vec![(3, header)],
        Change::Parameter(parameter) => vec![(4, parameter)],
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0_u8..8).prop_map(Change::Set),
        (0_u8..4).prop_map(Change::Unset),
        (0_u8..5, any::<bool>()).prop_map(|(header, is_value)| Change::Header(header, is_value)),
        (0_u8..5).prop_map(Change::RemoveHeader),
        (0_u8..5, 0_usize..5).prop_map(|(header, at)| Change::AddHeader(header, at)),
        (0_u8..4).prop_map(Change::Parameter),
    ]
}

fn base() -> Json {
    let headers: Vec<_> = (0..5).map(|key| format!(r#"{{"key":"h{key}","value":"","description":""}}"#)).collect();
    let parameters: Vec<_> = (0..4).map(|key| format!(r#"{{"key":"p{key}","value":"0"}}"#)).collect();
    read(&format!(
        r#"{{"m0":0,"m1":{{}},"header":[{}],"m2":[1,2],"m3":"x","url":{{"raw":"https://h.test/a?p0=0&p1=0&p2=0&p3=0","protocol":"https","host":["h","test"],"path":["a"],"query":[{}]}}}}"#,
        headers.join(","),
        parameters.join(",")
    ))
}

fn apply(request: &mut Json, change: &Change) {
    match *change {
        Change::Set(member) => {
            request.set(&format!("m{member}"), format!("new {member}").as_str().into());
        }
        Change::Unset(member) => drop(request.remove(&format!("m{member}"))),
        Change::Header(header, is_value) => {
            if let Some(header) = headers(request).iter_mut().find(|element| is_header(element, header)) {
                header.set(if is_value { "value" } else { "description" }, "new".into());
            }
        }
        Change::RemoveHeader(header) => headers(request).retain(|element| !is_header(element, header)),
        Change::AddHeader(header, at) => {
            let at = at.min(headers(request).len());
            headers(request).insert(at, read(&format!(r#"{{"key":"new{header}"}}"#)));
        }
        Change::Parameter(parameter) => {
            let url = request.get_mut("url").expect("an address");
            let raw =
                url.get("raw").and_then(Json::as_str).expect("a text").replace(&format!("p{parameter}=0"), &format!("p{parameter}=new"));
            url.set("raw", raw.as_str().into());
            let query = url.get_mut("query").and_then(Json::as_array_mut).expect("parameters");
            query[usize::from(parameter)].set("value", "new".into());
        }
    }
}

fn headers(request: &mut Json) -> &mut Vec<Json> {
    request.get_mut("header").and_then(Json::as_array_mut).expect("headers")
}

fn is_header(element: &Json, header: u8) -> bool {
    element.get("key").and_then(Json::as_str) == Some(&format!("h{header}"))
}

/// A value without the order of its members and headers, which says where something was added.
fn unordered(mut request: Json) -> Json {
    headers(&mut request).sort_by_key(Json::to_bytes);
    if let Some(members) = request.as_object_mut() {
        members.sort_by(|one, other| one.0.cmp(&other.0));
    }
    request
}

proptest! {
    #[test]
    fn changes_of_different_things_hold_both(changes in prop::collection::vec((change(), any::<bool>()), 0..12)) {
        let mut seen = std::collections::HashSet::new();
        let (mut parent, mut fork, mut both) = (base(), base(), base());
        for (change, parents) in changes {
            if subject(&change).into_iter().all(|subject| seen.insert(subject)) {
                apply(if parents { &mut parent } else { &mut fork }, &change);
                apply(&mut both, &change);
            }
        }
        let base = base();
        let merged = merge_json(Sides { base: Some(&base), parent: Some(&parent), fork: Some(&fork) }, "", &mut Decisions::default());
        prop_assert_eq!(merged.conflicts, vec![]);
        prop_assert_eq!(merged.value.map(unordered), Some(unordered(both)));
    }
}
