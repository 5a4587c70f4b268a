//! One person who asks, and everything that is looked at in each answer.

use super::documents::{Documents, Selection};
use super::introspection::{Argument, Field};
use super::masks::{forbidden, without};
use super::secrets::{Actor, Secret, Thing};
use super::things::never;
use super::values::KINDS;
use super::world::World;
use crate::support::Person;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// How many operations the server takes at once.
const BATCH: usize = 10;

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub document: String,
    pub variables: Value,
}

impl Ask {
    pub fn new(document: impl Into<String>, variables: Value) -> Self {
        Self { document: document.into(), variables }
    }

    fn body(&self) -> Value {
        json!({ "query": self.document, "variables": self.variables })
    }

    /// In a line, for people.
    pub fn shown(&self) -> String {
        let document: String = self.document.chars().take(160).collect();
        format!("{document} {}", self.variables)
    }
}

/// A root field that is asked for with many values of its argument.
pub struct Many<'a> {
    /// What kind of operation it is of.
    pub operation: &'static str,
    pub field: &'a Field,
    pub argument: &'a Argument,
    pub selection: Selection,
}

impl Many<'_> {
    /// All of them in one document.
    pub fn ask(&self, values: &[Value]) -> Ask {
        let (shape, field) = (&self.argument.shape, &self.field.name);
        let (mut heads, mut fields, mut variables) = (Vec::new(), Vec::new(), Map::new());
        for (place, value) in values.iter().enumerate() {
            let given = if shape.is_list { format!("[$v{place}]") } else { format!("$v{place}") };
            heads.push(format!("$v{place}: {}!", shape.name));
            fields.push(format!("a{place}: {field}({}: {given}) {{ ...Part }}", self.argument.name));
            variables.insert(format!("v{place}"), value.clone());
        }
        let (heads, fields) = (heads.join(", "), fields.join(" "));
        let fragment = format!("fragment Part on {} {{ __typename {} }}", self.field.shape.name, self.selection.text);
        Ask::new(format!("{}({heads}) {{ {fields} }} {fragment}", self.operation), Value::Object(variables))
    }
}

/// What one field of many answered.
fn part(answer: &Value, place: usize) -> Value {
    let alias = format!("a{place}");
    let errors = answer["errors"].as_array().into_iter().flatten().filter(|error| error["path"][0] == alias.as_str());
    let errors = errors.map(|error| {
        let inside: Vec<&Value> = error["path"].as_array().into_iter().flatten().skip(1).collect();
        json!({ "message": error["message"], "path": inside, "extensions": error["extensions"] })
    });
    json!({ "data": answer["data"][&alias], "errors": errors.collect::<Vec<_>>() })
}

/// What was asked, and what was answered.
pub type Kept = Vec<(Ask, Value)>;

/// An id that an argument is tried with.
pub struct Tried<'a> {
    pub id: String,
    /// What has it; none: it was never issued.
    pub thing: Option<&'a Thing>,
    /// Where in the list the one of its kind is that was never issued.
    pub never: usize,
}

/// Somebody who walks through everything, and what was wrong with what they got.
pub struct Walker<'a> {
    pub world: &'a World,
    pub documents: &'a Documents,
    pub things: &'a [Thing],
    pub actor: &'a Actor,
    pub person: Person,
    /// By what they are about: of many ways to the same, one is enough to begin with.
    findings: Mutex<BTreeMap<String, String>>,
    /// What was answered without an error: to be asked again when hidden things have come.
    seen: Mutex<Kept>,
    done: Mutex<BTreeSet<String>>,
}

impl<'a> Walker<'a> {
    pub fn new(world: &'a World, documents: &'a Documents, things: &'a [Thing], actor: &'a Actor) -> Self {
        let person = actor.person.map_or_else(|| world.app.anonymous(), |name| world.who(name).clone());
        Self { world, documents, things, actor, person, findings: Mutex::default(), seen: Mutex::default(), done: Mutex::default() }
    }

    /// Writes down what is wrong, and in which way.
    pub fn found(&self, what: impl Into<String>, way: impl Into<String>) {
        self.findings.lock().unwrap().entry(format!("{}: {}", self.actor.title, what.into())).or_insert_with(|| way.into());
    }

    pub fn findings(&self) -> Vec<String> {
        self.findings.lock().unwrap().iter().map(|(what, way)| format!("{what}\n    {way}")).collect()
    }

    /// Things of a kind: of those that are hidden for the same reason two, and of items, which have no rows of their own, one.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Thing> {
        let most = if kind == "item" { 1 } else { 2 };
        let mut told: Vec<&Secret> = Vec::new();
        self.things.iter().filter(move |thing| thing.kind == kind).filter(move |thing| {
            told.push(&thing.secret);
            told.iter().filter(|secret| ***secret == thing.secret).count() <= most
        })
    }

    /// The ids that an argument is tried with: of each kind one that was never issued, and all things of the kind that it means; of other
    /// kinds one.
    pub fn ids_of(&self, meant: Option<&str>, is_tried: impl Fn(&Thing) -> bool) -> Vec<Tried<'a>> {
        let mut ids = Vec::new();
        for kind in KINDS {
            let in_full = meant.is_none_or(|meant| meant == *kind);
            let at = ids.len();
            ids.push(Tried { id: never(kind), thing: None, never: at });
            let things = self.of_kind(kind).take(if in_full { usize::MAX } else { 1 });
            ids.extend(things.filter(|thing| is_tried(thing)).map(|thing| Tried { id: thing.id.clone(), thing: Some(thing), never: at }));
        }
        ids
    }

    /// Asks for all of these, in few requests, and looks at each answer.
    pub async fn ask_all(&self, asks: &[Ask]) -> Vec<Value> {
        let answers = self.send(asks).await;
        for (ask, answer) in asks.iter().zip(&answers) {
            self.look(answer, &ask.variables.to_string(), || ask.shown());
        }
        answers
    }

    /// Asks one root field with each of these values, in few documents, and looks at each part of the answers. A part is what the
    /// field alone would answer, but for where in the document it stands.
    pub async fn ask_each(&self, many: &Many<'_>, values: &[Value]) -> Vec<Value> {
        let asks: Vec<Ask> = values.chunks(many.selection.times()).map(|some| many.ask(some)).collect();
        let answers = self.send(&asks).await;
        let parts =
            values.chunks(many.selection.times()).zip(&answers).flat_map(|(some, answer)| (0..some.len()).map(|place| part(answer, place)));
        let parts: Vec<Value> = parts.collect();
        for (value, part) in values.iter().zip(&parts) {
            self.look(part, &value.to_string(), || many.ask(std::slice::from_ref(value)).shown());
        }
        parts
    }

    async fn send(&self, asks: &[Ask]) -> Vec<Value> {
        let mut answers = Vec::with_capacity(asks.len());
        for batch in asks.chunks(BATCH) {
            let body: Vec<Value> = batch.iter().map(Ask::body).collect();
            let (status, answer) = self.post(&json!(body)).await;
            let got: Vec<Value> = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{status}: {answer}"));
            assert_eq!(got.len(), batch.len(), "{answer}");
            for (ask, answer) in batch.iter().zip(got) {
                assert!(answer.get("data").is_some(), "the server does not take {}\n{answer}", ask.document);
                answers.push(answer);
            }
        }
        answers
    }

    pub async fn ask(&self, ask: Ask) -> Value {
        self.ask_all(&[ask]).await.remove(0)
    }

    /// Looks for what this actor may not know.
    pub fn look(&self, answer: &Value, given: &str, what: impl Fn() -> String) {
        for marker in forbidden(&self.world.secrets, self.actor, answer, given) {
            self.found(format!("learns {marker}"), what());
        }
        if answer.to_string().contains("INTERNAL_SERVER_ERROR") {
            self.found("breaks the server", what());
        }
    }

    /// Status and bytes of what is at a path.
    pub async fn at(&self, method: &str, path: &str) -> (u16, String) {
        let mut request = self.person.client.request(method.parse().unwrap(), self.world.app.http(path));
        if let Some(token) = &self.person.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Status and bytes of an answer.
    async fn post(&self, body: &Value) -> (u16, String) {
        let mut request = self.person.client.post(&self.person.url).json(body).header("accept", "application/graphql-response+json");
        if let Some(token) = &self.person.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// That two answers are the same, but for the ids that were asked for.
    pub fn same(&self, ask: impl Fn() -> Ask, (hidden, id): (&Value, &str), (absent, never): (&Value, &str)) {
        // Either may stand beside the other, where an operation takes several ids.
        let masked = |answer: &Value| without(&without(&answer.to_string(), id), never);
        if masked(hidden) != masked(absent) {
            self.found(format!("can tell {id} from what was never there"), format!("{}\n    {hidden}\n    {absent}", ask().shown()));
        }
    }

    /// The same of whole responses, with their status and byte for byte.
    pub async fn same_response(&self, hidden: (&Ask, &str), absent: (&Ask, &str)) {
        let ((status, body), (other_status, other_body)) = (self.post(&hidden.0.body()).await, self.post(&absent.0.body()).await);
        if status != other_status || body.replace(hidden.1, "ID") != other_body.replace(absent.1, "ID") {
            self.found(format!("can tell {} by its response", hidden.1), format!("{status} {body}\n    {other_status} {other_body}"));
        }
    }

    /// Keeps an answer, to be compared with a later one.
    pub fn keep(&self, asks: &[Ask], answers: &[Value]) {
        let kept = asks.iter().zip(answers).filter(|(_, answer)| answer.get("errors").is_none());
        self.seen.lock().unwrap().extend(kept.map(|(ask, answer)| (ask.clone(), answer.clone())));
    }

    /// Whether this is done for the first time.
    pub fn is_first(&self, what: &str) -> bool {
        self.done.lock().unwrap().insert(what.to_owned())
    }

    /// What was kept.
    pub fn kept(&self) -> Kept {
        self.seen.lock().unwrap().clone()
    }

    /// Asks for everything again that was answered, and compares.
    pub async fn ask_again(&self, kept: &Kept) {
        let seen = kept.clone();
        let (asks, before): (Vec<Ask>, Vec<Value>) = seen.into_iter().unzip();
        assert!(!asks.is_empty(), "{} saw nothing", self.actor.title);
        for ((ask, before), after) in asks.iter().zip(before).zip(self.ask_all(&asks).await) {
            if before != after {
                self.found(format!("notices what is hidden, by {}", ask.shown()), format!("{before}\n    {after}"));
            }
        }
    }
}
