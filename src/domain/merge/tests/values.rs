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

#[test]
fn what_both_added_is_merged_and_what_one_deleted_and_the_other_changed_is_not() {
    assert_eq!(merged("", r#"{"a":{"x":1}}"#, r#"{"a":{"y":2}}"#), (r#"{"a":{"x":1,"y":2}}"#.to_owned(), vec![]));
    assert_eq!(merged("", "1", "2").1, [""]);
    assert_eq!(merged("1", "", "1"), (String::new(), vec![]));
    assert_eq!(merged(r#"{"a":{"x":1}}"#, "{}", r#"{"a":{"x":2}}"#), ("{}".to_owned(), vec!["/a".to_owned()]));
    assert_eq!(merged(r#"{"a":[{"key":"k","v":1}]}"#, r#"{"a":[{"key":"k","v":2}]}"#, r#"{"a":[]}"#).1, ["/a/k"]);
}

#[test]
fn elements_are_told_apart_by_what_they_all_have() {
    for name in ["key", "listen", "id", "name"] {
        let [base, parent, fork] = ["1,2", "9,2", "1,8"].map(|values| {
            let (one, two) = values.split_once(',').expect("two values");
            format!(r#"[{{"{name}":"a","v":{one}}},{{"v":{two},"{name}":"b"}}]"#)
        });
        let expected = format!(r#"[{{"{name}":"a","v":9}},{{"v":8,"{name}":"b"}}]"#);
        assert_eq!(merged(&base, &parent, &fork), (expected, vec![]));
    }
    // Of some that have an id and some that have none it is the name.
    assert_eq!(
        merged(r#"[{"id":"1","name":"a"},{"name":"b"}]"#, r#"[{"id":"1","name":"a","v":1},{"name":"b"}]"#, r#"[{"id":"1","name":"a"}]"#).0,
        r#"[{"id":"1","name":"a","v":1}]"#
    );
    assert_eq!(merged("[1,2]", "[0,1,2]", "[1,2,3]"), ("[0,1,2]".to_owned(), vec![String::new()]));
    assert_eq!(merged(r#"[{"key":1}]"#, r#"[{"key":2}]"#, r#"[{"key":3}]"#).1, [""]);
}

#[test]
fn of_elements_with_one_key_it_is_only_known_which_is_which_if_all_have_as_many() {
    let base = r#"[{"key":"a","v":1,"w":1},{"key":"a","v":2,"w":2}]"#;
    let parent = r#"[{"key":"a","v":1,"w":9},{"key":"a","v":2,"w":2}]"#;
    assert_eq!(merged(base, parent, r#"[{"key":"a","v":8,"w":1},{"key":"a","v":2,"w":2}]"#).1, [] as [&str; 0]);
    assert_eq!(merged(base, parent, r#"[{"key":"a","v":2,"w":2}]"#).1, ["/a"]);
}

#[test]
fn order_is_merged_and_only_elements_have_one_that_means_something() {
    let array = |keys: &str| format!("[{}]", keys.chars().map(|key| format!(r#"{{"key":"{key}"}}"#)).collect::<Vec<_>>().join(","));
    let order = |base, parent, fork| {
        let (value, paths) = merged(&array(base), &array(parent), &array(fork));
        (value.chars().filter(|letter| "abcdxyz".contains(*letter) && *letter != 'k').collect::<String>().replace("ey", ""), paths)
    };
    let keys = |text: &str| array(text);
    assert_eq!(merged(&array("abcd"), &array("xabcd"), &array("abdc")), (keys("xabdc"), vec![]));
    assert_eq!(merged(&array("abcd"), &array("axbcd"), &array("azybcd")), (keys("axzybcd"), vec![]));
    assert_eq!(merged(&array("abcd"), &array("acd"), &array("dabc")), (keys("dac"), vec![]));
    assert_eq!(order("abc", "bac", "acb").1, ["/~order"]);

    let (base, parent, fork) = (read(&array("abc")), read(&array("bac")), read(&array("acb")));
    let sides = Sides { base: Some(&base), parent: Some(&parent), fork: Some(&fork) };
    let conflicts = merge_json(sides, "/header", &mut Decisions::default()).conflicts;
    let list = |keys: [&str; 3]| Some(Json::Array(keys.map(Json::from).into()));
    let [base_keys, parent_keys, fork_keys] = [["a", "b", "c"], ["b", "a", "c"], ["a", "c", "b"]].map(list);
    let path = "/header/~order".to_owned();
    assert_eq!(conflicts, [Conflict { path: path.clone(), base: base_keys, parent: parent_keys, fork: fork_keys, secret: false }]);
    for (side, expected) in [(Side::Parent, parent.clone()), (Side::Fork, fork.clone())] {
        let mut decisions = Decisions::new(Some(side.other()), [(path.clone(), side)]).expect("one path");
        assert_eq!(merge_json(sides, "/header", &mut decisions), Merged { value: Some(expected), conflicts: vec![] });
    }

    let members = merged(r#"{"a":1,"b":2,"c":3}"#, r#"{"c":3,"b":2,"a":1}"#, r#"{"b":2,"a":1,"c":3}"#);
    assert_eq!(members, (r#"{"b":2,"a":1,"c":3}"#.to_owned(), vec![]));
}

#[test]
fn two_kinds_of_an_authorization_or_a_body_are_not_mixed() {
    let base = r#"{"auth":{"type":"basic","basic":[]},"body":{"mode":"raw","raw":"a"}}"#;
    let parent = r#"{"auth":{"type":"bearer","bearer":[]},"body":{"mode":"raw","raw":"a","disabled":true}}"#;
    let fork = r#"{"auth":{"type":"basic","basic":[],"x":1},"body":{"mode":"file","file":{}}}"#;
    assert_eq!(merged(base, parent, fork).1, ["/auth", "/body"]);
    let same = r#"{"auth":{"type":"basic","basic":[{"key":"username","value":"ada"}]},"body":{"mode":"raw","raw":"b"}}"#;
    assert_eq!(merged(base, same, r#"{"auth":{"type":"basic","basic":[],"x":1},"body":{"mode":"raw","raw":"a"}}"#).1, [] as [&str; 0]);
}

#[test]
fn objects_with_a_key_twice_are_one_value() {
    let long = |last: &str| format!("{{{},{last}}}", (0..40).map(|key| format!(r#""k{key}":0"#)).collect::<Vec<_>>().join(","));
    assert_eq!(merged(r#"{"a":1,"b":1}"#, r#"{"a":2,"b":1}"#, r#"{"a":1,"b":1,"b":2}"#).1, [""]);
    assert_eq!(merged(&long(r#""a":1"#), &long(r#""a":2"#), &long(r#""a":1,"k7":1"#)).1, [""]);
    assert_eq!(merged(&long(r#""a":1"#), &long(r#""a":2"#), &long(r#""a":1,"b":1"#)).1, [] as [&str; 0]);
}

#[test]
fn what_is_too_deep_or_has_too_long_a_path_is_one_value() {
    let nested = |levels: usize, value: &str| format!("{}{value}{}", r#"{"a":{"b":0},"c":"#.repeat(levels), "}".repeat(levels));
    let (_, paths) = merged(&nested(500, "1"), &nested(500, "2"), &nested(500, "3"));
    assert_eq!(paths, ["/c".repeat(64)]);
    let elements = |levels: usize, value: &str| format!("{}{value}{}", r#"[{"key":"a","c":"#.repeat(levels), "}]".repeat(levels));
    assert_eq!(merged(&elements(250, "1"), &elements(250, "2"), &elements(250, "3")).1, ["/a/c".repeat(32)]);
    let long = |value: u8| format!(r#"{{"x":{{"{}":{value}}},"y":{value}}}"#, "/".repeat(500));
    assert_eq!(merged(&long(1), &long(2), &long(3)).1, ["/x", "/y"]);
}

#[test]
fn as_many_conflicts_are_told_as_anybody_can_read() {
    let many =
        |value: u8| format!("{{{}}}", (0..MOST_CONFLICTS + 5).map(|key| format!(r#""k{key}":{value}"#)).collect::<Vec<_>>().join(","));
    let [base, parent, fork] = [1, 2, 3].map(many).map(|text| read(&text));
    let sides = Sides { base: Some(&base), parent: Some(&parent), fork: Some(&fork) };
    let conflicts = merge_json(sides, "", &mut Decisions::default()).conflicts;
    assert_eq!(conflicts.len(), MOST_CONFLICTS);
    let mut decisions = Decisions::new(None, conflicts.into_iter().map(|conflict| (conflict.path, Side::Fork))).expect("each once");
    assert_eq!(merge_json(sides, "", &mut decisions).conflicts.len(), 5);
}

#[test]
fn decisions_remember_what_they_were_about() {
    let paths = [("/a", Side::Fork), ("/b", Side::Parent), ("/c", Side::Fork)].map(|(path, side)| (path.to_owned(), side));
    let mut decisions = Decisions::new(Some(Side::Parent), paths).expect("each once");
    assert_eq!((decisions.decide("/a"), decisions.decide("/d")), (Some(Side::Fork), Some(Side::Parent)));
    assert_eq!(decisions.unmet().collect::<Vec<_>>(), ["/b", "/c"]);
    let twice = [("/a".to_owned(), Side::Fork), ("/a".to_owned(), Side::Fork)];
    assert_eq!(Decisions::new(None, twice), Err(DuplicatePath("/a".to_owned())));
    assert_eq!(Decisions::default().decide("/a"), None);
}
