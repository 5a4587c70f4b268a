//! Changing single variables, of which everything that is not changed stays as its author wrote it.

use super::{Environment, Limits, shown, too_many, too_many_variables, values_mut, variable};
use crate::domain::document::{DocumentError, Json};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// What the type of a variable says that has none of its own.
const DEFAULT_KIND: &str = "default";

/// What a variable is to be. What is none stays as it is; a new variable has an empty value then, and counts.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value. It may be a secret.
    pub value: Option<String>,
    /// What it says it is.
    pub kind: Option<String>,
    /// Whether it counts.
    pub enabled: Option<bool>,
    /// What it is for.
    pub description: Option<String>,
}

impl fmt::Debug for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Setting").field("key", &self.key).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Environment {
    /// Gives every variable that is named what is said of it, and adds those that there are not at the end. Of several of one name it is
    /// the last one that is enabled, or the last one if none is. All others stay.
    ///
    /// # Errors
    /// [`TooMany`](super::ErrorKind::TooMany) if there is no room for those that are new.
    pub fn set_variables(&mut self, settings: &[Setting], limits: &Limits) -> Result<(), DocumentError> {
        let mut places: BTreeMap<String, (usize, bool)> = BTreeMap::new();
        for (at, variable) in self.variables().enumerate() {
            let found = places.entry(variable.key.to_owned()).or_insert((at, variable.enabled));
            if variable.enabled || !found.1 {
                *found = (at, variable.enabled);
            }
        }
        let Some(values) = values_mut(&mut self.json) else { return Ok(()) };
        for setting in settings {
            match places.get(&setting.key).and_then(|(at, _)| values.get_mut(*at)) {
                Some(json) => apply(json, setting),
                None => values.push(fresh(setting)),
            }
        }
        if too_many(values.len(), limits) { Err(too_many_variables(limits)) } else { Ok(()) }
    }

    /// Makes these all the variables that there are, in this order. The first of a name is what was the first of that name, the second the
    /// second, so that what is not said of them stays.
    ///
    /// # Errors
    /// [`TooMany`](super::ErrorKind::TooMany).
    pub fn replace_variables(&mut self, settings: &[Setting], limits: &Limits) -> Result<(), DocumentError> {
        if too_many(settings.len(), limits) {
            return Err(too_many_variables(limits));
        }
        let Some(values) = values_mut(&mut self.json) else { return Ok(()) };
        let mut before: BTreeMap<String, VecDeque<Json>> = BTreeMap::new();
        for json in values.drain(..) {
            before.entry(variable(&json).key.to_owned()).or_default().push_back(json);
        }
        for setting in settings {
            values.push(match before.get_mut(&setting.key).and_then(VecDeque::pop_front) {
                Some(mut json) => {
                    apply(&mut json, setting);
                    json
                }
                None => fresh(setting),
            });
        }
        Ok(())
    }

    /// Takes all variables of these names away.
    pub fn remove_variables(&mut self, keys: &BTreeSet<&str>) {
        if let Some(values) = values_mut(&mut self.json) {
            values.retain(|json| !keys.contains(variable(json).key));
        }
    }
}

/// A variable that was not there.
fn fresh(setting: &Setting) -> Json {
    let value = setting.value.as_deref().unwrap_or_default();
    let kind = setting.kind.as_deref().unwrap_or(DEFAULT_KIND);
    let mut members = vec![
        ("key", Json::from(&*setting.key)),
        ("value", value.into()),
        ("type", kind.into()),
        ("enabled", Json::Bool(setting.enabled.unwrap_or(true))),
    ];
    members.extend(setting.description.as_deref().map(|text| ("description", text.into())));
    Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// Changes what is to change. What is said to be as it is stays as it is written: a number does not become a text.
fn apply(json: &mut Json, setting: &Setting) {
    let text = |json: &Json, name| json.get(name).and_then(shown);
    for (name, wanted) in [("value", &setting.value), ("type", &setting.kind), ("description", &setting.description)] {
        if let Some(wanted) = wanted
            && text(json, name).as_ref() != Some(wanted)
        {
            json.set(name, wanted.as_str().into());
        }
    }
    if let Some(enabled) = setting.enabled.filter(|enabled| *enabled != variable(json).enabled) {
        let has_disabled = json.get("disabled").is_some();
        if has_disabled {
            json.set("disabled", Json::Bool(!enabled));
        }
        if json.get("enabled").is_some() || !has_disabled {
            json.set("enabled", Json::Bool(enabled));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ODD: &str = r#"{"values":[{"key":"a","value":1.0,"disabled":true,"x":[null]},{"key":"a","value":"2","type":"any"},{"value":"v","enabled":false,"disabled":true},{"key":"s","type":"secret","type":"text","value":"hush"}]}"#;

    fn odd() -> Environment {
        Environment::parse(ODD.as_bytes(), &Limits::default()).expect("an environment")
    }

    fn setting(key: &str) -> Setting {
        Setting { key: key.to_owned(), value: None, kind: None, enabled: None, description: None }
    }

    /// Every variable as it is shown.
    fn all(environment: &Environment) -> Vec<Setting> {
        let shown_of = |json: Option<&Json>| json.and_then(shown);
        let settings = environment.variables().map(|variable| Setting {
            key: variable.key.to_owned(),
            value: shown_of(variable.value),
            kind: variable.kind.map(str::to_owned),
            enabled: Some(variable.enabled),
            description: shown_of(variable.description),
        });
        settings.collect()
    }

    #[test]
    fn a_variable_is_set_by_its_key_and_the_rest_stays_as_it_was() {
        let mut environment = odd();
        let settings = [
            Setting { value: Some("3".to_owned()), ..setting("a") },
            Setting { enabled: Some(true), ..setting("") },
            Setting { kind: Some("secret".to_owned()), description: Some("New".to_owned()), ..setting("n") },
        ];
        environment.set_variables(&settings, &Limits::default()).expect("room");
        let before = ODD.replace(r#""2""#, r#""3""#).replace(r#""enabled":false,"disabled":true"#, r#""enabled":true,"disabled":false"#);
        let added = r#",{"key":"n","value":"","type":"secret","enabled":true,"description":"New"}]}"#;
        let expected = before.strip_suffix("]}").expect("its end").to_owned() + added;
        assert_eq!(String::from_utf8(environment.to_bytes()).expect("text"), expected);
        let limits = Limits { variables: 5, ..Limits::default() };
        assert!(environment.set_variables(&[setting("m")], &limits).is_err());
    }

    #[test]
    fn what_is_disabled_stays_written_in_its_way() {
        let mut environment = odd();
        let mut settings = all(&environment);
        settings[0].enabled = Some(true);
        settings[1].enabled = Some(false);
        environment.replace_variables(&settings, &Limits::default()).expect("room");
        let text = String::from_utf8(environment.to_bytes()).expect("text");
        assert!(
            text.starts_with(
                r#"{"values":[{"key":"a","value":1.0,"disabled":false,"x":[null]},{"key":"a","value":"2","type":"any","enabled":false}"#
            ),
            "{text}"
        );
    }

    #[test]
    fn variables_of_one_name_are_matched_in_their_order() {
        let mut environment = odd();
        let mut settings = all(&environment);
        settings.rotate_left(1);
        settings.truncate(3);
        settings.extend([Setting { value: Some("third".to_owned()), ..setting("a") }, setting("a")]);
        environment.replace_variables(&settings, &Limits::default()).expect("room");
        let keys: Vec<_> = environment.variables().map(|variable| (variable.key, variable.value.and_then(shown))).collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(keys, [("a", text("2")), ("", text("v")), ("s", text("hush")), ("a", text("third")), ("a", text(""))]);
        assert!(environment.variables().nth(2).expect("the secret").secret, "it is secret as long as any of its types says so");
        environment.remove_variables(&["a", "none"].into());
        assert_eq!(environment.variables().count(), 2);
        assert!(environment.replace_variables(&settings, &Limits { variables: 4, ..Limits::default() }).is_err());
    }

    #[test]
    fn no_value_is_printed() {
        let printed = format!("{:?}", Setting { value: Some("hunter2".to_owned()), ..setting("password") });
        assert!(printed.contains("password") && !printed.contains("hunter2"), "{printed}");
    }

    proptest! {
        #[test]
        fn sending_back_what_is_shown_changes_nothing(variables in prop::collection::vec(prop::collection::vec((crate::domain::document::arbitrary::key(), crate::domain::document::arbitrary::json(2)), 0..5), 0..6)) {
            let json = Json::Array(variables.into_iter().map(Json::Object).collect());
            if let Ok(environment) = Environment::from_json(json, &Limits::default()) {
                let mut same = environment.clone();
                prop_assert!(same.replace_variables(&all(&environment), &Limits::default()).is_ok());
                prop_assert_eq!(same, environment);
            }
        }
    }
}
