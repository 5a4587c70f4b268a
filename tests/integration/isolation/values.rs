//! Values for arguments and inputs, by their types and names.

use super::introspection::{Argument, Schema};
use super::things::never;
use serde_json::{Map, Value, json};

/// The kinds of id that there are.
pub const KINDS: &[&str] = &[
    "user",
    "team",
    "teammember",
    "workspace",
    "member",
    "group",
    "organization",
    "invitation",
    "request",
    "notification",
    "activity",
    "auditevent",
    "token",
    "mail",
    "element",
    "relateditem",
    "trashentry",
    "elementgrant",
    "comment",
    "pullrequest",
    "pullrequestcomment",
    "item",
];

/// A word that is in no text of the world.
pub const WORD: &str = "zqxjkv";

/// What an id is the id of, by the name of the argument: `accessTokenId` of a token. None: of anything.
pub fn kind_of(argument: &str) -> Option<&'static str> {
    let lower = argument.trim_end_matches("Ids").trim_end_matches("Id").to_lowercase();
    match lower.as_str() {
        "api" | "collection" | "environment" | "fork" => return Some("element"),
        "grant" => return Some("elementgrant"),
        "replyto" => return Some("comment"),
        "mentions" | "reviewer" => return Some("user"),
        "parent" => return Some("item"),
        _ => {}
    }
    KINDS.iter().copied().filter(|kind| lower.ends_with(kind)).max_by_key(|kind| kind.len())
}

/// What a mutation takes that has to be plausible, by mutation and field or by field alone; everything else follows from its type.
const PLAUSIBLE: &[(&str, &str)] = &[
    ("visibility", "PRIVATE"),
    ("role", "VIEWER"),
    ("roles", "DEVELOPER"),
    ("side", "TEAM"),
    ("plan", "ENTERPRISE"),
    ("slug", "zqxjkv"),
    ("email", "zqxjkv@example.com"),
    ("emails", "zqxjkv@example.com"),
    ("content", r#"{"name":"zqxjkv","values":[],"_postman_variable_scope":"environment"}"#),
];

/// Fields that are left out wherever they can be: what they do is not about who may know what, or contradicts other fields.
const LEFT_OUT: &[&str] = &["idempotencyKey", "upToCursor", "expectedVersion", "removePartners", "partnerLead", "multiPartner"];

fn scalar(schema: &Schema, argument: &Argument) -> Value {
    let (name, kind) = (argument.name.as_str(), argument.shape.name.as_str());
    let plausible = PLAUSIBLE.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
    match kind {
        "ID" => json!(never(kind_of(name).unwrap_or("workspace"))),
        "Int" => json!(1),
        "Float" => json!(1.5),
        "Boolean" => json!(false),
        "DateTime" => json!("2030-01-01T00:00:00Z"),
        "JSON" => json!({}),
        "String" => json!(plausible.unwrap_or(WORD)),
        _ => {
            let values = &schema.get(kind).values;
            let value =
                plausible.filter(|value| values.iter().any(|known| known == value)).map_or_else(|| values[0].clone(), str::to_owned);
            json!(value)
        }
    }
}

/// A value for an argument that has to be given, as it stands in a document.
pub fn literal(schema: &Schema, argument: &Argument) -> String {
    let value = scalar(schema, argument);
    let text = match value.as_str() {
        Some(value) if schema.get(&argument.shape.name).kind == "ENUM" => value.to_owned(),
        _ => value.to_string(),
    };
    if argument.shape.is_list { format!("[{text}]") } else { text }
}

/// Further values of an argument that is no id, as they stand in a document: every value of an enum, both booleans.
pub fn literals(schema: &Schema, argument: &Argument) -> Vec<String> {
    if matches!(argument.name.as_str(), "first" | "after" | "before") {
        return Vec::new();
    }
    let kind = schema.get(&argument.shape.name);
    let values: Vec<String> = match (argument.name.as_str(), argument.shape.name.as_str()) {
        ("last", _) => vec!["100".to_owned()],
        (_, "ID" | "String") => Vec::new(),
        (_, "Boolean") => vec!["true".to_owned(), "false".to_owned()],
        _ if kind.kind == "ENUM" => kind.values.clone(),
        _ => vec![literal(schema, argument)],
    };
    let wrap = |value| if argument.shape.is_list { format!("[{value}]") } else { value };
    values.into_iter().map(wrap).collect()
}

/// A place in the input of a mutation where an id goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The names of the fields down to it.
    pub path: Vec<String>,
    /// Whether it has to be filled.
    pub is_required: bool,
    /// Whether it has to be filled where something stands beside it.
    is_required_inside: bool,
}

impl Slot {
    pub fn kind(&self) -> Option<&'static str> {
        self.path.last().and_then(|name| kind_of(name))
    }

    /// Whether it has to be filled if the other one is.
    pub fn goes_with(&self, other: &Self) -> bool {
        let (inside, _) = self.path.split_at(self.path.len() - 1);
        self.is_required || self.is_required_inside && other.path.starts_with(inside)
    }
}

/// Every place for an id in an input.
pub fn slots(schema: &Schema, input: &str) -> Vec<Slot> {
    slots_below(schema, input, &[], true)
}

fn slots_below(schema: &Schema, input: &str, above: &[String], is_needed: bool) -> Vec<Slot> {
    let found = schema.get(input);
    let mut slots = Vec::new();
    for field in &found.inputs {
        let mut path = above.to_vec();
        path.push(field.name.clone());
        let is_required = is_needed && field.is_required && !found.is_one_of;
        if field.shape.name == "ID" {
            slots.push(Slot { path, is_required, is_required_inside: field.is_required });
        } else if schema.get(&field.shape.name).kind == "INPUT_OBJECT" && above.len() < 4 {
            slots.extend(slots_below(schema, &field.shape.name, &path, is_required));
        }
    }
    slots
}

/// An input with these ids in it, and something plausible everywhere else. Of what is one of several it is the first, unless an id leads to
/// another.
pub fn build(schema: &Schema, input: &str, ids: &[(&Slot, &str)], above: &[String]) -> Value {
    let found = schema.get(input);
    let below = |name: &str| [above, &[name.to_owned()]].concat();
    let leads_to_an_id = |path: &[String]| ids.iter().any(|(slot, _)| slot.path.starts_with(path));
    let chosen = found.inputs.iter().find(|field| leads_to_an_id(&below(&field.name))).or(found.inputs.first());
    let mut object = Map::new();
    for field in &found.inputs {
        let path = below(&field.name);
        let given = ids.iter().find(|(slot, _)| slot.path == path).map(|(_, id)| json!(id));
        let is_input = schema.get(&field.shape.name).kind == "INPUT_OBJECT";
        // What can be left out is given all the same, so that the mutation has something to do; but no id that was not asked for.
        let optional = !is_input && field.shape.name != "ID" && !LEFT_OUT.contains(&field.name.as_str());
        let is_wanted = if found.is_one_of {
            chosen.is_some_and(|chosen| chosen.name == field.name)
        } else {
            field.is_required || leads_to_an_id(&path) || optional
        };
        if !is_wanted {
            continue;
        }
        let value = match given {
            Some(id) => id,
            None if is_input => build(schema, &field.shape.name, ids, &path),
            None => scalar(schema, field),
        };
        object.insert(field.name.clone(), if field.shape.is_list { json!([value]) } else { value });
    }
    Value::Object(object)
}
