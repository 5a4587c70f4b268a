use super::*;
use crate::domain::document::environment::Environment;
use crate::domain::document::{ErrorKind, Place, arbitrary, definition};
use proptest::prelude::*;

fn parse(text: &str) -> Result<Json, DocumentError> {
    Json::parse(text.as_bytes(), &Limits::default())
}

fn written(text: &str) -> String {
    String::from_utf8(parse(text).unwrap().to_bytes()).unwrap()
}

#[test]
fn only_white_space_and_escapes_change() {
    let text =
        r#" { "b" : [ 1.0, 1e5, -0, 12345678901234567890123, -0.00E+07 ], "a": "\u00e9\/\ud834\udd1e\u0007\n", "a": null, "": {} } "#;
    let expected = "{\"b\":[1.0,1e5,-0,12345678901234567890123,-0.00E+07],\"a\":\"é/𝄞\\u0007\\n\",\"a\":null,\"\":{}}";
    assert_eq!(written(text), expected);
    assert_eq!(written(expected), expected);
    for scalar in ["null", "true", "0", "\"\"", "[]", "{}"] {
        assert_eq!(written(scalar), scalar);
    }
}

#[test]
fn the_last_of_several_keys_counts() {
    let mut json = parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(json.get("a"), Some(&Json::Number("3".into())));
    assert!(json.set("a", "new".into()));
    assert!(json.set("c", Json::Null));
    assert_eq!(json.to_bytes(), br#"{"a":"new","b":2,"c":null}"#);
    let mut json = parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(json.remove("a"), Some(Json::Number("3".into())));
    assert_eq!(json.remove("a"), None);
    assert_eq!(json.to_bytes(), br#"{"b":2}"#);
    assert!(!Json::Null.set("a", Json::Null));
}

#[test]
fn a_value_is_made_of_so_many_at_the_most() {
    let limits = Limits { values: 4, ..Limits::default() };
    let parse = |text: &str| Json::parse(text.as_bytes(), &limits).map_err(|error| (error.kind, error.pointer));
    assert!(parse("[0,{\"a\":[]}]").is_ok());
    assert_eq!(parse("[0,{\"a\":[0]}]"), Err((ErrorKind::TooMany, "/1/a/0".to_owned())));
    let refused = Environment::parse(b"{\"values\":[{\"key\":\"a\"},0]}", &limits).map_err(|error| error.kind);
    assert_eq!(refused.err(), Some(ErrorKind::TooMany));
    // What stays text in memory is not counted.
    let definition = definition::detect(br#"{"openapi":"3.1.0","info":{"title":"Pets"},"paths":{},"x":[0,0,0]}"#, &limits);
    assert_eq!(definition.ok().and_then(|definition| definition.title).as_deref(), Some("Pets"));
}

#[test]
fn numbers_are_rounded_for_those_who_cannot_hold_them() {
    let json = parse("[1,-0,1.50,1e999,-1e999,12345678901234567890123]").unwrap();
    let value = serde_json::json!([1, -0.0, 1.5, f64::MAX, f64::MIN, 12_345_678_901_234_567_890_123.0_f64]);
    assert_eq!(json.to_value(), value);
    let duplicates = parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(duplicates.to_value().to_string(), r#"{"a":3,"b":2}"#);
    assert_eq!(Json::from(duplicates.to_value()).to_bytes(), br#"{"a":3,"b":2}"#);
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let cases = [
        ("", "", 1, 1),
        ("{\"a\": [1, {\"b/c\": tru}]}", "/a/1/b~1c", 1, 19),
        ("{\"a\":\n [1,]}", "/a/1", 2, 4),
        ("{\"a\": \"\\ud800\"}", "/a", 1, 8),
        ("{\"a\": \"\\udc00\\ud800\"}", "/a", 1, 8),
        ("[01]", "/0", 1, 2),
        ("[1.]", "/0", 1, 2),
        ("[+1]", "/0", 1, 2),
        ("[NaN]", "/0", 1, 2),
        ("[\"a\tb\"]", "/0", 1, 4),
        ("{'a': 1}", "", 1, 2),
        ("[1] 2", "", 1, 5),
        ("{} // done", "", 1, 4),
        ("[1", "/1", 1, 3),
    ];
    for (text, pointer, line, column) in cases {
        let error = parse(text).unwrap_err();
        assert_eq!((error.kind, error.pointer.as_str()), (ErrorKind::NotJson, pointer), "{text}: {error}");
        let place = error.place.unwrap();
        assert_eq!(place.line, line, "{text}: {error}");
        assert!(place.column.abs_diff(column) <= 2, "{text}: {error}");
    }
    assert_eq!(parse("\u{feff}1").map_err(|error| error.kind), Ok(Json::Number("1".into())));
    assert_eq!(parse("[1,\0]").map_err(|error| error.place), Err(Some(Place { line: 1, column: 4 })));
}

#[test]
fn nesting_bytes_and_numbers_are_bounded() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse(&deep(512)).is_ok());
    assert_eq!(parse(&deep(513)).map_err(|error| error.kind), Err(ErrorKind::TooDeep));
    assert_eq!(parse(&"[".repeat(1_000_000)).map_err(|error| error.kind), Err(ErrorKind::TooDeep));
    assert!(parse(&"9".repeat(1_000)).is_ok());
    assert_eq!(parse(&format!("[{}]", "9".repeat(1_001))).map_err(|error| error.kind), Err(ErrorKind::TooLarge));
    let limits = Limits { bytes: 3, ..Limits::default() };
    assert_eq!(Json::parse(b"[1]", &limits).map_err(|error| error.kind), Ok(Json::Array(vec![Json::Number("1".into())])));
    assert_eq!(Json::parse(b"[10]", &limits).map_err(|error| error.kind), Err(ErrorKind::TooLarge));
}

#[test]
fn the_deepest_value_needs_little_stack() {
    let text = format!("{}{}{}", "[{\"a\":".repeat(256), 1, "}]".repeat(256));
    let work = move || {
        let json = parse(&text).unwrap();
        assert_eq!(json.to_bytes(), text.as_bytes());
        assert_eq!(Json::from(json.to_value()), json.clone());
    };
    std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(work).unwrap().join().unwrap();
}

proptest! {
    #[test]
    fn what_is_written_is_read_the_same(json in arbitrary::json(6)) {
        let bytes = json.to_bytes();
        prop_assert_eq!(Json::parse(&bytes, &Limits::default()), Ok(json.clone()));
        let pretty = arbitrary::pretty(&json);
        let read = Json::parse(pretty.as_bytes(), &Limits::default()).map(|json| json.to_bytes());
        prop_assert_eq!(read, Ok(bytes));
    }

    #[test]
    fn whatever_comes_is_read_as_serde_json_reads_it(text in "[\\[\\]{}\",:\\\\aeu0-9.+tfn -]{0,30}") {
        let read = parse(&text);
        let theirs = serde_json::from_str::<Value>(&text);
        prop_assert!(read.is_ok() || theirs.is_err(), "{:?} {:?}", read, theirs);
        if let (Ok(ours), Ok(theirs)) = (read, theirs) {
            prop_assert_eq!(ours.to_value(), theirs);
        }
    }
}
