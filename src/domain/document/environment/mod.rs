//! Environments and globals: variables, of which some are secret.

mod edit;

pub use edit::Setting;

use super::{DocumentError, ErrorKind, Json, Limits, error::push_step, json::Member};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

/// What the variables of an environment are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, Serialize, Deserialize)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One of several environments.
    Environment,
    /// All of a workspace.
    Globals,
}

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variable<'a> {
    /// Its name. Empty if it has none.
    pub key: &'a str,
    /// Its value. None if it has none.
    pub value: Option<&'a Json>,
    /// What it says it is: `default`, `secret`, `text`, `any` and whatever else files hold.
    pub kind: Option<&'a str>,
    /// Whether it counts. A variable counts unless it is said not to.
    pub enabled: bool,
    /// Whether its value is a secret.
    pub secret: bool,
    /// What it is for, in whatever form the file has it.
    pub description: Option<&'a Json>,
}

/// A value as a text: a text is itself, null is none, and everything else is its JSON.
#[must_use]
pub fn shown(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => String::from_utf8(other.to_bytes()).ok(),
    }
}

/// An environment: an object with variables in `values`, or a bare array of them, as files of globals may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    json: Json,
}

impl Environment {
    /// The environment that a file holds.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, DocumentError> {
        Self::from_json(Json::parse(bytes, limits)?, limits)
    }

    /// The environment that a value holds.
    ///
    /// # Errors
    /// Where the value is of another form than an environment, or that there are too many variables.
    pub fn from_json(json: Json, limits: &Limits) -> Result<Self, DocumentError> {
        check(&json, limits)?;
        Ok(Self { json })
    }

    /// A new environment without variables.
    #[must_use]
    pub fn new(id: &str, name: &str, scope: Scope) -> Self {
        let members = [
            ("id", Json::from(id)),
            ("name", name.into()),
            ("values", Json::Array(Vec::new())),
            ("_postman_variable_scope", scope.to_string().as_str().into()),
        ];
        Self { json: Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect()) }
    }

    /// The environment as JSON.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.json.to_bytes()
    }

    /// What its variables are there for. A bare array holds globals; an object that does not say is an environment.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.json.get("_postman_variable_scope").and_then(Json::as_str) {
            Some("globals") => Scope::Globals,
            None if self.json.as_array().is_some() => Scope::Globals,
            _ => Scope::Environment,
        }
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.json.get("name").and_then(Json::as_str)
    }

    /// Gives it a name. `false`, and nothing done, for a bare array, which has no place for one.
    pub fn set_name(&mut self, name: &str) -> bool {
        self.json.set("name", name.into())
    }

    /// Its variables in order, duplicates included.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> {
        values(&self.json).unwrap_or_default().iter().map(variable)
    }

    /// Its variables as they are written, in the same order.
    #[must_use]
    pub fn values(&self) -> &[Json] {
        values(&self.json).unwrap_or_default()
    }

    /// The value of every secret variable, with its key, to be read or put in another form.
    ///
    /// Of a variable that has several values each is visited, and it is secret if any of its types says so: nothing secret is passed over.
    pub fn secrets_mut(&mut self) -> impl Iterator<Item = (String, &mut Json)> {
        let values = values_mut(&mut self.json).map(Vec::as_mut_slice).unwrap_or_default();
        values.iter_mut().filter(|value| variable(value).secret).flat_map(|value| {
            let key = variable(value).key.to_owned();
            let members: &mut [Member] = value.as_object_mut().map(Vec::as_mut_slice).unwrap_or_default();
            members.iter_mut().filter(|(name, _)| **name == *"value").map(move |(_, value)| (key.clone(), value))
        })
    }

    /// The same environment with empty texts for the values of secrets.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        for (_, value) in self.secrets_mut() {
            *value = "".into();
        }
        self
    }
}

fn values(json: &Json) -> Option<&[Json]> {
    json.as_array().or_else(|| json.get("values")?.as_array())
}

fn values_mut(json: &mut Json) -> Option<&mut Vec<Json>> {
    match json {
        Json::Array(values) => Some(values),
        _ => json.get_mut("values")?.as_array_mut(),
    }
}

fn variable(json: &Json) -> Variable<'_> {
    let is = |name, expected| json.get(name).and_then(Json::as_bool) == Some(expected);
    let is_secret = |member: &Member| *member.0 == *"type" && member.1.as_str() == Some("secret");
    Variable {
        key: json.get("key").and_then(Json::as_str).unwrap_or_default(),
        value: json.get("value"),
        kind: json.get("type").and_then(Json::as_str),
        enabled: !is("enabled", false) && !is("disabled", true),
        secret: json.as_object().unwrap_or_default().iter().any(is_secret),
        description: json.get("description"),
    }
}

fn check(json: &Json, limits: &Limits) -> Result<(), DocumentError> {
    if let Some(variables) = json.as_array() {
        return check_variables(variables, "", limits);
    }
    let Some(members) = json.as_object() else {
        return Err(wrong("", "an environment is an object, or an array of variables"));
    };
    for name in ["values", "_postman_variable_scope"] {
        if members.iter().filter(|(key, _)| **key == *name).count() > 1 {
            return Err(wrong(&format!("/{name}"), &format!("\"{name}\" is given twice")));
        }
    }
    match json.get("_postman_variable_scope") {
        None | Some(Json::Null) => {}
        Some(Json::String(scope)) if matches!(scope.as_str(), "environment" | "globals") => {}
        Some(_) => return Err(wrong("/_postman_variable_scope", "the scope is \"environment\" or \"globals\"")),
    }
    if !matches!(json.get("name"), None | Some(Json::Null | Json::String(_))) {
        return Err(wrong("/name", "the name of an environment is text"));
    }
    let variables = json.get("values").and_then(Json::as_array);
    check_variables(variables.ok_or_else(|| wrong("/values", "an environment has an array \"values\""))?, "/values", limits)
}

fn check_variables(variables: &[Json], pointer: &str, limits: &Limits) -> Result<(), DocumentError> {
    if too_many(variables.len(), limits) {
        return Err(too_many_variables(limits).at(pointer));
    }
    for (at, variable) in variables.iter().enumerate() {
        let mut pointer = pointer.to_owned();
        push_step(&mut pointer, &at.to_string());
        if variable.as_object().is_none() {
            return Err(wrong(&pointer, "a variable is an object"));
        }
        if !matches!(variable.get("key"), None | Some(Json::Null | Json::String(_))) {
            push_step(&mut pointer, "key");
            return Err(wrong(&pointer, "the key of a variable is text"));
        }
    }
    Ok(())
}

fn too_many(count: usize, limits: &Limits) -> bool {
    u32::try_from(count).map_or(true, |count| count > limits.variables)
}

fn too_many_variables(limits: &Limits) -> DocumentError {
    DocumentError::new(ErrorKind::TooMany, format!("an environment has up to {} variables", limits.variables))
}

fn wrong(pointer: &str, message: &str) -> DocumentError {
    DocumentError::new(ErrorKind::WrongShape, message).at(pointer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::arbitrary;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Environment, DocumentError> {
        Environment::parse(text.as_bytes(), &Limits::default())
    }

    const ODD: &str = concat!(
        r#"{"values":[{"key":"a","value":"1","disabled":true},{"key":"a","value":"2","type":"text"},{"key":"a","value":"3","enabled":false},"#,
        r#"{"key":"s","type":"secret","value":"hush","value":7,"enabled":null},{"value":{"x":[]},"key":null}],"more":[1.0]}"#
    );

    #[test]
    fn what_real_files_hold_is_understood() {
        let environment = parse(ODD).unwrap();
        assert_eq!((environment.scope(), environment.name()), (Scope::Environment, None));
        let seen: Vec<_> = environment.variables().map(|variable| (variable.key, variable.enabled, variable.secret)).collect();
        assert_eq!(seen, [("a", false, false), ("a", true, false), ("a", false, false), ("s", true, true), ("", true, false)]);
        assert_eq!(environment.to_bytes(), ODD.as_bytes());
        assert_eq!(parse("[]").map(|globals| globals.scope()), Ok(Scope::Globals));
        assert_eq!(parse(r#"{"values":[],"_postman_variable_scope":"globals"}"#).map(|globals| globals.scope()), Ok(Scope::Globals));
    }

    #[test]
    fn a_new_environment_is_one_that_can_be_read() {
        let mut new = Environment::new("7", "Staging", Scope::Globals);
        assert_eq!((new.scope(), new.name()), (Scope::Globals, Some("Staging")));
        assert!(new.set_name("Test"));
        assert_eq!(Environment::from_json(new.json().clone(), &Limits::default()), Ok(new));
    }

    #[test]
    fn every_secret_value_is_visited() {
        let mut environment = parse(ODD).unwrap();
        let secrets: Vec<_> = environment.secrets_mut().map(|(key, value)| (key, value.to_bytes())).collect();
        assert_eq!(secrets, [("s".to_owned(), b"\"hush\"".to_vec()), ("s".to_owned(), b"7".to_vec())]);
        let text = String::from_utf8(environment.without_secrets().to_bytes()).unwrap();
        assert_eq!(text, ODD.replace("\"hush\"", "\"\"").replace("\"value\":7", "\"value\":\"\""));
        assert!(parse(r#"[{"type":"secret","type":"text","key":"a","value":1}]"#).unwrap().variables().all(|variable| variable.secret));
    }

    #[test]
    fn what_is_no_environment_is_refused_with_its_place() {
        for (text, pointer) in [
            ("1", ""),
            ("{}", "/values"),
            (r#"{"values":{}}"#, "/values"),
            (r#"{"values":[],"values":[]}"#, "/values"),
            (r#"{"values":[{},3]}"#, "/values/1"),
            (r#"{"values":[{"key":3}]}"#, "/values/0/key"),
            (r#"{"values":[],"name":3}"#, "/name"),
            (r#"{"values":[],"_postman_variable_scope":"team"}"#, "/_postman_variable_scope"),
            ("[null]", "/0"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.kind, error.pointer.as_str()), (ErrorKind::WrongShape, pointer), "{text}");
        }
        let limits = Limits { variables: 1, ..Limits::default() };
        assert_eq!(Environment::parse(b"[{},{}]", &limits).map_err(|error| error.kind), Err(ErrorKind::TooMany));
        assert_eq!(parse("{\"values\":[}").map_err(|error| error.pointer), Err("/values/0".to_owned()));
    }

    proptest! {
        #[test]
        fn an_environment_comes_back_as_it_was(variables in prop::collection::vec(prop::collection::vec((arbitrary::key(), arbitrary::json(2)), 0..5), 0..6)) {
            let json = Json::Array(variables.into_iter().map(Json::Object).collect());
            let read = Environment::parse(arbitrary::pretty(&json).as_bytes(), &Limits::default());
            if let Ok(environment) = read {
                prop_assert_eq!(environment.to_bytes(), json.to_bytes());
                prop_assert!(environment.without_secrets().secrets_mut().all(|(_, value)| value.as_str() == Some("")));
            }
        }
    }

    #[test]
    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    fn every_real_environment_comes_back() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/environments");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let environment = Environment::parse(&bytes, &Limits::default()).unwrap();
            assert_eq!(environment.to_bytes(), Json::parse(&bytes, &Limits::default()).unwrap().to_bytes());
            assert!(environment.variables().count() > 0);
            seen += 1;
        }
        assert_eq!(seen, 10);
    }
}
