use super::*;
use crate::domain::document::environment::Environment;

fn lines(base: &str, parent: &str, fork: &str) -> Option<String> {
    merge_lines(Sides { base, parent, fork })
}

#[test]
fn texts_are_merged_by_lines() {
    let base = "one\ntwo\nthree\nfour\nfive";
    assert_eq!(lines(base, "1\ntwo\nthree\nfour\nfive", "one\ntwo\nthree\nfour\n5\nsix").as_deref(), Some("1\ntwo\nthree\nfour\n5\nsix"));
    assert_eq!(lines(base, "1\ntwo\nthree\nfour\nfive", "I\ntwo\nthree\nfour\nfive"), None);
    assert_eq!(lines("one\ntwo", "one\ntwo\n", "zero\none\ntwo").as_deref(), Some("zero\none\ntwo\n"));
    assert_eq!(lines("a\nb", "a", "b"), None, "each took away what the other one left");
    assert_eq!(lines("a\r\nb\r\nc\r\nd", "a\r\nb\r\nc\r\nD", "A\r\nb\r\nc\r\nd").as_deref(), Some("A\r\nb\r\nc\r\nD"));
}

#[test]
fn texts_are_merged_by_lines_only_as_far_as_it_is_worth_the_time() {
    let text = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<Vec<_>>().join("\n");
    let usual = |count| text(count, &|at| format!("    a line of a script such as people write, {at}"));
    let merge = |base: String| lines(&base, &format!("first\n{base}"), &format!("{base}\nlast"));
    assert_eq!(merge(usual(1_999)), Some(format!("first\n{}\nlast", usual(1_999))));
    assert_eq!(merge(usual(2_000)), None);
    assert_eq!(merge(format!("a\n{}", "b".repeat(256 * 1024))), None);
    let other = |of: usize| text(1_000, &|at| ((at * at * of + at) % 23).to_string());
    assert_eq!(lines(&other(1), &other(2), &other(3)), None);
    let moved = |by: usize| text(1_000, &|at| format!("{}", (at + by) % 1_000));
    assert_eq!(lines(&moved(0), &moved(1), &moved(0)).as_deref(), Some(&*moved(1)));
}

#[test]
fn scripts_are_merged_by_lines_whatever_a_line_holds() {
    let script = |lines: [&str; 5]| format!(r#"{{"exec":{}}}"#, text(&Json::Array(lines.map(Json::from).into())));
    let base = script(["a", "\\n\\", "b\nc", "d", ""]);
    let parent = script(["A", "\\n\\", "b\nc", "d", ""]);
    let fork = script(["a", "\\n\\", "b\nc", "D", ""]);
    assert_eq!(merged(&base, &parent, &fork), (script(["A", "\\n\\", "b\nc", "D", ""]), vec![]));
    assert_eq!(merged(&base, &parent, &script(["1", "\\n\\", "b\nc", "d", ""])).1, ["/exec"]);
    assert_eq!(merged(&base, &parent, r#"{"exec":"a"}"#).1, ["/exec"]);
    let added = merged(r#"{"exec":["a"]}"#, r#"{"exec":["a","x",""]}"#, r#"{"exec":["","a"]}"#);
    assert_eq!(added, (r#"{"exec":["","a","x",""]}"#.to_owned(), vec![]));
    let elsewhere = |text: &str| text.replace("exec", "path");
    assert_eq!(merged(&elsewhere(&base), &elsewhere(&parent), &elsewhere(&fork)).1, ["/path"]);
}

#[test]
fn a_body_that_is_json_stays_it() {
    let body = |text: &str| self::text(&Json::Object(vec![("raw".into(), text.into())]));
    let base = body("{\n\"a\":1\n}");
    let (parent, fork) = (body("{\n\"x\":2,\n\"a\":1\n}"), body("{\n\"a\":1,\n\"y\":3\n}"));
    assert_eq!(merged(&base, &parent, &fork).1, ["/raw"], "lines beside each other");
    let base = body("{\n\"a\":1,\n\"b\":1,\n\"c\":1\n}");
    let twice = merged(&base, &body("{\n\"x\":1,\n\"a\":1,\n\"b\":1,\n\"c\":1\n}"), &body("{\n\"a\":1,\n\"b\":1,\n\"x\":2,\n\"c\":1\n}"));
    assert_eq!(twice.1, ["/raw"], "both added the same key");
    let both = merged(&base, &body("{\n\"x\":1,\n\"a\":1,\n\"b\":1,\n\"c\":1\n}"), &body("{\n\"a\":1,\n\"b\":1,\n\"y\":2,\n\"c\":1\n}"));
    assert_eq!(both, (body("{\n\"x\":1,\n\"a\":1,\n\"b\":1,\n\"y\":2,\n\"c\":1\n}"), vec![]));
}

#[test]
fn an_address_follows_from_its_parts() {
    let url = |raw: &str, path: &str, query: [&str; 2]| {
        let [one, two] = query;
        format!(
            r#"{{"url":{{"raw":"{raw}","protocol":"https","host":["h","test"],"port":"8","path":["{path}"],"query":[{{"key":"one","value":"{one}"}},{{"key":"two","value":"{two}"}},{{"key":"off","value":"","disabled":true}}],"hash":"end"}}}}"#
        )
    };
    let good = |path: &str, one: &str, two: &str| url(&format!("https://h.test:8/{path}?one={one}&two={two}#end"), path, [one, two]);
    assert_eq!(merged(&good("a", "1", "2"), &good("a", "x", "2"), &good("b", "1", "y")), (good("b", "x", "y"), vec![]));
    assert_eq!(merged(&good("a", "1", "2"), &good("b", "1", "2"), &good("c", "1", "2")).1, ["/url/path"]);
    // Where it does not follow it is a value, and where both changed it there is no telling which parts belong to it.
    let odd = url("{{odd}}", "a", ["1", "2"]);
    assert_eq!(merged(&odd, &url("{{odd}}", "a", ["x", "2"]), &good("b", "1", "2")).1, [] as [&str; 0]);
    assert_eq!(merged(&odd, &good("a", "x", "2"), &good("b", "1", "2")).1, ["/url"]);
}

fn environment(text: &str) -> Environment {
    Environment::parse(text.as_bytes(), &Limits::default()).expect(text)
}

#[test]
fn environments_are_merged_by_variables() {
    let read = |name: &str, host: &str, more: &str| {
        environment(&format!(r#"{{"name":"{name}","values":[{{"key":"host","value":"{host}","enabled":true}}{more}]}}"#))
    };
    let merge = |parent: &Environment, fork: &Environment, limits: &Limits| {
        merge_environment(Sides { base: &read("Test", "a", ""), parent, fork }, &mut Decisions::default(), limits)
    };
    let (parent, fork) = (read("Test", "b", r#",{"key":"p"}"#), read("Stage", "a", r#",{"key":"f"}"#));
    let expected = Merged { value: read("Stage", "b", r#",{"key":"f"},{"key":"p"}"#), conflicts: vec![] };
    assert_eq!(merge(&parent, &fork, &Limits::default()), Ok(expected));
    assert!(merge(&parent, &fork, &Limits { variables: 2, ..Limits::default() }).is_err());
    let conflicts = merge(&read("Q", "b", ""), &read("Stage", "c", ""), &Limits::default()).expect("few variables").conflicts;
    assert_eq!(
        conflicts.iter().map(|conflict| (&*conflict.path, conflict.secret)).collect::<Vec<_>>(),
        [("/name", false), ("/values/host/value", false)]
    );
    let bare = Sides { base: "1", parent: "2", fork: "3" }.map(|value| environment(&format!(r#"[{{"key":"host","value":"{value}"}}]"#)));
    let conflicts = merge_environment(bare.as_ref(), &mut Decisions::default(), &Limits::default()).expect("one variable").conflicts;
    assert_eq!(conflicts.iter().map(|conflict| &*conflict.path).collect::<Vec<_>>(), ["/values/host/value"]);
}

#[test]
fn a_secret_is_one_value() {
    let read = |kind: &str, value: &str, enabled: bool| {
        environment(&format!(r#"{{"values":[{{"key":"token","value":"{value}","type":"{kind}","enabled":{enabled}}}]}}"#))
    };
    let merge = |base: &Environment, parent: &Environment, fork: &Environment| {
        let merged = merge_environment(Sides { base, parent, fork }, &mut Decisions::default(), &Limits::default()).expect("one variable");
        merged.conflicts.into_iter().map(|conflict| (conflict.path, conflict.secret)).collect::<Vec<_>>()
    };
    let secret = read("secret", "sealed", true);
    let in_conflict = [("/values/token".to_owned(), true)];
    assert_eq!(merge(&secret, &read("default", "plain", true), &read("secret", "sealed", false)), in_conflict);
    assert_eq!(merge(&read("default", "plain", true), &read("default", "other", true), &secret), in_conflict);
    assert_eq!(merge(&secret, &secret, &read("default", "plain", true)), []);
    let unkeyed = |value: &str| environment(&format!(r#"{{"values":[{{"value":"{value}","type":"secret"}}]}}"#));
    assert_eq!(merge(&unkeyed("1"), &unkeyed("2"), &unkeyed("3")), [("/values".to_owned(), true)]);
}

#[test]
fn a_definition_stays_what_it_is() {
    let merge = |base: &str, parent: &str, fork: &str, all: Option<Side>| {
        let sides = Sides { base, parent, fork }.map(str::as_bytes);
        let mut decisions = Decisions::new(all, []).expect("no path");
        let merged = merge_definition(sides, &mut decisions, &Limits::default());
        (String::from_utf8(merged.value).expect("text"), merged.conflicts)
    };
    let yaml =
        |version: &str, title: &str, end: &str| format!("openapi: {version}\ninfo:\n  title: {title}\n  version: '1'\npaths: {{}}\n{end}");
    let base = yaml("3.0.0", "Pets", "");
    let both = merge(&base, &yaml("3.1.0", "Pets", ""), &yaml("3.0.0", "Pets", "x-more: 1\n"), None);
    assert_eq!(both, (yaml("3.1.0", "Pets", "x-more: 1\n"), vec![]));
    let (parent, fork) = (yaml("3.0.0", "Cats", ""), yaml("3.0.0", "Dogs", ""));
    let (_, conflicts) = merge(&base, &parent, &fork, None);
    let shown = |text: &str| Some(Json::from(text));
    let expected = Conflict { path: DEFINITION.to_owned(), base: shown(&base), parent: shown(&parent), fork: shown(&fork), secret: false };
    assert_eq!(conflicts, [expected]);
    assert_eq!(merge(&base, &parent, &fork, Some(Side::Fork)), (fork, vec![]));

    let json =
        |first: &str, last: &str| format!("{{\n\"openapi\":\"3.0.0\"{first}\n\"info\":{{}},\n\"paths\":{{}},\n\"tags\":[]{last}\n}}");
    let base = json(",", "");
    assert_eq!(merge(&base, &json(",\n\"x-a\":1,", ""), &json(",", ",\n\"x-b\":1"), None), (json(",\n\"x-a\":1,", ",\n\"x-b\":1"), vec![]));
    assert_eq!(merge(&base, &json(",\n\"x-a\":1,", ""), &json(",", ",\n\"x-a\":1"), None).1.len(), 1, "it would have a key twice");
    assert_eq!(merge(&base, &json(",\n\"x-a\":1,", ""), "type Query { a: Int }", None).1.len(), 1, "another language");
}
