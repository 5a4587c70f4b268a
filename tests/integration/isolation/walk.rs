//! Everything that can be read, from every root, with every id that exists.

use super::asking::{Ask, Many, Walker};
use super::documents::{Documents, Selection};
use super::introspection::{Argument, Field};
use super::secrets::Thing;
use super::things::never;
use super::values::{KINDS, WORD, kind_of, literal, literals};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many levels of objects a selection goes down, if what the server takes allows it.
const DEPTH: usize = 4;

/// How many objects of a type are read that deep, for each root.
const FULL: usize = 1;

/// Where an object is found: what stands around a selection of it.
#[derive(Debug, Clone)]
struct Entry {
    /// The type of the object.
    kind: String,
    /// The document up to the selection.
    head: String,
    /// The document behind it.
    tail: &'static str,
    variables: Value,
}

impl Entry {
    fn ask(&self, selection: &str) -> Ask {
        Ask::new(format!("{} {selection} {}", self.head, self.tail), self.variables.clone())
    }
}

/// Whether one field was refused and took along whatever stood beside it.
fn is_lost(answer: &Value) -> bool {
    let mut found = answer["data"].as_object().into_iter().flat_map(|fields| fields.values());
    answer.get("errors").is_some() && found.any(|found| found.is_null() || found[0].is_null() && found.is_array())
}

/// What the id is the id of that narrows a field.
fn meant(field: &Field, argument: &Argument) -> Option<&'static str> {
    if field.name == "item" { Some("item") } else { kind_of(&argument.name) }
}

impl Walker<'_> {
    /// Asks for everything.
    pub async fn read_everything(&self) {
        let root = self.documents.schema.get(&self.documents.schema.query).clone();
        for field in &root.fields {
            self.documents.tried(&self.documents.schema.query, &field.name);
            match field.arguments.iter().find(|argument| argument.shape.name == "ID") {
                Some(argument) => self.read_by_id(field, argument).await,
                None => self.read_plainly(field).await,
            }
        }
    }

    async fn read_plainly(&self, field: &Field) {
        let required = field.arguments.iter().filter(|argument| argument.is_required);
        let given: Vec<String> =
            required.map(|argument| format!("{}: {}", argument.name, literal(&self.documents.schema, argument))).collect();
        let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
        let head = format!("query {{ {}{given} {{", field.name);
        let entry = Entry { kind: field.shape.name.clone(), head, tail: "} }", variables: json!({}) };
        self.read_object(&entry, DEPTH).await;
        for argument in field.arguments.iter().filter(|argument| argument.shape.name == "String") {
            self.search(
                &Entry { head: "query {".into(), kind: self.documents.schema.query.clone(), tail: "}", ..entry.clone() },
                field,
                argument,
            )
            .await;
        }
    }

    /// A root field that takes an id: every id that exists, and for each kind one that was never issued.
    async fn read_by_id(&self, field: &Field, argument: &Argument) {
        let many = Many { operation: "query", field, argument, selection: Selection::default() };
        let tried = self.ids_of(kind_of(&argument.name), |_| true);
        let ids: Vec<Value> = tried.iter().map(|tried| json!(tried.id)).collect();
        let parts = self.ask_each(&many, &ids).await;
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut kinds: BTreeSet<&str> = BTreeSet::new();
        for (tried, part) in tried.iter().zip(&parts) {
            let Some(thing) = tried.thing else { continue };
            if !self.actor.may_open(&thing.secret) {
                let absent = never(thing.kind);
                self.same(|| many.ask(&[json!(thing.id)]), (part, &thing.id), (&parts[tried.never], &absent));
                if kinds.insert(thing.kind) {
                    let (one, other) = (many.ask(&[json!(thing.id)]), many.ask(&[json!(absent)]));
                    self.same_response((&one, &thing.id), (&other, &absent)).await;
                }
            }
            let found = if argument.shape.is_list { &part["data"][0] } else { &part["data"] };
            if let Some(kind) = found["__typename"].as_str() {
                let nth = seen.entry(kind.to_owned()).or_default();
                *nth += 1;
                self.read_found(field, argument, kind, &thing.id, *nth).await;
            }
        }
    }

    /// The nth object of a type that a root field answers. Deep once in a while: everything that is found on the way has an id of its own.
    async fn read_found(&self, field: &Field, argument: &Argument, kind: &str, id: &str, nth: usize) {
        let depth = match nth {
            ..=FULL => DEPTH,
            // What is answered as one of a list is the same as by itself.
            _ if argument.shape.is_list => return,
            _ => 1,
        };
        let given = if argument.shape.is_list { "[$id]" } else { "$id" };
        let head = format!("query($id: ID!) {{ {}({}: {given}) {{ ... on {kind} {{", field.name, argument.name);
        self.read_object(&Entry { kind: kind.to_owned(), head, tail: "} } }", variables: json!({ "id": id }) }, depth).await;
    }

    /// The things whose ids an argument is tried with: all of the kinds that it can mean, and one of each other kind.
    fn tried(&self, kind: &str, meant: Option<&str>) -> Vec<&Thing> {
        let is_meant = meant.is_none_or(|meant| meant == kind);
        self.of_kind(kind).take(if is_meant { usize::MAX } else { 1 }).collect()
    }

    /// An object: everything in it, then every field with every argument.
    async fn read_object(&self, entry: &Entry, depth: usize) {
        let expansions = self.documents.expansions(&entry.kind, depth);
        let asks: Vec<Ask> = expansions.iter().map(|selection| entry.ask(&selection.text)).collect();
        for selection in &expansions {
            self.documents.sent(selection);
        }
        let answers = self.ask_all(&asks).await;
        self.keep(&asks, &answers);
        let variants = self.variants(&entry.kind);
        let asks: Vec<Ask> = Documents::packed(variants.clone()).iter().map(|selection| entry.ask(&selection.text)).collect();
        let more_answers = self.ask_all(&asks).await;
        self.keep(&asks, &more_answers);
        if answers.iter().chain(&more_answers).any(is_lost) {
            let alone = self.documents.leaves(&entry.kind).into_iter().chain(variants);
            let asks: Vec<Ask> = alone.map(|selection| entry.ask(&selection.text)).collect();
            let answers = self.ask_all(&asks).await;
            self.keep(&asks, &answers);
        }
        // By whichever root an object is found, its fields are narrowed the same.
        if !self.is_first(&format!("{} {}", entry.kind, entry.variables)) {
            return;
        }
        for field in self.documents.schema.get(&entry.kind).fields.clone() {
            for argument in &field.arguments {
                match argument.shape.name.as_str() {
                    "ID" => self.filter_by_id(entry, &field, argument).await,
                    "String" => self.search(entry, &field, argument).await,
                    _ => {}
                }
            }
        }
    }

    /// Each field of a type with each value of each argument that is neither an id nor a text.
    fn variants(&self, kind: &str) -> Vec<Selection> {
        let mut variants = Vec::new();
        for field in &self.documents.schema.get(kind).fields {
            for argument in &field.arguments {
                for value in literals(&self.documents.schema, argument) {
                    let alias = format!("v{}: ", variants.len());
                    variants.extend(self.documents.deep(kind, field, &alias, &format!("{}: {value}", argument.name), 1));
                }
            }
        }
        variants
    }

    /// A field that is narrowed by an id answers for a hidden one as for one that was never issued.
    async fn filter_by_id(&self, entry: &Entry, field: &Field, argument: &Argument) {
        let asks = |id: &str| {
            let value = if argument.shape.is_list { format!("[\"{id}\"]") } else { format!("\"{id}\"") };
            let selection = self.documents.deep(&entry.kind, field, "", &format!("{}: {value}", argument.name), 1).unwrap_or_default();
            // The id stands in the document and not in the variables, which say what was given.
            let mut ask = entry.ask(&selection.text);
            ask.variables["given"] = json!(id);
            ask
        };
        let is_open = self.ask(asks(&never("workspace"))).await.get("errors").is_none();
        for kind in KINDS {
            let mut things = self.tried(kind, meant(field, argument));
            if !is_open && meant(field, argument).is_none() {
                // Who may not read the field at all is told so, whatever it is narrowed by.
                things.truncate(1);
            }
            let never_issued = self.ask(asks(&never(kind))).await;
            let all: Vec<Ask> = things.iter().map(|thing| asks(&thing.id)).collect();
            for ((thing, ask), answer) in things.iter().zip(&all).zip(self.ask_all(&all).await) {
                if !self.actor.may_open(&thing.secret) {
                    self.same(|| ask.clone(), (&answer, &thing.id), (&never_issued, &never(kind)));
                }
            }
        }
    }

    /// A search for what is hidden finds as much as one for what is nowhere.
    async fn search(&self, entry: &Entry, field: &Field, argument: &Argument) {
        if matches!(argument.name.as_str(), "after" | "before") {
            return;
        }
        let asks = |text: &str| {
            let selection = self.documents.deep(&entry.kind, field, "", &format!("{}: \"{text}\"", argument.name), 1).unwrap_or_default();
            let mut ask = entry.ask(&selection.text);
            ask.variables["given"] = json!(text);
            ask
        };
        let nowhere = self.ask(asks(WORD)).await;
        for what in ["name", "person", "group", "organization", "collection", "request", "secret"] {
            let hidden = self.world.secrets.hidden_text(self.actor, what);
            let ask = asks(&hidden);
            let answer = self.ask(ask.clone()).await;
            self.same(|| ask.clone(), (&answer, &hidden), (&nowhere, WORD));
        }
    }
}
