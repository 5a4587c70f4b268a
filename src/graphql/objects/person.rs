//! People and their tokens.

use super::DateTime;
use crate::app::model;
use async_graphql::{Description, ID, Object};

/// A person with an account.
#[derive(Description)]
pub struct User(pub model::Person);

#[Object(use_type_description)]
impl User {
    /// The id of this user.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name that others read.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The verified address. Null where you are not a member of a team that this person is in.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }
}

impl From<&model::User> for User {
    fn from(user: &model::User) -> Self {
        Self(model::Person { id: user.id, name: user.name.clone(), email: Some(user.email.clone()) })
    }
}

/// A personal access token: what a program signs in with, as its owner. Its secret is shown once, when it is made.
#[derive(Description)]
pub struct AccessToken(pub model::AccessToken);

#[Object(use_type_description)]
impl AccessToken {
    /// The id of this token: its public part.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What its owner calls it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends. Null: when it is revoked.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// When it was revoked. Null: it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}
