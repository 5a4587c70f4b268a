//! Archives that mean harm, or are damaged.

use super::zips::{Entry, bomb, file, zip};
use super::{documents, elements, import};
use crate::documents::workspace;
use crate::support::on_both;
use portico::app::DocumentLimits;
use portico::server::TransportSettings;
use serde_json::{Value, json};

/// A manifest of collections in these files.
fn manifest(files: &[&str]) -> Value {
    let element = |file: &&str| json!({ "file": file, "kind": "COLLECTION", "name": "A", "description": "", "format": "COLLECTION_V2_1", "id": file });
    let elements: Vec<Value> = files.iter().map(element).collect();
    json!({ "format": "portico-workspace", "version": 1, "workspace": { "name": "W", "summary": "", "description": "" }, "elements": elements })
}

fn first(files: &[&str]) -> Entry {
    file("manifest.json", manifest(files).to_string().as_bytes())
}

/// So many digits that nothing makes much smaller.
fn digits(length: u32) -> String {
    (0..length / 8).map(|number| format!("{:08x}", number.wrapping_mul(2_654_435_761))).collect::<Vec<_>>().concat()
}

/// Each archive, what it is refused for, and in which of its entries.
fn bad() -> Vec<(&'static str, Vec<u8>, &'static str, Value)> {
    let good = documents().remove(0).1;
    let whole = || vec![first(&["a.json"]), file("a.json", &good)];
    let with = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut entries = whole();
        change(&mut entries);
        zip(&entries)
    };
    let more = |name: &str| with(&|entries| entries.push(file(name, b"x")));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut text = manifest(&["a.json"]);
        change(&mut text);
        with(&|entries| entries[0] = file("manifest.json", text.to_string().as_bytes()))
    };
    let malformed = "400 BAD_USER_INPUT/MALFORMED_ARCHIVE";
    let invalid = "400 BAD_USER_INPUT/INVALID_DOCUMENT";
    let complete = zip(&whole());
    vec![
        ("a step up", more("../evil"), malformed, json!("../evil")),
        ("a step up inside", more("a/../../evil"), malformed, json!("a/../../evil")),
        ("an absolute path", more("/etc/passwd"), malformed, json!("/etc/passwd")),
        ("a drive", more("C:evil"), malformed, json!("C:evil")),
        ("backslashes", more("..\\evil"), malformed, json!("..\\evil")),
        ("no name", more(""), malformed, json!("")),
        ("a line break", more("a\nb"), malformed, json!("a\nb")),
        ("a link", with(&|entries| entries[1].mode = 0o120_777), malformed, json!("a.json")),
        ("the same name twice", with(&|entries| entries.push(file("a.json", b"{}"))), malformed, json!("a.json")),
        ("the same name in another case", with(&|entries| entries.push(file("A.JSON", b"{}"))), malformed, json!("A.JSON")),
        ("a file and a folder of one name", more("a.json/"), malformed, json!("a.json/")),
        ("more than the manifest says", more("b.json"), malformed, json!("b.json")),
        ("less than the manifest says", zip(&[first(&["a.json"])]), malformed, json!("a.json")),
        ("no manifest", zip(&[file("a.json", &good)]), malformed, json!("manifest.json")),
        ("nothing", zip(&[]), malformed, json!("manifest.json")),
        ("encryption", with(&|entries| entries[1].flags = 1), malformed, json!("a.json")),
        ("an unknown method", with(&|entries| entries[1].method = 14), malformed, json!("a.json")),
        ("a wrong checksum", with(&|entries| entries[1].crc ^= 1), malformed, json!("a.json")),
        ("a wrong size", with(&|entries| entries[1].size += 1), malformed, json!("a.json")),
        ("a lie about the size", with(&|entries| entries[1].size = 3), malformed, json!("a.json")),
        ("half a stream", with(&|entries| entries[1].packed.truncate(20)), malformed, json!("a.json")),
        ("no stream", with(&|entries| entries[1].packed = b"\xff\xff\xff\xff".to_vec()), malformed, json!("a.json")),
        (
            "one upon the other",
            zip(&[
                first(&["a.json", "b.json"]),
                file("a.json", &good),
                Entry { name: b"b.json".to_vec(), upon: Some(1), ..file("a.json", &good) },
            ]),
            malformed,
            json!("b.json"),
        ),
        ("cut off", complete[..complete.len() - 30].to_vec(), malformed, Value::Null),
        ("cut off early", complete[..40].to_vec(), malformed, Value::Null),
        ("an element of another kind", changed(&|text| text["elements"][0]["kind"] = json!("API")), invalid, json!("manifest.json")),
        (
            "an element in another format",
            changed(&|text| text["elements"][0]["format"] = json!("COLLECTION_V2_0")),
            invalid,
            json!("a.json"),
        ),
        ("an unknown field", changed(&|text| text["more"] = json!(1)), invalid, json!("manifest.json")),
        ("a later version", changed(&|text| text["version"] = json!(2)), "400 BAD_USER_INPUT/UNSUPPORTED_FORMAT", json!("manifest.json")),
        ("an API that is not there", changed(&|text| text["elements"][0]["api"] = json!("b")), invalid, json!("manifest.json")),
        (
            "a manifest that is not JSON",
            with(&|entries| entries[0] = file("manifest.json", b"{\n!")),
            "400 BAD_USER_INPUT/MALFORMED_DOCUMENT",
            json!("manifest.json"),
        ),
        ("a bad document", with(&|entries| entries[1] = file("a.json", br#"{"info":7,"item":[]}"#)), invalid, json!("a.json")),
        (
            "an archive in the archive",
            with(&|entries| entries[1] = file("a.json", &complete)),
            "400 BAD_USER_INPUT/UNSUPPORTED_FORMAT",
            json!("a.json"),
        ),
    ]
}

on_both! {
    async fn whatever_is_wrong_with_an_archive_nothing_of_it_comes_in(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        for (what, archive, outcome, entry) in bad() {
            let answer = import(&ada, &workspace, archive).await;
            assert_eq!((answer.outcome().as_str(), answer.detail("entry")), (outcome, &entry), "{what}: {}", answer.body);
        }
        assert!(elements(&ada, &workspace).await.is_empty());
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED"]);
        let content = String::from_utf8_lossy(&zip(&[first(&[])])).into_owned();
        let by_graphql = ada.mutate("importElements", "warnings", json!({ "workspaceId": workspace, "content": content })).await;
        assert_eq!(by_graphql.refusal(), "BAD_USER_INPUT/UNSUPPORTED_FORMAT/content");
    }

    async fn one_bad_document_keeps_all_others_out(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let good = documents().remove(0).1;
        let entries = [first(&["a.json", "b.json"]), file("a.json", &good), file("b.json", b"{\"info\":{},\"item\":[]}")];
        let answer = import(&ada, &workspace, zip(&entries)).await;
        assert_eq!((answer.detail("entry"), answer.detail("pointer")), (&json!("b.json"), &json!("/info/name")), "{}", answer.body);
        assert!(elements(&ada, &workspace).await.is_empty());
        // Folders are nobody's matter, nor is a comment of a stranger's tool.
        let stored = Entry { packed: good.clone(), method: 0, ..file("c/a.json", &good) };
        let entries = [file("c/", b""), first(&["c/a.json"]), stored];
        assert_eq!(import(&ada, &workspace, zip(&entries)).await.ids().len(), 1);
    }

    async fn bombs_do_not_go_off(app) {
        let mut app = app;
        let limits = DocumentLimits { collection: 20 << 20, environment: 1 << 20, definition: 1 << 20, archive: 24 << 20 };
        app.restart_with(Some(limits), TransportSettings::default()).await;
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        // The sizes that the headers tell make no difference.
        let liar = Entry { size: 10, ..bomb("a.json", 500) };
        let (malformed, too_large) = ("400 BAD_USER_INPUT/MALFORMED_ARCHIVE", "413 BAD_USER_INPUT/TOO_LARGE");
        for (entry, outcome) in [(bomb("a.json", 19), malformed), (bomb("a.json", 500), too_large), (liar, malformed)] {
            let archive = zip(&[first(&["a.json"]), entry]);
            assert!(archive.len() < 1 << 20);
            let answer = import(&ada, &workspace, archive).await;
            assert_eq!((answer.outcome().as_str(), answer.detail("entry")), (outcome, &json!("a.json")), "{}", answer.body);
        }
        assert_eq!(import(&ada, &workspace, zip(&[bomb("manifest.json", 100)])).await.outcome(), malformed);

        // What grows no more than text does is measured by the limits: of one, and of all together.
        let small = DocumentLimits { collection: 2 << 20, archive: 4 << 20, ..limits };
        app.restart_with(Some(small), TransportSettings::default()).await;
        let names = ["a.json", "b.json", "c.json"];
        for (length, count, outcome, entry) in [
            (2_200_000, 1, "413 BAD_USER_INPUT/TOO_LARGE", json!("a.json")),
            (1_800_000, 3, "413 BAD_USER_INPUT/TOO_LARGE", json!("c.json")),
            (1_800_000, 2, "201", Value::Null),
        ] {
            let text = crate::documents::collection("A", &json!([{ "text": digits(length) }])).to_string();
            let mut entries = vec![first(&names[..count])];
            entries.extend(names[..count].iter().map(|name| file(name, text.as_bytes())));
            let answer = import(&ada, &workspace, zip(&entries)).await;
            assert_eq!((answer.outcome().as_str(), answer.detail("entry")), (outcome, &entry), "{}", answer.body);
        }
        assert_eq!(elements(&ada, &workspace).await.len(), 2);
    }

    async fn descriptions_are_bounded_together(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut document = crate::documents::collection("A", &json!([]));
        document["info"]["description"] = json!("x".repeat(64 * 1024));
        let document = file("", document.to_string().as_bytes());
        let names: Vec<String> = (0..520).map(|number| format!("{number}.json")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let entries = names.iter().map(|name| Entry { name: name.as_bytes().to_vec(), ..document.clone() });
        let archive: Vec<Entry> = [first(&names)].into_iter().chain(entries).collect();
        assert_eq!(import(&ada, &workspace, zip(&archive)).await.outcome(), "413 BAD_USER_INPUT/TOO_LARGE");
        assert!(elements(&ada, &workspace).await.is_empty());
    }

    async fn an_archive_has_only_so_many_entries(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let entries: Vec<Entry> = (0..10_101).map(|number| Entry { packed: Vec::new(), method: 0, ..file(&number.to_string(), b"") }).collect();
        assert_eq!(import(&ada, &workspace, zip(&entries)).await.outcome(), "400 BAD_USER_INPUT/TOO_MANY");
        let names: Vec<String> = (0..10_001).map(|number| format!("{number}.json")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let answer = import(&ada, &workspace, zip(&[first(&names)])).await;
        assert_eq!((answer.outcome().as_str(), answer.detail("pointer")), ("400 BAD_USER_INPUT/TOO_MANY", &json!("/elements")));
    }
}
