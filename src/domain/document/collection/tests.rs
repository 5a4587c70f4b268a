use super::*;
use crate::domain::document::{DocumentError, ErrorKind, Json, Limits, Place, ReadError, arbitrary};
use proptest::prelude::*;
use std::convert::Infallible;

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// A collection as it was read, with its items in pre-order.
#[derive(Debug)]
struct Whole {
    collection: ReadCollection,
    items: Vec<ReadItem>,
}

impl Whole {
    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, DocumentError> {
        let mut items = Vec::new();
        let read = read_collection(bytes, limits, &mut |item| {
            items.push(item);
            Ok::<(), Infallible>(())
        });
        items.sort_by_key(|item: &ReadItem| item.handle);
        let collection = read.map_err(|error| match error {
            ReadError::Document(error) => error,
            other => panic!("{other}"),
        })?;
        Ok(Self { collection, items })
    }

    fn write(&self, to: Version) -> Vec<u8> {
        self.write_nodes(to, &self.collection.head, |item| item.content.clone())
    }

    /// The document in the other version and back again.
    fn there_and_back(&self) -> Vec<u8> {
        let (from, to) = match self.collection.version {
            Version::V2_0 => (Version::V2_0, Version::V2_1),
            Version::V2_1 => (Version::V2_1, Version::V2_0),
        };
        let both = |content: &[u8], node| convert(&convert(content, node, to), node, from).into_owned();
        self.write_nodes(from, &both(&self.collection.head, Node::Head), |item| both(&item.content, Node::Item))
    }

    fn write_nodes(&self, to: Version, head: &[u8], content: impl Fn(&ReadItem) -> Vec<u8>) -> Vec<u8> {
        let mut writer = CollectionWriter::new(Vec::new(), self.collection.version, to);
        writer.begin(head).unwrap();
        let mut open = Vec::new();
        for item in &self.items {
            while open.last().copied() != item.parent {
                writer.end_folder().unwrap();
                open.pop();
            }
            if item.summary.is_folder {
                writer.begin_folder(&content(item)).unwrap();
                open.push(item.handle);
            } else {
                writer.item(&content(item)).unwrap();
            }
        }
        for _ in open {
            writer.end_folder().unwrap();
        }
        writer.finish().unwrap()
    }
}

fn read(text: &str) -> Result<Whole, DocumentError> {
    Whole::read(text.as_bytes(), &Limits::default())
}

fn collection(rest: &str) -> String {
    format!("{{\"info\":{{\"name\":\"a\",\"schema\":\"{SCHEMA}\"}},{rest}}}")
}

#[test]
fn items_are_handed_out_with_their_place_in_the_tree() {
    let text = collection(
        r#""item":[{"item":[{"name":"b","id":"x"},{"name":"c","item":[]}],"name":"a"},{"request":"https://d.example","item":null}],"extra":[1.0]"#,
    );
    let whole = read(&text).unwrap();
    let seen: Vec<_> = whole.items.iter().map(|item| (item.handle, item.parent, item.position, item.summary.name.as_str())).collect();
    assert_eq!(seen, [(0, None, 0, "a"), (1, Some(0), 0, "b"), (2, Some(0), 1, "c"), (3, None, 1, "")]);
    assert_eq!(whole.items[0].content, br#"{"item":[],"name":"a"}"#);
    assert_eq!(whole.items[1].id.as_ref().map(ItemId::as_str), Some("x"));
    assert_eq!(whole.items.iter().map(|item| item.summary.is_folder).collect::<Vec<_>>(), [true, false, true, false]);
    assert_eq!(whole.items[3].summary.url.as_deref(), Some("https://d.example"));
    assert!(whole.collection.head.ends_with(br#","item":[],"extra":[1.0]}"#));
    assert_eq!((whole.collection.items, whole.collection.name.as_str(), whole.collection.version), (4, "a", Version::V2_1));
    assert_eq!(whole.write(Version::V2_1), text.as_bytes());
}

#[test]
fn the_head_tells_about_the_collection() {
    let of = |info: &str| read(&format!("{{\"item\":[],\"info\":{{{info},\"name\":\"a\",\"schema\":\"{SCHEMA}\"}}}}")).unwrap().collection;
    let head = of(r#""_postman_id":"p","description":"text""#);
    assert_eq!((head.postman_id.as_deref(), head.description.as_deref()), (Some("p"), Some("text")));
    assert_eq!(of(r#""description":{"content":"**text**","type":"text/markdown"}"#).description.as_deref(), Some("**text**"));
    assert_eq!(of(r#""description":null,"_postman_id":3"#).description, None);
}

#[test]
fn what_is_no_collection_is_refused_with_its_place() {
    use ErrorKind::{NotJson, UnsupportedVersion, WrongShape};
    let info = format!("\"info\":{{\"name\":\"a\",\"schema\":\"{SCHEMA}\"}}");
    let cases = [
        (String::new(), NotJson, "", "ends too early"),
        ("[]".to_owned(), WrongShape, "", "is an object"),
        ("{}".to_owned(), WrongShape, "/info", "object \"info\""),
        ("{\"item\":[{}]}".to_owned(), WrongShape, "/info", "object \"info\""),
        ("{\"info\":[],\"item\":[]}".to_owned(), WrongShape, "/info", "is an object"),
        ("{\"info\":{},\"item\":[]}".to_owned(), WrongShape, "/info/name", "name"),
        ("{\"info\":{\"name\":1},\"item\":[]}".to_owned(), WrongShape, "/info/name", "name"),
        ("{\"info\":{\"name\":\"\"},\"item\":[]}".to_owned(), WrongShape, "/info/schema", "schema"),
        ("{\"info\":{\"name\":\"\",\"schema\":\"v3\"},\"item\":[]}".to_owned(), UnsupportedVersion, "/info/schema", "2.1.0"),
        ("{\"id\":1,\"name\":\"\",\"order\":[],\"folders\":[],\"requests\":[]}".to_owned(), UnsupportedVersion, "", "version 1"),
        (format!("{{{info}}}"), WrongShape, "/item", "array"),
        (format!("{{{info},\"item\":null}}"), WrongShape, "/item", "array"),
        (format!("{{{info},\"item\":{{}}}}"), WrongShape, "/item", "array"),
        (format!("{{{info},\"item\":[{{}},[]]}}"), WrongShape, "/item/1", "is an object"),
        (format!("{{{info},\"item\":[{{\"item\":[null]}}]}}"), WrongShape, "/item/0/item/0", "is an object"),
        (format!("{{{info},\"item\":[{{\"item\":1}}]}}"), WrongShape, "/item/0/item", "array"),
        (format!("{{{info},\"item\":[{{\"item\":[],\"item\":null}}]}}"), WrongShape, "/item/0/item", "twice"),
        (format!("{{{info},\"item\":[],\"item\":[]}}"), WrongShape, "/item", "twice"),
        (format!("{{{info},{info},\"item\":[]}}"), WrongShape, "/info", "twice"),
        (format!("{{{info},\"item\":[]}}x"), NotJson, "", "follows"),
        (format!("{{{info},\"item\":[{{\"name\":\"\\ud800\"}}]}}"), NotJson, "/item/0/name", "surrogate"),
        (format!("{{{info},\"item\":[{{}}"), NotJson, "/item/1", "ends too early"),
    ];
    for (text, kind, pointer, words) in cases {
        let error = read(&text).unwrap_err();
        assert_eq!((error.kind, error.pointer.as_str()), (kind, pointer), "{text}: {error}");
        assert!(error.message.contains(words), "{text}: {error}");
    }
    let error = read("{\n\"item\":[],\n \"info\":\n  {\"name\":\"\"}}").unwrap_err();
    assert_eq!(error.place, Some(Place { line: 4, column: 3 }));
    let error = read("{\n\"item\":[\n 3]}").unwrap_err();
    assert_eq!(error.place, Some(Place { line: 3, column: 2 }));
}

#[test]
fn limits_are_kept() {
    let nested = |levels: usize| collection(&format!("\"item\":[{}{}]", "{\"item\":[".repeat(levels), "]}".repeat(levels)));
    assert_eq!(read(&nested(256)).unwrap().items.len(), 256);
    let error = read(&nested(257)).unwrap_err();
    assert_eq!((error.kind, error.pointer.len()), (ErrorKind::TooDeep, "/item/0".len() * 142 + "/item".len()));
    let limits = Limits { depth: 0, items: 2, ..Limits::default() };
    let of = |items: &str| Whole::read(collection(&format!("\"item\":[{items}]")).as_bytes(), &limits);
    assert_eq!(of("{},{}").map(|whole| whole.items.len()), Ok(2));
    assert_eq!(of("{},{},{}").map_err(|error| (error.kind, error.pointer)).err(), Some((ErrorKind::TooMany, "/item/2".to_owned())));
    assert_eq!(of("{\"item\":[]}").map_err(|error| error.kind).err(), Some(ErrorKind::TooDeep));
    let text = nested(1);
    let bytes = u64::try_from(text.len()).unwrap();
    assert!(Whole::read(text.as_bytes(), &Limits { bytes, ..Limits::default() }).is_ok());
    let error = Whole::read(text.as_bytes(), &Limits { bytes: bytes - 1, ..Limits::default() }).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    let deep = format!("\"item\":[{{\"event\":{}1{}}}]", "[".repeat(513), "]".repeat(513));
    assert_eq!(read(&collection(&deep)).map_err(|error| error.kind).err(), Some(ErrorKind::TooDeep));
}

#[test]
fn the_deepest_collection_needs_little_stack() {
    let text = collection(&format!("\"item\":[{}{}]", "{\"name\":\"f\",\"item\":[".repeat(256), "]}".repeat(256)));
    let work = move || assert_eq!(read(&text).unwrap().write(Version::V2_1), text.as_bytes());
    std::thread::Builder::new().stack_size(256 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn whoever_takes_the_items_can_stop() {
    let text = collection("\"item\":[{},{},{}]");
    let mut taken = 0;
    let read = read_collection(text.as_bytes(), &Limits::default(), &mut |_| {
        taken += 1;
        if taken == 2 { Err("enough") } else { Ok(()) }
    });
    assert!(matches!(read, Err(ReadError::Sink("enough"))));
    assert_eq!(taken, 2);
}

#[test]
fn a_reader_that_fails_is_not_the_documents_fault() {
    let broken = std::io::Read::chain(&b"{\"info\":"[..], Broken);
    let read = read_collection(broken, &Limits::default(), &mut |_| Ok::<(), Infallible>(()));
    assert!(matches!(read, Err(ReadError::Input(error)) if error.kind() == std::io::ErrorKind::ConnectionReset));
}

struct Broken;

impl std::io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::ConnectionReset.into())
    }
}

#[test]
fn twenty_thousand_items_come_and_go() {
    let item = r#"{"name":"Get {{x}}","request":{"method":"GET","auth":{"type":"basic","basic":[]},"url":{"raw":"https://a.example"}},"response":[]}"#;
    let folder = format!("{{\"name\":\"f\",\"item\":[{}]}}", [item; 99].join(","));
    let text = collection(&format!("\"item\":[{}]", vec![folder.as_str(); 200].join(",")));
    let whole = read(&text).unwrap();
    assert_eq!(whole.items.len(), 20_000);
    assert_eq!(whole.write(Version::V2_1), text.as_bytes());
    let unsettled: Vec<_> =
        whole.items.iter().map(|item| Unsettled { parent: item.parent, id: item.id.clone(), name: item.summary.name.clone() }).collect();
    let ids = settle_ids("", &unsettled);
    assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), 20_000);
}

#[test]
fn the_size_is_that_of_version_2_1() {
    let of = |auth: &str| {
        let item = format!(r#"{{"request":{{"auth":{{"type":"basic","basic":{auth}}}}}}}"#);
        read(&collection(&format!("\"item\":[{item}]"))).unwrap().items[0].size
    };
    let new = r#"[{"key":"a","value":"b","type":"string"}]"#;
    assert_eq!(of(r#"{"a":"b"}"#), of(new));
    assert_eq!(usize::try_from(of(new)), Ok(format!(r#"{{"request":{{"auth":{{"type":"basic","basic":{new}}}}}}}"#).len()));
}

/// Members of an object, with none of these keys.
fn members(without: &'static [&'static str]) -> impl Strategy<Value = Vec<(Box<str>, Json)>> {
    let members = prop::collection::vec((arbitrary::key(), arbitrary::json(3)), 0..4);
    members.prop_map(move |mut members| {
        members.retain(|(key, _)| !without.contains(&&**key));
        members
    })
}

fn auth() -> impl Strategy<Value = Json> {
    let parameters = prop::collection::vec((arbitrary::key(), arbitrary::json(1)), 0..4).prop_map(Json::Object);
    prop_oneof![
        parameters.prop_map(|parameters| Json::Object(vec![("type".into(), "basic".into()), ("basic".into(), parameters)])),
        Just(Json::Null),
        arbitrary::text().prop_map(Json::String),
    ]
}

fn object_with(without: &'static [&'static str], key: &'static str, value: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    (members(without), value, any::<prop::sample::Index>()).prop_map(move |(mut members, value, at)| {
        members.insert(at.index(members.len() + 1), (key.into(), value));
        Json::Object(members)
    })
}

fn item() -> impl Strategy<Value = Json> {
    let request = object_with(&["auth"], "auth", auth());
    let leaf = prop_oneof![
        object_with(&["item", "auth", "request", "response"], "request", request),
        members(&["item", "auth", "request", "response"]).prop_map(Json::Object),
        object_with(&["item", "auth", "request", "response"], "item", Just(Json::Null)),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        let children = prop::collection::vec(inner, 0..4).prop_map(Json::Array);
        object_with(&["item", "auth", "request", "response"], "item", children)
    })
}

fn generated() -> impl Strategy<Value = Json> {
    let version = prop::sample::select(&[Version::V2_0, Version::V2_1][..]);
    let info = (members(&["name", "schema"]), arbitrary::text(), version).prop_map(|(mut info, name, version)| {
        info.push(("name".into(), Json::String(name)));
        info.push(("schema".into(), version.schema().into()));
        Json::Object(info)
    });
    let items = prop::collection::vec(item(), 0..4).prop_map(Json::Array);
    (members(&["info", "item", "auth"]), info, items, any::<prop::sample::Index>()).prop_map(|(mut members, info, items, at)| {
        members.insert(at.index(members.len() + 1), ("item".into(), items));
        members.insert(at.index(members.len() + 1), ("info".into(), info));
        Json::Object(members)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_collection_comes_back_as_it_was(json in generated(), folders in 0_usize..200) {
        let mut json = json;
        if let Some(items) = json.get_mut("item").and_then(Json::as_array_mut) {
            let inner = std::mem::take(items);
            let folder = |inner| vec![Json::Object(vec![("item".into(), Json::Array(inner)), ("name".into(), "f".into())])];
            *items = (0..folders).fold(inner, |inner, _| folder(inner));
        }
        let canonical = json.to_bytes();
        let whole = Whole::read(arbitrary::pretty(&json).as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(&whole.write(whole.collection.version), &canonical);
        if whole.collection.version == Version::V2_0 {
            prop_assert_eq!(&whole.there_and_back(), &canonical);
            let newer = whole.write(Version::V2_1);
            let again = Whole::read(&newer, &Limits::default()).unwrap();
            prop_assert_eq!(again.write(Version::V2_0), canonical);
            let total: u64 = again.items.iter().map(|item| item.size).sum::<u64>() + again.collection.size;
            prop_assert!(total <= u64::try_from(newer.len()).unwrap());
        }
    }
}

mod real {
    use super::*;
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    fn files(folder: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/collections").join(folder);
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        files
    }

    #[test]
    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    fn every_real_collection_comes_back_in_both_versions() {
        let mut refused = Vec::new();
        for path in files("").into_iter().chain(files("v2.0.0")).chain(files("v2.1.0")) {
            let bytes = fs::read(&path).unwrap();
            match Whole::read(&bytes, &Limits::default()) {
                Err(error) => refused.push((path.file_name().unwrap().to_string_lossy().into_owned(), error.kind, error.pointer)),
                Ok(whole) => {
                    let original = Json::parse(&bytes, &Limits::default()).unwrap().to_bytes();
                    assert_eq!(whole.write(whole.collection.version), original, "{}", path.display());
                    if whole.collection.version == Version::V2_0 {
                        assert_eq!(whole.there_and_back(), original, "{}", path.display());
                    }
                }
            }
        }
        let expected = [
            ("inherited-entities.postman_collection.json".to_owned(), ErrorKind::WrongShape, "/info".to_owned()),
            ("multi-level-folders-v1.postman_collection.json".to_owned(), ErrorKind::UnsupportedVersion, String::new()),
            ("timeout.postman_collection.json".to_owned(), ErrorKind::WrongShape, "/info".to_owned()),
        ];
        assert_eq!(refused, expected);
    }
}
