//! What an answer holds, and what it looks like without an id.

use super::secrets::{Actor, DIGITS, Secret, Secrets};
use super::world::uuid_of;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// The answer with `ID` wherever the id stands.
pub fn without(answer: &str, id: &str) -> String {
    let (_, bare) = id.rsplit_once('_').unwrap_or(("", id));
    let uuid = if id.contains('_') { uuid_of(id).to_string() } else { id.to_owned() };
    answer.replace(id, "ID").replace(bare, "ID").replace(&uuid, "ID")
}

/// What of an answer this actor may not know; what they gave themselves is no news.
pub fn forbidden(secrets: &Secrets, actor: &Actor, answer: &Value, given: &str) -> Vec<String> {
    let given = given.to_lowercase();
    let mut found = Vec::new();
    let mut judge = |mark: String, secret: Option<&Secret>| {
        let Some(secret) = secret else { return };
        if !actor.may_know(secret) && !given.contains(&mark.to_lowercase()) {
            found.push(format!("{mark}, which is of {secret:?}"));
        }
    };
    let text = answer.to_string();
    marks(&text).for_each(|mark| judge(mark.to_owned(), secrets.of_text(mark)));
    ids(&text).for_each(|id| judge(id.to_owned(), parse(id).and_then(|id| secrets.of_id(&id))));
    each_text(answer, &mut |text| {
        // Cursors are not to be read by clients, who can all the same.
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else { return };
        marks(&String::from_utf8_lossy(&bytes)).for_each(|mark| judge(mark.to_owned(), secrets.of_text(mark)));
        for window in bytes.windows(16) {
            let id = Uuid::from_slice(window).unwrap();
            judge(id.to_string(), secrets.of_id(&id));
        }
    });
    found.sort();
    found.dedup();
    found
}

fn each_text(value: &Value, look: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) if text.len() < 200 => look(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, look)),
        Value::Object(fields) => fields.values().for_each(|field| each_text(field, look)),
        _ => {}
    }
}

/// Everything of the form of a marker: `MK-name-0007`, whatever its case.
fn marks(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("MK-").chain(text.match_indices("mk-")).map(|(at, _)| at);
    starts.filter_map(|at| {
        let digits = text[at..].find(|character: char| character.is_ascii_digit())?;
        text.get(at..at + digits + DIGITS)
    })
}

/// Everything of the form of an id: the part of a `TypeID` behind the `_`, and bare UUIDs.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    text.split(move |character| !is_word(character)).filter(|word| matches!(word.len(), 26 | 32 | 36))
}

fn parse(id: &str) -> Option<Uuid> {
    if id.len() == 26 { format!("any_{id}").parse::<TypeSafeId<DynamicType>>().ok().map(|id| id.uuid()) } else { id.parse().ok() }
}

#[test]
fn markers_and_ids_are_found_wherever_they_stand() {
    let mut secrets = Secrets::default();
    let name = secrets.mark("name", Secret::Nobody);
    let id = super::things::never("workspace");
    secrets.remember_ids(&[super::secrets::Thing { id: id.clone(), kind: "workspace", secret: Secret::Nobody, workspace: None }]);
    let actor = Actor::default();
    let holds = |text: &str| forbidden(&secrets, &actor, &serde_json::json!([{ "a": text }]), "").len();
    assert_eq!(holds("nothing"), 0);
    for text in [name.clone(), format!("Edited {name}."), name.to_lowercase(), id.clone(), uuid_of(&id).to_string(), format!("see {id}!")] {
        assert_eq!(holds(&text), 1, "{text}");
    }
    let mut cursor = vec![1; 7];
    cursor.extend(uuid_of(&id).into_bytes());
    assert_eq!(holds(&URL_SAFE_NO_PAD.encode(cursor)), 1);
    assert!(forbidden(&secrets, &actor, &serde_json::json!([id]), &id).is_empty());
    assert_eq!(without(&format!(r#"["{id}","x"]"#), &id), r#"["ID","x"]"#);
}
