//! What mutations of environments and APIs take.

use super::inputs;
use crate::graphql::enums::EnvironmentScope;
use async_graphql::{ID, InputObject};
use std::fmt;

inputs! {
    /// What createEnvironment takes.
    CreateEnvironmentInput {
        /// The workspace that it is made in.
        workspace_id: ID,
        /// Its name: 1 to 255 characters.
        name: String,
        /// What its variables are there for. Null: ENVIRONMENT.
        scope: Option<EnvironmentScope>,
        /// Its variables, up to 10,000, in their order. Null: none.
        values: Option<Vec<EnvironmentVariableInput>>,
    }
    /// What updateEnvironment takes.
    UpdateEnvironmentInput {
        /// The environment.
        environment_id: ID,
        /// The version that you have read: the edit is refused if the environment has changed since. Null: whatever it is.
        expected_version: Option<i32>,
        /// What you say about the edit, up to 2,000 characters; it stands in the history.
        message: Option<String>,
        /// Its name: 1 to 255 characters. Null: it stays.
        name: Option<String>,
        /// All its variables, in their order, in place of those that it has. The first of a name is what was the first of that name, the second
        /// the second: what is null of them stays. Not together with setValues or removeKeys.
        values: Option<Vec<EnvironmentVariableInput>>,
        /// Variables that are set or added, each name once; all others stay. Of several of one name it is the last that is enabled.
        set_values: Option<Vec<EnvironmentVariableInput>>,
        /// The names of variables that go. One that it does not have is gone already.
        remove_keys: Option<Vec<String>>,
    }
    /// What createApi takes.
    CreateApiInput {
        /// The workspace that it is made in.
        workspace_id: ID,
        /// Its name: 1 to 255 characters.
        name: String,
        /// What it is for, in Markdown, up to 64 KiB.
        description: Option<String>,
        /// Its definition: OpenAPI 2.0, 3.0 or 3.1 in JSON or YAML, GraphQL SDL, RAML, protobuf or WSDL. It is kept byte for byte.
        definition: String,
    }
    /// What updateApi takes.
    UpdateApiInput {
        /// The API.
        api_id: ID,
        /// The version that you have read: the edit is refused if the API has changed since. Null: whatever it is.
        expected_version: Option<i32>,
        /// What you say about the edit, up to 2,000 characters; it stands in the history.
        message: Option<String>,
        /// Its name: 1 to 255 characters. It does not stand in the definition. Null: it stays.
        name: Option<String>,
        /// What it is for, in Markdown, up to 64 KiB. Null: it stays.
        description: Option<String>,
        /// Its definition, of whatever kind. Null: it stays.
        definition: Option<String>,
    }
}

/// A variable of an environment. What is null of one that is there stays as it is, together with everything else that a file has in it.
#[derive(InputObject)]
pub struct EnvironmentVariableInput {
    /// Its name: 1 to 255 characters.
    pub key: String,
    /// Its value. Null: it stays; that of a new one is empty.
    pub value: Option<String>,
    /// What it is, up to 64 characters: a `secret` is kept sealed, and its value is readable only to those who may edit the environment. Null: it
    /// stays; a new one is `default`.
    #[graphql(name = "type")]
    pub kind: Option<String>,
    /// Whether it counts. Null: it stays; a new one does.
    pub enabled: Option<bool>,
    /// What it is for. Null: it stays.
    pub description: Option<String>,
}

impl fmt::Debug for EnvironmentVariableInput {
    /// Without the value, which may be a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EnvironmentVariableInput").field("key", &self.key).field("kind", &self.kind).finish_non_exhaustive()
    }
}
