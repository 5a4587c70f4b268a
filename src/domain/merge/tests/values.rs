use super::*;

#[test]
fn what_only_one_side_changed_applies_by_itself() {
    let base = r#"{"name":"Pets","method":"GET","gone":1}"#;
    let parent = r#"{"name":"Pets","new":[],"method":"HEAD","gone":1}"#;
    let fork = r#"{"name":"All pets","method":"GET"}"#;
    assert_eq!(merged(base, parent, fork), (r#"{"name":"All pets","new":[],"method":"HEAD"}"#.to_owned(), vec![]));
}

#[test]
fn both_changed_it_differently_is_a_conflict_at_its_place() {
    let base = r#"{"request":{"header":[{"key":"Accept","value":"1"},{"key":"Accept","value":"2"}]},"a/b":{"~":0}}"#;
    let parent = r#"{"request":{"header":[{"key":"Accept","value":"1"},{"key":"Accept","value":"3"}]},"a/b":{"~":1}}"#;
    let fork = r#"{"request":{"header":[{"key":"Accept","value":"1"},{"key":"Accept","value":"4"}]},"a/b":{}}"#;
    let (value, paths) = merged(base, parent, fork);
    assert_eq!((value.as_str(), paths), (parent, vec!["/request/header/Accept~2/value".to_owned(), "/a~1b/~0".to_owned()]));
}
