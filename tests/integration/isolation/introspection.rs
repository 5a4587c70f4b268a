//! The schema, as the server tells it.

use crate::support::Person;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const QUERY: &str = "{ __schema { queryType { name } mutationType { name } subscriptionType { name } types {
    kind name isOneOf
    fields(includeDeprecated: true) { name description args { name defaultValue type { ...Shape } } type { ...Shape } }
    inputFields { name defaultValue type { ...Shape } }
    enumValues { name } possibleTypes { name } } } }
    fragment Shape on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// A type with what is around it: `[ID!]!` is a list of the named type ID, and required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub name: String,
    pub is_list: bool,
    pub is_required: bool,
}

/// An argument, or a field of an input.
#[derive(Debug, Clone)]
pub struct Argument {
    pub name: String,
    pub shape: Shape,
    /// Whether it has to be given.
    pub is_required: bool,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub description: String,
    pub arguments: Vec<Argument>,
    pub shape: Shape,
}

impl Field {
    pub fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|found| found.name == argument)
    }
}

#[derive(Debug, Clone)]
pub struct Type {
    pub kind: String,
    pub is_one_of: bool,
    pub fields: Vec<Field>,
    pub inputs: Vec<Argument>,
    pub values: Vec<String>,
    pub possible: Vec<String>,
}

impl Type {
    pub fn is_leaf(&self) -> bool {
        matches!(self.kind.as_str(), "SCALAR" | "ENUM")
    }

    pub fn is_abstract(&self) -> bool {
        matches!(self.kind.as_str(), "INTERFACE" | "UNION")
    }
}

/// Every type by name, but for those of the introspection system.
#[derive(Debug)]
pub struct Schema {
    pub types: BTreeMap<String, Type>,
    pub query: String,
    pub mutation: String,
    pub subscription: String,
}

impl Schema {
    pub async fn read(person: &Person) -> Self {
        let answer = person.ask(QUERY, json!({})).await;
        let schema = answer.at("/__schema");
        let root = |name: &str| text(&schema[name]["name"]);
        let types = items(&schema["types"]).filter(|found| !text(&found["name"]).starts_with("__"));
        let types = types.map(|found| (text(&found["name"]), read_type(found))).collect();
        Self { types, query: root("queryType"), mutation: root("mutationType"), subscription: root("subscriptionType") }
    }

    pub fn get(&self, name: &str) -> &Type {
        self.types.get(name).unwrap_or_else(|| panic!("there is no type {name}"))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn read_type(found: &Value) -> Type {
    let fields = items(&found["fields"]).map(|field| Field {
        name: text(&field["name"]),
        description: text(&field["description"]),
        arguments: items(&field["args"]).map(read_argument).collect(),
        shape: read_shape(&field["type"]),
    });
    Type {
        kind: text(&found["kind"]),
        is_one_of: found["isOneOf"] == true,
        fields: fields.collect(),
        inputs: items(&found["inputFields"]).map(read_argument).collect(),
        values: items(&found["enumValues"]).map(|value| text(&value["name"])).collect(),
        possible: items(&found["possibleTypes"]).map(|value| text(&value["name"])).collect(),
    }
}

fn read_argument(found: &Value) -> Argument {
    let shape = read_shape(&found["type"]);
    Argument { name: text(&found["name"]), is_required: shape.is_required && found["defaultValue"].is_null(), shape }
}

fn read_shape(found: &Value) -> Shape {
    match found["kind"].as_str() {
        Some("NON_NULL") => Shape { is_required: true, ..read_shape(&found["ofType"]) },
        Some("LIST") => Shape { is_list: true, is_required: false, ..read_shape(&found["ofType"]) },
        _ => Shape { name: text(&found["name"]), is_list: false, is_required: false },
    }
}
