//! Anything by its id.

use super::{
    Activity, Api, ApprovalRequest, AuditEvent, Collection, Comment, Element, ElementGrant, Environment, Group, Invitation, Notification,
    PartnerOrganization, PullRequest, PullRequestComment, RelatedItem, Team, TrashEntry, User, Workspace, WorkspaceMember,
};
use crate::app::error::{AppError, Refusal};
use crate::app::parse_id;
use crate::domain::policy::Action;
use crate::domain::{Reason, kind};
use crate::graphql::context::ContextExt;
use async_graphql::{Context, ID, Interface};
use std::sync::Arc;

/// Anything that has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The id, which says what kind of thing it is."))]
pub enum Node {
    /// A person.
    User(User),
    /// A team.
    Team(Team),
    /// A workspace.
    Workspace(Workspace),
    /// A grant in a workspace.
    WorkspaceMember(WorkspaceMember),
    /// An approval request.
    ApprovalRequest(ApprovalRequest),
    /// An invitation that you may manage, or that is to you.
    Invitation(Invitation),
    /// A group.
    Group(Group),
    /// A partner organization.
    PartnerOrganization(PartnerOrganization),
    /// A notification of yours.
    Notification(Notification),
    /// Something that happened in a workspace.
    Activity(Activity),
    /// An event of a team's audit log.
    AuditEvent(AuditEvent),
    /// An API, a collection or an environment: only said here, so that the schema tells that what an element is has an id.
    Element(Element),
    /// An API.
    Api(Api),
    /// A collection.
    Collection(Collection),
    /// An environment.
    Environment(Environment),
    /// A deleted collection.
    TrashEntry(TrashEntry),
    /// A monitor, mock server or integration.
    RelatedItem(RelatedItem),
    /// A role on one element.
    ElementGrant(ElementGrant),
    /// A comment.
    Comment(Comment),
    /// A pull request.
    PullRequest(PullRequest),
    /// A comment on a pull request.
    PullRequestComment(PullRequestComment),
}

/// The thing with this id, if who asks may know of it.
pub async fn find_node(ctx: &Context<'_>, id: &ID) -> Result<Node, AppError> {
    let (access, queries, now) = (ctx.access(), ctx.app().queries(), ctx.now());
    match id.as_str().rsplit_once('_').map(|(prefix, _)| prefix) {
        Some("user") => {
            let person = queries.find_person(ctx.reader()?, parse_id::<kind::User>(id, "id")?, now).await?;
            Ok(Node::User(User(person.ok_or_else(Refusal::not_found)?)))
        }
        Some("team") => Ok(Node::Team(Team(access.team(parse_id(id, "id")?).visible().await?.into_inner()))),
        Some("workspace") => {
            let workspace = access.workspace(parse_id(id, "id")?).may(Action::ViewWorkspace).await?;
            Ok(Node::Workspace(Workspace { sight: Arc::new(workspace.into_inner()) }))
        }
        Some("member") => {
            let sight = access.visible_member(parse_id(id, "id")?).await?.into_inner();
            Ok(Node::WorkspaceMember(WorkspaceMember { member: sight.member, workspace: Arc::new(sight.workspace) }))
        }
        Some("request") => {
            let sight = access.request(parse_id(id, "id")?, Action::ViewRequestQueue).await?.into_inner();
            Ok(Node::ApprovalRequest(ApprovalRequest(sight.request)))
        }
        Some("invitation") => {
            Ok(Node::Invitation(Invitation(access.visible_invitation(parse_id(id, "id")?).await?.into_inner().invitation)))
        }
        Some("group") => Ok(Node::Group(Group(access.visible_group(parse_id(id, "id")?).await?.into_inner()))),
        Some("organization") => {
            let organization = access.visible_organization(parse_id(id, "id")?).await?;
            Ok(Node::PartnerOrganization(PartnerOrganization(organization.into_inner())))
        }
        Some("notification") => {
            let found = queries.find_notification(ctx.reader()?, parse_id(id, "id")?).await?;
            Ok(Node::Notification(Notification(Arc::new(found.ok_or_else(Refusal::not_found)?))))
        }
        Some("activity") => {
            let entry = access.activity(parse_id(id, "id")?).await?;
            Ok(Node::Activity(Activity(Arc::new(entry))))
        }
        Some("element") => {
            let sight = access.element(parse_id(id, "id")?).may(Action::ViewWorkspace).await?.into_inner();
            // What it is, and not that it is an element: a fragment on its type would not meet it else.
            Ok(match Element::new(Arc::new(sight)) {
                Element::Api(api) => Node::Api(api),
                Element::Collection(collection) => Node::Collection(collection),
                Element::Environment(environment) => Node::Environment(environment),
            })
        }
        Some("relateditem") => {
            let sight = access.related_item(parse_id(id, "id")?, Action::ViewWorkspace).await?;
            Ok(Node::RelatedItem(RelatedItem(sight.into_inner().item)))
        }
        Some("trashentry") => Ok(Node::TrashEntry(TrashEntry(access.trash_entry(parse_id(id, "id")?).await?.into_inner()))),
        Some("elementgrant") => {
            let sight = access.visible_element_grant(parse_id(id, "id")?).await?.into_inner();
            Ok(Node::ElementGrant(ElementGrant { grant: sight.grant, element: Arc::new(sight.element) }))
        }
        Some("comment") => {
            let sight = access.comment(parse_id(id, "id")?).await?.into_inner();
            Ok(Node::Comment(Comment { comment: Arc::new(sight.comment), element: Arc::new(sight.element) }))
        }
        Some("pullrequest") => {
            let sight = access.pull_request(parse_id(id, "id")?).await?.into_inner();
            Ok(Node::PullRequest(PullRequest::of(sight)))
        }
        Some("pullrequestcomment") => {
            let sight = access.pull_request_comment(parse_id(id, "id")?).await?.into_inner();
            Ok(Node::PullRequestComment(PullRequestComment::of(sight)))
        }
        Some("auditevent") => Ok(Node::AuditEvent(AuditEvent(access.audit_event(parse_id(id, "id")?).await?.into_inner()))),
        _ => Err(Refusal::bad_input("id", Reason::MalformedId, "This is not the id of anything.").into()),
    }
}
