//! A team to try things with, for an empty database.

use super::actor::Origin;
use super::element::{Source, import};
use super::error::{Result, checked};
use super::member::{InviteTeamMembers, Invitee};
use super::model::User;
use super::team::{AddMembers, CreateTeam};
use super::token::{self, CreateToken};
use super::user::EnsureUser;
use super::workspace::CreateWorkspace;
use super::{Actor, App};
use crate::domain::text::{Description, Email, Name, Note, Slug, Summary};
use crate::domain::{TeamId, TeamRole, TokenId, Visibility, WorkspaceRole};
use secrecy::SecretString;
use std::sync::Arc;

/// Somebody of the demo, with a fresh token.
#[derive(Debug)]
pub struct DemoPerson {
    /// Their name.
    pub name: &'static str,
    /// Their address.
    pub email: &'static str,
    /// What they are in the team.
    pub roles: &'static [TeamRole],
    /// Their token.
    pub token: SecretString,
}

/// What [`fill`] did.
#[derive(Debug)]
pub enum Demo {
    /// The people, and their team where it was made just now.
    Ready(Vec<DemoPerson>),
    /// The database holds other people's data, and nothing was done.
    NotEmpty,
}

const FOUNDER: (&str, &str, &[TeamRole]) = ("Ada Admin", "ada@acme.example", &[TeamRole::Admin, TeamRole::Developer]);
const PEOPLE: [(&str, &str, &[TeamRole]); 3] = [
    ("Sam Super", "sam@acme.example", &[TeamRole::SuperAdmin]),
    ("Paula Partner-Manager", "paula@acme.example", &[TeamRole::PartnerManager, TeamRole::Developer]),
    ("Devi Developer", "devi@acme.example", &[TeamRole::Developer]),
];

/// What they work on.
const DOCUMENTS: [&str; 3] = [include_str!("collection.json"), include_str!("environment.json"), include_str!("openapi.yaml")];

/// Fills an empty database with a team, its people and a workspace with documents in it, and makes a token for each person. Where that was done before, only tokens are
/// made.
///
/// # Errors
/// What broke.
pub async fn fill(app: &App) -> Result<Demo> {
    let known = app.queries().find_user_by_email(FOUNDER.1).await?.is_some();
    if !known && app.queries().has_users().await? {
        return Ok(Demo::NotEmpty);
    }
    let mut people = Vec::new();
    for (name, email, roles) in std::iter::once(FOUNDER).chain(PEOPLE) {
        let user = app
            .execute(None, None, &EnsureUser { email: checked("email", Email::parse(email))?, name: checked("name", Name::parse(name))? })
            .await?
            .id();
        let command = CreateToken { on_behalf_of: Some(user), ..CreateToken::new(checked("name", Name::parse("Demo"))?, None) };
        let (_, token) = token::create(app, None, None, command).await?;
        people.push(DemoPerson { name, email, roles, token: token.unwrap_or_default() });
    }
    if !known {
        make_team(app).await?;
    }
    Ok(Demo::Ready(people))
}

async fn make_team(app: &App) -> Result<()> {
    let ada = actor(app, FOUNDER.1).await?;
    let team = app
        .execute(
            Some(&ada),
            None,
            &CreateTeam { name: checked("name", Name::parse("Acme APIs"))?, slug: checked("slug", Slug::parse("acme"))? },
        )
        .await?;
    for (_, email, roles) in PEOPLE {
        app.execute(Some(&ada), None, &AddMembers { team, emails: vec![email.to_owned()], roles: roles.to_vec() }).await?;
    }
    make_workspace(app, team).await
}

async fn make_workspace(app: &App, team: TeamId) -> Result<()> {
    let devi = actor(app, "devi@acme.example").await?;
    let workspace = CreateWorkspace {
        team,
        name: checked("name", Name::parse("Payments API"))?,
        summary: checked("summary", Summary::parse("Everything about taking payments."))?,
        description: checked("description", Description::parse("# Payments API\n\nWhere we design how partners take payments with us."))?,
        visibility: Visibility::Team,
        note: None::<Note>,
    };
    let workspace = app.execute(Some(&devi), None, &workspace).await?.workspace;
    let invitees = vec![Invitee::Email(FOUNDER.1.to_owned())];
    app.execute(Some(&devi), None, &InviteTeamMembers { workspace, invitees, role: WorkspaceRole::Editor, message: None }).await?;
    for document in DOCUMENTS {
        import(app, &devi, None, workspace, Source::Memory(Arc::new(document.to_owned()))).await?;
    }
    Ok(())
}

/// Somebody of the demo, as if signed in.
async fn actor(app: &App, email: &str) -> Result<Actor> {
    let user: Option<User> = app.queries().find_user_by_email(email).await?;
    let user = user.ok_or_else(super::Refusal::not_found)?;
    Ok(Actor { user, token: TokenId::from_uuid(uuid::Uuid::nil()), origin: Origin::default() })
}
