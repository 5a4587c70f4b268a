//! The root of writing. A mutation that fails answers null and an error, and its neighbours in the document stand.

mod account;
mod comment;
mod element;
mod element_grant;
mod environment;
mod fork;
mod invitation;
mod member;
mod moving;
mod notification;
mod partnership;
mod pull_request;
mod related_item;
mod request;
mod team;
mod trash;
mod workspace;

use async_graphql::MergedObject;

/// The root of writing.
#[derive(Default, MergedObject)]
pub struct Mutation(
    pub account::AccountMutation,
    pub team::TeamMutation,
    pub workspace::WorkspaceMutation,
    pub request::RequestMutation,
    pub invitation::InvitationMutation,
    pub partnership::PartnershipMutation,
    pub member::MemberMutation,
    pub notification::NotificationMutation,
    pub element::ElementMutation,
    pub trash::TrashMutation,
    pub moving::MovingMutation,
    pub related_item::RelatedItemMutation,
    pub element_grant::ElementGrantMutation,
    pub comment::CommentMutation,
    pub environment::EnvironmentMutation,
    pub fork::ForkMutation,
    pub pull_request::PullRequestMutation,
);
