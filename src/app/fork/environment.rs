//! Secrets of environments that are merged: nobody brings in a value that they could not read where it comes from.

use crate::app::App;
use crate::app::element::environment::secret_values;
use crate::app::error::Result;
use crate::app::ports::Queries;
use crate::domain::document::Json;
use crate::domain::document::environment::Environment;
use crate::domain::merge::Sides;
use secrecy::ExposeSecret;
use std::collections::HashMap;

/// Takes secret values out of what somebody merges who may not read them: what was there when the two sides last met stands for each, so that
/// none of them seems to have changed.
pub(super) fn hide(source: &mut Environment, base: &Environment) {
    let mut base = base.clone();
    let mut known: HashMap<(String, usize), Json> = HashMap::new();
    each_secret(&mut base, |place, value| drop(known.insert(place, value.clone())));
    each_secret(source, |place, value| *value = known.get(&place).cloned().unwrap_or(Json::Null));
}

/// Gives equal secrets equal texts. The same value is sealed to another text each time, and would seem to be another one.
pub(super) async fn unify(app: &App, queries: &dyn Queries, sides: &mut Sides<Environment>) -> Result<()> {
    let mut values: Vec<&mut Json> = Vec::new();
    for side in [&mut sides.base, &mut sides.parent, &mut sides.fork] {
        values.extend(secret_values(side).into_iter().map(|(_, value)| value).filter(|value| value.as_str().is_some()));
    }
    let texts: Vec<String> = values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
    if texts.is_empty() {
        return Ok(());
    }
    let mut first: HashMap<String, String> = HashMap::new();
    for ((value, text), plain) in values.into_iter().zip(&texts).zip(app.vault.open_many(queries, &texts).await?) {
        let kept = first.entry(plain.expose_secret().to_owned()).or_insert_with(|| text.clone());
        *value = Json::String(kept.clone());
    }
    Ok(())
}

/// Every secret value, with its key and which one of that key it is.
fn each_secret(environment: &mut Environment, mut take: impl FnMut((String, usize), &mut Json)) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (key, value) in environment.secrets_mut() {
        let nth = counts.entry(key.clone()).or_default();
        *nth += 1;
        take((key, *nth), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Limits;

    fn environment(text: &str) -> Environment {
        Environment::parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn what_one_may_not_read_is_as_it_was_when_the_sides_met() {
        let base =
            environment(r#"{"name":"E","values":[{"key":"a","value":"old","type":"secret"},{"key":"b","value":null,"type":"secret"}]}"#);
        let mut source = environment(
            r#"{"name":"E","values":[{"key":"a","value":"new","type":"secret"},{"key":"a","value":"second","type":"secret"},
                {"key":"b","value":"came","type":"secret"},{"key":"c","value":"open","type":"default"}]}"#,
        );
        hide(&mut source, &base);
        let left: Vec<_> = source.variables().map(|variable| variable.value.cloned()).collect();
        let [old, open] = ["old", "open"].map(|text| Some(Json::from(text)));
        assert_eq!(left, [old, Some(Json::Null), Some(Json::Null), open]);
    }
}
