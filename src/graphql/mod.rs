//! The shape of the schema, and nothing else: resolvers map and call, the rules are in [`domain`](crate::domain) and
//! [`app`](crate::app).
#![expect(clippy::unused_async, reason = "resolvers are asynchronous whether they wait or not")]

mod context;
mod enums;
mod errors;
mod feed_cursor;
mod inputs;
mod loaders;
mod mutation;
mod objects;
mod order;
mod paging;
mod payloads;
mod query;
mod requires;
mod service;
mod subscription;

pub use enums::Action;
pub use requires::REQUIREMENTS;
pub use service::{Api, Session};

use async_graphql::connection::Connection;
use async_graphql::{SDLExportOptions, Schema, SchemaBuilder};

/// The schema of the public API.
pub type PublicSchema = Schema<query::Query, mutation::Mutation, subscription::Subscription>;

fn builder() -> SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription> {
    // The admission gate bounds documents before they are parsed; these are a second wall.
    Schema::build(query::Query, mutation::Mutation::default(), subscription::Subscription)
        .register_output_type::<objects::Node>()
        .override_output_type_description::<Connection<String, objects::Activity>>("A page of a workspace's activity.")
        .override_output_type_description::<Connection<String, objects::ApprovalRequest>>("A page of approval requests.")
        .override_output_type_description::<Connection<String, objects::Comment>>("A page of comments.")
        .override_output_type_description::<Connection<String, objects::Element>>("A page of elements.")
        .override_output_type_description::<Connection<String, objects::ElementChange>>(
            "A page of what differs between two documents of an element.",
        )
        .override_output_type_description::<Connection<String, objects::PullRequest>>("A page of pull requests.")
        .override_output_type_description::<Connection<String, objects::PullRequestComment>>("A page of comments on a pull request.")
        .override_output_type_description::<Connection<String, objects::CollectionItem>>("A page of folders and requests.")
        .override_output_type_description::<Connection<String, objects::EnvironmentVariable>>("A page of an environment's variables.")
        .override_output_type_description::<Connection<String, objects::Revision>>("A page of an element's revisions.")
        .override_output_type_description::<Connection<String, objects::Collection>>("A page of collections.")
        .override_output_type_description::<Connection<String, objects::RelatedItem>>("A page of monitors, mock servers and integrations.")
        .override_output_type_description::<Connection<String, objects::ElementGrant>>("A page of roles on an element.")
        .override_output_type_description::<Connection<String, objects::Group>>("A page of groups.")
        .override_output_type_description::<Connection<String, objects::Partner>>("A page of partners.")
        .override_output_type_description::<Connection<String, objects::PartnerAccess>>("A page of what a partner can reach.")
        .override_output_type_description::<Connection<String, objects::PartnerOrganization>>("A page of partner organizations.")
        .override_output_type_description::<Connection<String, objects::Invitation>>("A page of invitations.")
        .override_output_type_description::<Connection<String, objects::TrashEntry>>("A page of what is in the trash.")
        .override_output_type_description::<Connection<String, objects::AuditEvent>>("A page of a team's audit log.")
        .override_output_type_description::<Connection<String, objects::UndeliveredMail>>("A page of mails that could not be delivered.")
        .override_output_type_description::<Connection<String, objects::Notification>>("A page of notifications.")
        .override_output_type_description::<Connection<String, objects::TeamMembership>>("A page of a team's members.")
        .override_output_type_description::<Connection<String, objects::User>>("A page of people.")
        .override_output_type_description::<Connection<String, objects::Workspace>>("A page of workspaces.")
        .override_output_type_description::<Connection<String, objects::WorkspaceMember, objects::MemberCount>>(
            "A page of a workspace's members.",
        )
        .limit_recursive_depth(64)
        .disable_suggestions()
}

/// The public schema in the schema definition language, as `portico schema` prints it.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_enum_items().include_specified_by())
}
