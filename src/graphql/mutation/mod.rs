//! The root of writing. A mutation that fails answers null and an error, and its neighbours in the document stand.

mod account;
mod member;
mod notification;
mod request;
mod team;
mod workspace;

use async_graphql::MergedObject;

/// The root of writing.
#[derive(MergedObject, Default)]
pub struct Mutation(
    account::AccountMutation,
    team::TeamMutation,
    workspace::WorkspaceMutation,
    request::RequestMutation,
    member::MemberMutation,
    notification::NotificationMutation,
);
