//! Environments and APIs.

use super::element::said;
use crate::app::element::{ApiEdit, CreateEnvironment, NewApi, UpdateEnvironment, create_api, update_api};
use crate::app::error::checked;
use crate::app::{AppError, parse_id};
use crate::domain::document::environment::{Scope, Setting};
use crate::domain::text::{Description, Name};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Environments and APIs, as mutations.
#[derive(Default)]
pub struct EnvironmentMutation;

#[Object]
impl EnvironmentMutation {
    /// Makes an environment, or globals. Requires `CREATE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn create_environment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateEnvironmentInput,
    ) -> Result<Option<payload::CreateEnvironmentPayload>> {
        let command = CreateEnvironment {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            name: checked("name", Name::parse(&input.name))?,
            scope: input.scope.map_or(Scope::Environment, Into::into),
            values: input.values.map(settings).unwrap_or_default(),
        };
        Ok(Some(payload::CreateEnvironmentPayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }

    /// Edits an environment: all its variables, or some of them. Others who edit other variables at the same time are not overwritten. Requires `EDIT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn update_environment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do.")] input: input::UpdateEnvironmentInput,
    ) -> Result<Option<payload::UpdateEnvironmentPayload>> {
        let command = UpdateEnvironment {
            environment: parse_id(&input.environment_id, "environmentId")?,
            expected_version: input.expected_version,
            message: said(input.message.as_deref())?,
            name: named(input.name.as_deref())?,
            values: input.values.map(settings),
            set: input.set_values.map(settings).unwrap_or_default(),
            remove: input.remove_keys.unwrap_or_default(),
        };
        Ok(Some(payload::UpdateEnvironmentPayload(ctx.execute(input.idempotency_key, command).await.blame("environmentId")?)))
    }

    /// Makes an API of a definition. Requires `CREATE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn create_api(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateApiInput,
    ) -> Result<Option<payload::CreateApiPayload>> {
        let new = NewApi {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            name: checked("name", Name::parse(&input.name))?,
            description: described(input.description.as_deref())?,
            definition: input.definition,
        };
        let api = create_api(ctx.app(), ctx.signed_in()?, input.idempotency_key.as_deref(), new).await.blame("workspaceId")?;
        Ok(Some(payload::CreateApiPayload(api)))
    }

    /// Edits an API: its name, what it is for, its definition. Requires `EDIT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn update_api(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do.")] input: input::UpdateApiInput,
    ) -> Result<Option<payload::UpdateApiPayload>> {
        let edit = ApiEdit {
            api: parse_id(&input.api_id, "apiId")?,
            expected_version: input.expected_version,
            message: said(input.message.as_deref())?,
            name: named(input.name.as_deref())?,
            description: described(input.description.as_deref())?,
            definition: input.definition,
        };
        let api = update_api(ctx.app(), ctx.signed_in()?, input.idempotency_key.as_deref(), edit).await.blame("apiId")?;
        Ok(Some(payload::UpdateApiPayload(api)))
    }
}

fn named(name: Option<&str>) -> Result<Option<Name>, AppError> {
    name.map(|name| checked("name", Name::parse(name))).transpose()
}

fn described(description: Option<&str>) -> Result<Option<Description>, AppError> {
    description.map(|text| checked("description", Description::parse(text))).transpose()
}

fn settings(values: Vec<input::EnvironmentVariableInput>) -> Vec<Setting> {
    let setting = |given: input::EnvironmentVariableInput| {
        let input::EnvironmentVariableInput { key, value, kind, enabled, description } = given;
        Setting { key, value, kind, enabled, description }
    };
    values.into_iter().map(setting).collect()
}
