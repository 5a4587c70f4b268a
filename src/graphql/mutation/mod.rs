//! The root of writing. A mutation that fails answers null and an error, and its neighbours in the document stand.

mod account;
mod element;
mod environment;
mod invitation;
mod member;
mod notification;
mod partnership;
mod request;
mod team;
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
    pub environment::EnvironmentMutation,
);
