use super::*;
use crate::domain::document::Place;

fn of(text: &str) -> Result<Definition, DocumentError> {
    detect(text.as_bytes(), &Limits::default())
}

#[test]
fn every_language_is_recognised() {
    use DefinitionKind::{GraphqlSdl, OpenApi2, OpenApi30, OpenApi31, Protobuf, Raml, Wsdl};
    use Syntax::{Json, Text, Xml, Yaml};
    let cases = [
        (r#"{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"paths":{}}"#, OpenApi30, Json, "3.0.3", Some("Pets")),
        (r#"{"info":{},"openapi":"3.1.0"}"#, OpenApi31, Json, "3.1.0", None),
        (r#"{"swagger":"2.0","info":{"title":"P\u0065ts"}}"#, OpenApi2, Json, "2.0", Some("Pets")),
        ("# hello\n---\nopenapi: 3.0.3\ninfo:\n  contact: {title: no}\n  title: Pets\npaths: {}\n", OpenApi30, Yaml, "3.0.3", Some("Pets")),
        ("\"openapi\": '3.1.0'\ninfo: &a\n  title: \"A: b\"\nx: *a\n", OpenApi31, Yaml, "3.1.0", Some("A: b")),
        ("info: {title: Pets}\n? [a, b]\n: c\nswagger: \"2.0\"\n", OpenApi2, Yaml, "2.0", Some("Pets")),
        ("#%RAML 1.0\ntitle: Pets\n/pets:\n  get:\n", Raml, Yaml, "1.0", Some("Pets")),
        ("#%RAML 0.8\n---\ntitle: Pets", Raml, Yaml, "0.8", Some("Pets")),
        (
            "# pets\n\"\"\" A \\\"\"\" pet; \"\"\"\ntype Pet @key(fields: \"id {\") { id: ID!, tags(first: Int = -1): [String!] }",
            GraphqlSdl,
            Text,
            "",
            None,
        ),
        ("extend type Query { pets: [Pet] }", GraphqlSdl, Text, "", None),
        ("enum Kind { CAT DOG }", GraphqlSdl, Text, "", None),
        (
            "// c\n/* { */\nsyntax = \"proto3\";\npackage shop.pets.v1;\nmessage Pet { string name = 1; map<string, int32> m = 2; }",
            Protobuf,
            Text,
            "proto3",
            Some("shop.pets.v1"),
        ),
        ("edition = '2023';\n", Protobuf, Text, "2023", None),
        ("enum Kind { CAT = 0; }", Protobuf, Text, "proto2", None),
        (
            "<?xml version=\"1.0\"?>\n<!-- <x> -->\n<w:definitions name=\"Pets\" xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\"><w:types/>&amp;</w:definitions>",
            Wsdl,
            Xml,
            "1.1",
            Some("Pets"),
        ),
        ("<description xmlns=\"http://www.w3.org/ns/wsdl\"/>", Wsdl, Xml, "2.0", None),
    ];
    for (text, kind, syntax, version, title) in cases {
        let expected = Definition { kind, syntax, version: version.to_owned(), title: title.map(str::to_owned) };
        assert_eq!(FileType::of(text.as_bytes()), FileType::written_in(expected.kind, expected.syntax), "{text}");
        assert_eq!(of(text), Ok(expected), "{text}");
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert!(detect(&marked, &Limits::default()).is_ok(), "{text}");
        assert_eq!(looks_like_definition(text), syntax != Json, "{text}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_line() {
    use ErrorKind::{NotJson, NotText, NotWellFormed, TooDeep, Unrecognized, UnsupportedVersion};
    let cases = [
        ("", Unrecognized, None),
        ("hello", Unrecognized, None),
        ("[]", Unrecognized, None),
        ("query { pets }", Unrecognized, None),
        ("<html/>", Unrecognized, Some(1)),
        ("<definitions/>", Unrecognized, Some(1)),
        ("{\"info\":{},\"item\":[]}", Unrecognized, None),
        ("{\"openapi\":\"3.2.0\"}", UnsupportedVersion, None),
        ("{\"swagger\":\"1.2\"}", UnsupportedVersion, None),
        ("openapi: 4.0.0", UnsupportedVersion, None),
        ("{\n\"openapi\":\"3.0.0\",\n}", NotJson, Some(2)),
        ("openapi: 3.0.0\ninfo: [1\nx: }", NotWellFormed, Some(3)),
        ("openapi: 3.0.0\nx: *unknown", NotWellFormed, Some(2)),
        ("#%RAML 1.0\nx: [\n", NotWellFormed, Some(3)),
        ("type A {\n  a: B\n", NotWellFormed, Some(1)),
        ("type A {\n  a: [B)\n}", NotWellFormed, Some(2)),
        ("type A { a: B }\n}", NotWellFormed, Some(2)),
        ("type A { a: B; }", NotWellFormed, Some(1)),
        ("type A\n\"a", NotWellFormed, Some(2)),
        ("type A\n\"\"\"a\"\"", NotWellFormed, Some(2)),
        ("syntax = \"proto3\";\nmessage A {", NotWellFormed, Some(2)),
        ("syntax = \"proto3\";\n/* ", NotWellFormed, Some(2)),
        ("syntax = \"proto3\";\n\u{e9}", NotWellFormed, Some(2)),
        ("<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\">\n<a></b></definitions>", NotWellFormed, Some(2)),
        ("<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\">\n<a></a>", NotWellFormed, Some(2)),
        ("<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"/>\n<a/>", NotWellFormed, Some(2)),
        ("openapi: 3.0.0\nx: \0", NotText, Some(2)),
    ];
    for (text, kind, line) in cases {
        let error = of(text).unwrap_err();
        assert_eq!((error.kind, error.place.map(|place| place.line)), (kind, line), "{text}: {error}");
    }
    for deep in [
        format!("openapi: 3.0.0\nx: {}{}", "[".repeat(200), "]".repeat(200)),
        format!("openapi: 3.0.0\nx:\n  {}1", "- ".repeat(200)),
        format!("{{\"x\":{}", "[".repeat(200)),
        format!("<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\">{}", "<a>".repeat(200)),
    ] {
        let limits = Limits { nesting: 100, ..Limits::default() };
        assert_eq!(detect(deep.as_bytes(), &limits).map_err(|error| error.kind), Err(TooDeep));
    }
    let error = of("openapi: 3.0.0\n  x: {").unwrap_err();
    assert!(error.place.is_some_and(|Place { line, column }| line == 2 && column > 0), "{error}");
}

/// Texts that are meant to keep a reader busy, or to exhaust its memory or stack.
#[test]
fn bombs_do_not_go_off() {
    let size = 1_000_000;
    let mut laughs = "openapi: 3.0.0\na0: &a0 [x]\n".to_owned();
    for level in 1..100 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(",");
        laughs.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    assert!(of(&laughs).is_ok());
    let bombs = [
        format!("openapi: 3.0.0\nx: {}", "[".repeat(size)),
        format!("openapi: 3.0.0\nx: {}", "{".repeat(size)),
        format!("openapi: 3.0.0\nx: {}", "- ".repeat(size / 2)),
        format!("openapi: 3.0.0\n{}", "? ".repeat(size / 2)),
        format!("openapi: 3.0.0\nx: [{}", "a,".repeat(size / 2)),
        format!("openapi: 3.0.0\nx: [{}", "\n".repeat(size)),
        format!("openapi: 3.0.0\nx: \"{}", "\\n".repeat(size / 2)),
        format!("openapi: 3.0.0\n{}", "\n#".repeat(size / 2)),
        format!("openapi: 3.0.0\nx: {}", "!".repeat(size)),
        format!("openapi: 3.0.0\nx: |\n{}", " ".repeat(size)),
        format!("openapi: 3.0.0\n{}", "%".repeat(size)),
        format!("type A {}", "[".repeat(size)),
        format!("type A {}", "\"\"\"\\".repeat(size / 4)),
        format!("type A {}", "#\n".repeat(size / 2)),
        format!("enum {}", "\"a\"".repeat(size / 3)),
        format!("syntax = {}", "/* */".repeat(size / 5)),
        format!("<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" {}", "a='' ".repeat(size / 5)),
        format!("<!DOCTYPE a [{}", "<!ENTITY a \"&b;\">".repeat(size / 17)),
        "<".repeat(size),
    ];
    for bomb in bombs {
        let _answered = of(&bomb);
    }
}
