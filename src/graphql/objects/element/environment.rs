//! The variables of an environment.

use super::spend;
use crate::app::access::ElementSight;
use crate::app::element::environment::{Value, Variable, variables};
use crate::app::error::Refusal;
use crate::app::paging::{Direction, Page, PageRequest};
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::EnvironmentScope;
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, Object, Result};
use std::sync::Arc;

/// What only environments have.
pub struct EnvironmentFields(pub Arc<ElementSight>);

/// A variable of an environment.
#[derive(Description)]
pub struct EnvironmentVariable {
    variable: Variable,
    /// Whether its reader may know secrets.
    may_know: bool,
}

#[Object]
impl EnvironmentFields {
    /// What its variables are there for.
    async fn scope(&self) -> EnvironmentScope {
        EnvironmentScope::of(self.0.element.format)
    }

    /// Its variables, in their order.
    async fn variables(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, EnvironmentVariable>> {
        let scope = format!("variables:{}", self.0.element.id);
        let page: PageRequest<i64> = PageArguments { first, after, last, before }.within(&scope)?;
        spend(ctx, self.0.element.size_bytes, "variables")?;
        let bytes = ctx.loaders().content(NodeHash::new(self.0.element.root)).await?.ok_or_else(Refusal::not_found)?;
        let found = page_of(variables(bytes).await?, &page);
        let may_know = self.0.check(Action::EditElement, ctx.now()).is_ok();
        Ok(connection(&scope, found, place, |variable| EnvironmentVariable { variable, may_know }))
    }
}

#[Object(use_type_description)]
impl EnvironmentVariable {
    /// Its name. Several can have the same; the last one that is enabled counts.
    async fn key(&self) -> &str {
        &self.variable.key
    }

    /// Its value, as text: of what a file has that is no text, the JSON. Null: it has none, or it is masked.
    async fn value(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match &self.variable.value {
            Value::Plain(value) => Ok(value.clone()),
            Value::Sealed(_) if !self.may_know => Ok(None),
            Value::Sealed(sealed) => Ok(ctx.loaders().secret(sealed).await?),
        }
    }

    /// What it says it is: `default`, `secret`, `text`, `any` and whatever else files hold. Null: it does not say.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<&str> {
        self.variable.kind.as_deref()
    }

    /// Whether it counts.
    async fn enabled(&self) -> bool {
        self.variable.enabled
    }

    /// Whether its value is a secret: kept sealed, and readable only to those who may edit the environment.
    async fn is_secret(&self) -> bool {
        self.variable.secret
    }

    /// Whether its value is a secret that you may not read.
    async fn is_masked(&self) -> bool {
        self.variable.secret && !self.may_know
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.variable.description.as_deref()
    }
}

fn place(variable: &Variable) -> i64 {
    i64::try_from(variable.place).unwrap_or(i64::MAX)
}

/// The variables that are on a page.
fn page_of(variables: Vec<Variable>, page: &PageRequest<i64>) -> Page<Variable> {
    let is_within = |variable: &Variable| {
        let place = place(variable);
        page.after.is_none_or(|after| place > after) && page.before.is_none_or(|before| place < before)
    };
    let mut within: Vec<Variable> = variables.into_iter().filter(is_within).collect();
    if page.direction == Direction::Backward {
        within.reverse();
    }
    within.truncate(page.size + 1);
    Page::of(page, within)
}
