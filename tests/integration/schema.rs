//! The public schema: written down, described throughout, true to the contract.

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};
use portico::graphql::{REQUIREMENTS, sdl};
use std::collections::{BTreeMap, BTreeSet};

/// Types of the schema by name: field to its type, arguments included.
type Shapes = BTreeMap<String, BTreeMap<String, String>>;

fn definitions(text: &str) -> Vec<async_graphql_parser::types::TypeDefinition> {
    let document = parse_schema(text).unwrap();
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.collect()
}

fn fields(kind: &TypeKind) -> Vec<&FieldDefinition> {
    match kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| &field.node).collect(),
        TypeKind::Interface(interface) => interface.fields.iter().map(|field| &field.node).collect(),
        _ => Vec::new(),
    }
}

fn shapes(text: &str) -> Shapes {
    let shape = |definition: async_graphql_parser::types::TypeDefinition| {
        let members = match &definition.kind {
            TypeKind::Enum(values) => values.values.iter().map(|value| (value.node.value.node.to_string(), String::new())).collect(),
            kind => fields(kind).into_iter().map(|field| (field.name.node.to_string(), field.ty.node.to_string())).collect(),
        };
        (definition.name.node.to_string(), members)
    };
    definitions(text).into_iter().map(shape).collect()
}

/// After an intended change: `UPDATE_EXPECT=1 cargo test`, and then review what changed in the file.
#[test]
fn schema_graphql_is_what_the_server_serves() {
    expect_test::expect_file!["../../schema.graphql"].assert_eq(&sdl());
}

#[test]
fn everything_in_the_schema_is_described() {
    let mut bare = Vec::new();
    for definition in definitions(&sdl()) {
        let name = &definition.name.node;
        if definition.description.is_none() {
            bare.push(name.to_string());
        }
        for field in fields(&definition.kind) {
            if field.description.is_none() {
                bare.push(format!("{name}.{}", field.name.node));
            }
            let arguments = field.arguments.iter().filter(|argument| argument.node.description.is_none());
            bare.extend(arguments.map(|argument| format!("{name}.{}({})", field.name.node, argument.node.name.node)));
        }
        match &definition.kind {
            TypeKind::Enum(values) => {
                let values = values.values.iter().filter(|value| value.node.description.is_none());
                bare.extend(values.map(|value| format!("{name}.{}", value.node.value.node)));
            }
            TypeKind::InputObject(input) => {
                let inputs = input.fields.iter().filter(|field| field.node.description.is_none());
                bare.extend(inputs.map(|field| format!("{name}.{}", field.node.name.node)));
            }
            _ => {}
        }
    }
    assert!(bare.is_empty(), "no description: {bare:?}");
}

#[test]
fn requires_says_the_same_in_the_table_the_directives_and_the_descriptions() {
    let mut found = BTreeSet::new();
    for definition in definitions(&sdl()) {
        for field in fields(&definition.kind) {
            for directive in field.directives.iter().filter(|directive| directive.node.name.node == "requires") {
                let action = directive.node.arguments[0].1.node.to_string();
                let description = field.description.as_ref().unwrap();
                assert!(
                    description.node.contains(&format!("`{action}`")),
                    "{}.{} does not say {action}",
                    definition.name.node,
                    field.name.node
                );
                found.insert((definition.name.node.to_string(), field.name.node.to_string(), action));
            }
        }
    }
    let table = REQUIREMENTS.iter().map(|(kind, field, action)| ((*kind).to_owned(), (*field).to_owned(), action.to_string())).collect();
    assert_eq!(found, table);
}

/// Root fields that need no action of the matrix, and why. A new root field without an entry here or in the table fails.
const WITHOUT_ACTION: &[(&str, &str)] = &[
    ("viewer", "one's own"),
    ("node", "each kind has its own action"),
    ("nodes", "each kind has its own action"),
    ("team", "whoever is in it"),
    ("server", "public"),
    ("invitationByToken", "whoever holds the link"),
    ("requestSignInCode", "whoever asks"),
    ("signIn", "whoever holds the code"),
    ("updateProfile", "one's own"),
    ("createAccessToken", "one's own"),
    ("revokeAccessToken", "one's own"),
    ("createTeam", "every user"),
    ("addTeamMembers", "TeamAction::AddMember, AssignRole"),
    ("setTeamRoles", "TeamAction::AssignRole"),
    ("removeFromTeam", "TeamAction::RemoveMember, Action::RemovePartnerFromTeam for a partner, or oneself"),
    ("setTeamPlan", "TeamAction::ChangePlan"),
    ("updateTeamPolicies", "TeamAction::EditSettings"),
    ("markNotificationsRead", "one's own"),
    ("updateNotificationPreferences", "one's own"),
    ("notifications", "one's own"),
];

#[test]
fn every_root_field_has_its_permission_written_down() {
    let shapes = shapes(&sdl());
    for root in ["Query", "Mutation", "Subscription"] {
        for field in shapes[root].keys() {
            let has_action = REQUIREMENTS.iter().any(|(kind, name, _)| *kind == root && name == field);
            let is_excused = WITHOUT_ACTION.iter().any(|(name, _)| name == field);
            assert!(has_action != is_excused, "{root}.{field} needs one entry");
        }
    }
}

#[test]
#[cfg_attr(not(shared_spec), ignore = "../shared/spec is not there")]
fn the_schema_holds_what_the_contract_fixes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/spec/contract.graphql");
    let contract = std::fs::read_to_string(path).unwrap();
    let (contract, ours) = (shapes(&contract), shapes(&sdl()));
    for (kind, members) in contract.iter().filter(|(_, members)| !members.is_empty()) {
        for (member, shape) in members {
            let found = ours.get(kind).and_then(|members| members.get(member));
            assert_eq!(found, Some(shape), "{kind}.{member}");
        }
    }
}
