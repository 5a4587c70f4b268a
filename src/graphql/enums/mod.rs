//! The closed sets of the schema: the domain's own, with a sentence for each value.

mod action;
mod document;
mod happening;

pub use action::Action;
pub use document::{DefinitionKind, DefinitionSyntax, EnvironmentScope};
pub use happening::{ActivityKind, AuditKind, MailRhythm, NotificationKind};

use crate::domain::element::ElementFormat;
use async_graphql::Enum;

/// What a person is in a team.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::TeamRole")]
pub enum TeamRole {
    /// Everything, in every workspace of the team.
    SuperAdmin,
    /// Members, team roles, groups, team settings and the audit log; no content.
    Admin,
    /// The plan.
    Billing,
    /// Works in team resources, creates workspaces.
    Developer,
    /// Decides requests to make a workspace public.
    CommunityManager,
    /// Sees and manages every partner workspace of the team.
    PartnerManager,
    /// External; given to every partner by the system, never assigned by hand.
    Partner,
}

/// What a grant in a workspace lets somebody do.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::WorkspaceRole")]
pub enum WorkspaceRole {
    /// Reads.
    Viewer,
    /// Reads and changes elements.
    Editor,
    /// Manages the workspace; never given to a partner.
    Admin,
}

/// Which side of a partnership a person, a group or a grant belongs to.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::Side")]
pub enum Side {
    /// The team that owns the workspace.
    Team,
    /// An external organization.
    Partner,
}

/// Who gets into a workspace.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::Visibility")]
pub enum Visibility {
    /// Its owner, and Super Admins.
    Personal,
    /// Invited team members.
    Private,
    /// Every team member, implicitly as Viewer.
    Team,
    /// Invited team members and invited partners; hidden from every other teammate.
    Partner,
    /// Anyone may view.
    Public,
}

/// What a team has booked.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::team::Plan")]
pub enum Plan {
    /// No partner features.
    Free,
    /// No partner features.
    Professional,
    /// Everything, partner workspaces included.
    Enterprise,
}

/// Where partners may take forks to.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::team::ForkScope")]
pub enum PartnerForkScope {
    /// Any workspace where they may create elements, in another team too.
    Anywhere,
    /// Only workspaces of the same team.
    SameTeam,
    /// Nowhere.
    Nowhere,
}

/// What happened to a part of a document.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::app::snapshot::ChangeKind")]
pub enum ElementChangeKind {
    /// It came.
    Added,
    /// It has other contents, or another value.
    Changed,
    /// It went.
    Removed,
    /// It is at another place.
    Moved,
}

/// A side of a merge.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::merge::Side")]
pub enum MergeSide {
    /// What the fork was taken from.
    Parent,
    /// The fork.
    Fork,
}

/// What becomes of a fork once its changes are in its parent.
#[expect(clippy::enum_variant_names, reason = "the names of the schema")]
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::fork::MergeStrategy")]
pub enum MergeStrategy {
    /// It stays as it is.
    KeepFork,
    /// It becomes what the parent is then.
    UpdateFork,
    /// It is deleted.
    DeleteFork,
}

/// Where a pull request stands. Open and approved ones can still change; the others are final.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::pull_request::PullRequestStatus")]
pub enum PullRequestStatus {
    /// Waits for an approval: there is none, or the fork has changed since.
    Open,
    /// An Editor of the parent has approved the fork as it is now.
    Approved,
    /// A reviewer said no.
    Declined,
    /// The author took it back.
    Withdrawn,
    /// Its changes are in the parent.
    Merged,
}

/// What a reviewer said of a pull request.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::pull_request::ReviewState")]
pub enum ReviewState {
    /// Nothing yet.
    Pending,
    /// Yes.
    Approved,
    /// Yes, to what the fork was before it changed.
    Outdated,
    /// No.
    Declined,
}

/// What an approval request asks for.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::request::RequestKind")]
pub enum RequestKind {
    /// That a workspace, made as a private one for the time being, becomes a partner workspace.
    CreatePartnerWorkspace,
    /// That an existing workspace becomes a partner workspace.
    ConvertToPartner,
    /// That a workspace becomes public.
    MakePublic,
}

/// Where an invitation stands. All but pending are final.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::invitation::InvitationStatus")]
pub enum InvitationStatus {
    /// Waits for an answer.
    Pending,
    /// The invited person is in.
    Accepted,
    /// The invited person does not want to.
    Declined,
    /// It was taken back, or lost its object.
    Revoked,
    /// Nobody answered within the term.
    Expired,
}

/// Where an approval request stands. All but pending are final.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::request::RequestStatus")]
pub enum RequestStatus {
    /// Waits for a decision.
    Pending,
    /// A reviewer said yes.
    Approved,
    /// A reviewer said no.
    Denied,
    /// The requester took it back.
    Cancelled,
    /// Nobody decided within the term.
    Expired,
    /// It lost its object: the workspace was deleted or changed otherwise, or the requester left.
    Superseded,
}

/// What became of one invitee, or of one address.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
pub enum InviteOutcome {
    /// They are in now.
    Added,
    /// A mail is on its way to them.
    Invited,
    /// An invitation is open already.
    AlreadyInvited,
    /// They were in already, and nothing was changed.
    AlreadyMember,
    /// Nothing was done; code and message say why.
    Failed,
}

/// What is bound to a collection.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::element::RelatedItemKind")]
pub enum RelatedItemKind {
    /// Runs the collection by a schedule.
    Monitor,
    /// Answers as the examples of the collection say.
    MockServer,
    /// Connects the collection with another service.
    Integration,
}

/// Whether a related item does its work.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::element::RelatedItemState")]
pub enum RelatedItemState {
    /// It does.
    Active,
    /// It waits until somebody resumes it.
    Paused,
}

/// What an element is.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::element::ElementKind")]
pub enum ElementKind {
    /// A definition, and the collections that belong to it.
    Api,
    /// Requests in folders.
    Collection,
    /// Variables and their values.
    Environment,
}

/// In which format a document goes out.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
pub enum ExportFormat {
    /// A collection, v2.1.0.
    #[graphql(name = "COLLECTION_V2_1")]
    CollectionV21,
    /// A collection, v2.0.0.
    #[graphql(name = "COLLECTION_V2_0")]
    CollectionV20,
    /// An environment, or globals.
    Environment,
    /// An API definition, as it came in.
    Definition,
}

impl ExportFormat {
    /// The format, for an element that is kept in this one.
    pub const fn of(self, kept_in: ElementFormat) -> ElementFormat {
        match self {
            Self::CollectionV21 => ElementFormat::CollectionV21,
            Self::CollectionV20 => ElementFormat::CollectionV20,
            Self::Environment if matches!(kept_in, ElementFormat::Globals) => ElementFormat::Globals,
            Self::Environment => ElementFormat::Environment,
            Self::Definition => ElementFormat::Definition,
        }
    }
}
