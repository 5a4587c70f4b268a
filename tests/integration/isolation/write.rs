//! Every mutation, with every id that exists: what is hidden answers as what was never there, and nothing is changed.

use super::asking::{Ask, Many, Walker};
use super::introspection::Field;
use super::secrets::{Secret, Thing};
use super::things::never;
use super::values::{Slot, build, slots};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Mutations that take no id, why they cannot tell anybody anything, and whether they are tried. A new mutation without an id has to be
/// added here.
const PLAIN: &[(&str, bool, &str)] = &[
    ("createAccessToken", true, "makes something of the caller's own"),
    ("createTeam", true, "makes something of the caller's own; that an address of a team is taken is no secret"),
    ("acceptInvitation", true, "takes a secret, and is tried with one that was never sent"),
    ("declineInvitation", true, "takes a secret, and is tried with one that was never sent"),
    ("requestSignInCode", true, "answers the same whoever asks"),
    ("signIn", true, "takes a secret, and is tried with one that was never sent"),
    ("updateProfile", true, "changes something of the caller's own"),
    ("updateNotificationPreferences", true, "changes something of the caller's own"),
];

/// What a person may do in the workspaces that they can open, and to elements.
type Powers = BTreeMap<String, BTreeSet<String>>;

/// An id that is given, and the thing that has it; none: it was never issued.
#[derive(Clone)]
struct Given<'a> {
    id: String,
    thing: Option<&'a Thing>,
}

impl<'a> Given<'a> {
    fn of(thing: &'a Thing) -> Self {
        Self { id: thing.id.clone(), thing: Some(thing) }
    }

    fn never(kind: &str) -> Self {
        Self { id: never(kind), thing: None }
    }
}

impl Walker<'_> {
    fn mutations(&self) -> Vec<Field> {
        self.documents.schema.get(&self.documents.schema.mutation).fields.clone()
    }

    /// Tries every mutation that takes an id, and nothing that this person may do.
    pub async fn write_nothing(&self) {
        let powers = self.powers().await;
        for field in self.mutations() {
            let slots = slots(&self.documents.schema, &input_of(&field));
            if !slots.is_empty() {
                self.documents.tried(&self.documents.schema.mutation, &field.name);
            }
            let never_issued: Vec<(&Slot, String)> = slots.iter().map(|slot| (slot, never(slot.kind().unwrap_or("workspace")))).collect();
            let ids: Vec<(&Slot, &str)> =
                never_issued.iter().filter(|(slot, _)| slot.is_required).map(|(slot, id)| (*slot, id.as_str())).collect();
            if !slots.is_empty() {
                self.ask(self.mutation(&field, &ids)).await;
            }
            for slot in &slots {
                self.write(&field, &slots, slot, &powers).await;
            }
        }
    }

    /// Tries the mutations that take no id.
    pub async fn write_plainly(&self) {
        for field in self.mutations() {
            if !slots(&self.documents.schema, &input_of(&field)).is_empty() {
                continue;
            }
            let Some((_, is_tried, _)) = PLAIN.iter().find(|(name, ..)| *name == field.name) else {
                self.found(format!("{} takes no id: say in PLAIN why it tells nothing, and whether to try it", field.name), "");
                continue;
            };
            self.documents.tried(&self.documents.schema.mutation, &field.name);
            if *is_tried {
                self.ask(self.mutation(&field, &[])).await;
            }
        }
    }

    fn mutation(&self, field: &Field, ids: &[(&Slot, &str)]) -> Ask {
        let selection = self.documents.selection(&field.shape.name, 2);
        self.documents.sent(&selection);
        let (input, name) = (input_of(field), &field.name);
        let document = format!("mutation($input: {input}!) {{ {name}(input: $input) {{ __typename {} }} }}", selection.text);
        Ask::new(document, json!({ "input": build(&self.documents.schema, &input, ids, &[]) }))
    }

    /// One mutation, with each id at one place of its input, and a few at the others.
    async fn write(&self, field: &Field, slots: &[Slot], slot: &Slot, powers: &Powers) {
        let actions = self.actions_in(&field.description);
        let argument = field.arguments.iter().find(|argument| argument.name == "input").unwrap();
        let many = Many { operation: "mutation", field, argument, selection: self.documents.selection(&field.shape.name, 1) };
        for others in self.others(slots, slot) {
            let input = |id: &str| {
                let ids: Vec<(&Slot, &str)> = others.iter().map(|(slot, given)| (*slot, given.id.as_str())).chain([(slot, id)]).collect();
                build(&self.documents.schema, &argument.shape.name, &ids, &[])
            };
            let tried = self.ids_of(slot.kind(), |thing| !self.may(&Given::of(thing), &others, &actions, powers));
            let inputs: Vec<Value> = tried.iter().map(|tried| input(&tried.id)).collect();
            let parts = self.ask_each(&many, &inputs).await;
            for ((tried, input), part) in tried.iter().zip(&inputs).zip(&parts) {
                if let Some(thing) = tried.thing.filter(|thing| !self.actor.may_open(&thing.secret)) {
                    self.same(|| many.ask(std::slice::from_ref(input)), (part, &thing.id), (&parts[tried.never], &never(thing.kind)));
                }
            }
        }
    }

    /// What stands at the other places that have to be filled: an id that was never issued, a hidden one, and one that can be seen.
    fn others<'s>(&self, slots: &'s [Slot], slot: &Slot) -> Vec<Vec<(&'s Slot, Given<'_>)>> {
        let mut combinations = vec![Vec::new()];
        for other in slots.iter().filter(|other| *other != slot && other.goes_with(slot)) {
            let kind = other.kind().unwrap_or("workspace");
            let things = || self.things.iter().filter(move |thing| thing.kind == kind);
            let hidden = things().find(|thing| !self.actor.may_open(&thing.secret));
            let is_home = |thing: &&Thing| matches!(thing.secret, Secret::Content(place) if self.actor.workspace == Some(place));
            let visible = things().find(is_home).or_else(|| things().find(|thing| self.actor.may_open(&thing.secret)));
            let given: Vec<Given<'_>> =
                [Given::never(kind)].into_iter().chain(hidden.map(Given::of)).chain(visible.map(Given::of)).collect();
            combinations = combinations
                .into_iter()
                .flat_map(|combination| {
                    given.iter().map(move |given| {
                        let mut longer = combination.clone();
                        longer.push((other, given.clone()));
                        longer
                    })
                })
                .collect();
        }
        combinations
    }

    /// Whether this would be a legal act, which is not tried.
    fn may(&self, given: &Given<'_>, others: &[(&Slot, Given<'_>)], actions: &BTreeSet<String>, powers: &Powers) -> bool {
        let all = || others.iter().map(|(_, given)| given).chain([given]);
        let is_visible = |given: &Given<'_>| given.thing.is_some_and(|thing| self.actor.may_open(&thing.secret));
        let is_free = |given: &Given<'_>| {
            given.thing.is_some_and(|thing| {
                let in_power = |workspace: &String| powers.get(workspace).is_some_and(|powers| !powers.is_disjoint(actions));
                self.actor.owns(&thing.secret) || in_power(&thing.id) || thing.workspace.as_ref().is_some_and(in_power)
            })
        };
        // Everybody may take themselves out of what they can see.
        let is_self = |given: &Given<'_>| {
            given.thing.is_some_and(|thing| matches!(thing.secret, Secret::Person(_)) && self.actor.owns(&thing.secret))
        };
        all().all(is_visible) && (all().any(is_free) || all().any(is_self))
    }

    /// The actions that a description says are needed: `REMOVE_MEMBER`.
    fn actions_in(&self, description: &str) -> BTreeSet<String> {
        let known = &self.documents.schema.get("Action").values;
        description.split('`').filter(|word| known.iter().any(|action| action == word)).map(str::to_owned).collect()
    }

    async fn powers(&self) -> Powers {
        let places: Vec<&Thing> = self.things.iter().filter(|thing| matches!(thing.kind, "workspace" | "element")).collect();
        let ask = |thing: &&Thing| {
            Ask::new(format!("query($id: ID!) {{ place: {}(id: $id) {{ viewerCan }} }}", thing.kind), json!({ "id": thing.id }))
        };
        let asks: Vec<Ask> = places.iter().map(ask).collect();
        let answers = self.ask_all(&asks).await;
        let can = |answer: &Value| {
            let listed = answer["data"]["place"]["viewerCan"].as_array().into_iter().flatten();
            listed.filter_map(|action| action.as_str().map(str::to_owned)).collect()
        };
        places.iter().zip(&answers).map(|(thing, answer)| (thing.id.clone(), can(answer))).collect()
    }
}

fn input_of(field: &Field) -> String {
    field.arguments.iter().find(|argument| argument.name == "input").map(|argument| argument.shape.name.clone()).unwrap_or_default()
}
