//! How what happened is said, and who reads it.

use super::{Activity, SubjectRef};
use crate::domain::request::RequestKind;

impl Activity {
    /// The id of what it is about, beside the workspace itself.
    #[must_use]
    pub fn target_id(&self) -> Option<String> {
        match self {
            Self::WorkspaceCreated { .. } | Self::WorkspaceUpdated { .. } | Self::VisibilityChanged { .. } => None,
            Self::RequestSubmitted { request_id, .. }
            | Self::RequestApproved { request_id, .. }
            | Self::RequestDenied { request_id, .. }
            | Self::RequestCancelled { request_id, .. }
            | Self::RequestExpired { request_id, .. }
            | Self::RequestSuperseded { request_id, .. } => Some(request_id.to_string()),
            Self::MemberAdded { member_id, .. }
            | Self::MemberRoleChanged { member_id, .. }
            | Self::MemberRemoved { member_id, .. }
            | Self::MemberLeft { member_id, .. }
            | Self::MemberJoined { member_id, .. }
            | Self::MemberExpired { member_id, .. }
            | Self::MemberTermChanged { member_id, .. }
            | Self::PartnerLeadChanged { member_id, .. } => Some(member_id.to_string()),
            Self::InvitationSent { invitation_id, .. }
            | Self::InvitationResent { invitation_id, .. }
            | Self::InvitationRevoked { invitation_id, .. }
            | Self::InvitationDeclined { invitation_id, .. }
            | Self::InvitationExpired { invitation_id, .. } => Some(invitation_id.to_string()),
            Self::ImportProgressed(import) | Self::ImportFailed(import) => Some(import.import_id.clone()),
            Self::ElementCreated(it)
            | Self::ElementImported(it)
            | Self::ElementMovedIn(it)
            | Self::ElementMovedOut(it)
            | Self::ElementForked(it)
            | Self::ForkMerged(it)
            | Self::ElementRestored(it)
            | Self::ElementPurged(it) => Some(it.element_id.to_string()),
            Self::ElementReplaced(it) | Self::ElementRevisionRestored(it) | Self::ApiUpdated(it) => Some(it.element_id.to_string()),
            Self::CollectionEdited(it) => Some(it.element_id.to_string()),
            Self::EnvironmentUpdated(it) => Some(it.element_id.to_string()),
            Self::ForkCreated(it) => Some(it.element_id.to_string()),
            Self::ChangesPulled(it) | Self::ForkMergedIn(it) => Some(it.element_id.to_string()),
            Self::CollectionApiChanged(it) => Some(it.element_id.to_string()),
            Self::ElementDeleted(it) => Some(it.element_id.to_string()),
            Self::ElementRoleGranted(it) | Self::ElementRoleRevoked(it) => Some(it.element_id.to_string()),
            Self::RelatedItemCreated(it) | Self::RelatedItemPaused(it) | Self::RelatedItemResumed(it) | Self::RelatedItemDeleted(it) => {
                Some(it.related_item_id.to_string())
            }
            Self::CommentAdded(it)
            | Self::CommentEdited(it)
            | Self::CommentDeleted(it)
            | Self::CommentThreadResolved(it)
            | Self::CommentThreadReopened(it) => Some(it.comment_id.to_string()),
            Self::PullRequestOpened(it)
            | Self::PullRequestUpdated(it)
            | Self::PullRequestApproved(it)
            | Self::PullRequestDeclined(it)
            | Self::PullRequestWithdrawn(it)
            | Self::PullRequestMerged(it)
            | Self::PullRequestCommentAdded(it)
            | Self::PullRequestCommentEdited(it)
            | Self::PullRequestCommentDeleted(it) => Some(it.target_id()),
        }
    }

    /// Whether only the team's own side reads it: partners never learn of groups, of requests, or of who else is being invited.
    #[must_use]
    pub const fn is_team_only(&self) -> bool {
        match self {
            Self::MemberAdded { subject, .. }
            | Self::MemberRoleChanged { subject, .. }
            | Self::MemberRemoved { subject, .. }
            | Self::MemberLeft { subject, .. }
            | Self::MemberJoined { subject, .. }
            | Self::MemberExpired { subject, .. }
            | Self::MemberTermChanged { subject, .. }
            | Self::PartnerLeadChanged { subject, .. } => matches!(subject, SubjectRef::Group { .. }),
            Self::ElementRoleGranted(it) | Self::ElementRoleRevoked(it) => matches!(it.subject, SubjectRef::Group { .. }),
            Self::WorkspaceCreated { .. }
            | Self::WorkspaceUpdated { .. }
            | Self::VisibilityChanged { .. }
            | Self::ElementCreated(_)
            | Self::ElementImported(_)
            | Self::ImportProgressed(_)
            | Self::ImportFailed(_)
            | Self::ElementReplaced(_)
            | Self::ElementRevisionRestored(_)
            | Self::CollectionEdited(_)
            | Self::EnvironmentUpdated(_)
            | Self::ApiUpdated(_)
            | Self::CollectionApiChanged(_)
            | Self::ElementMovedIn(_)
            | Self::ElementMovedOut(_)
            | Self::ElementForked(_)
            | Self::ForkCreated(_)
            | Self::ChangesPulled(_)
            | Self::ForkMerged(_)
            | Self::ForkMergedIn(_)
            | Self::ElementDeleted(_)
            | Self::ElementRestored(_)
            | Self::ElementPurged(_)
            | Self::RelatedItemCreated(_)
            | Self::RelatedItemPaused(_)
            | Self::RelatedItemResumed(_)
            | Self::RelatedItemDeleted(_)
            | Self::CommentAdded(_)
            | Self::CommentEdited(_)
            | Self::CommentDeleted(_)
            | Self::CommentThreadResolved(_)
            | Self::CommentThreadReopened(_)
            | Self::PullRequestOpened(_)
            | Self::PullRequestUpdated(_)
            | Self::PullRequestApproved(_)
            | Self::PullRequestDeclined(_)
            | Self::PullRequestWithdrawn(_)
            | Self::PullRequestMerged(_)
            | Self::PullRequestCommentAdded(_)
            | Self::PullRequestCommentEdited(_)
            | Self::PullRequestCommentDeleted(_) => false,
            Self::RequestSubmitted { .. }
            | Self::RequestApproved { .. }
            | Self::RequestDenied { .. }
            | Self::RequestCancelled { .. }
            | Self::RequestExpired { .. }
            | Self::RequestSuperseded { .. }
            | Self::InvitationSent { .. }
            | Self::InvitationResent { .. }
            | Self::InvitationRevoked { .. }
            | Self::InvitationDeclined { .. }
            | Self::InvitationExpired { .. } => true,
        }
    }

    /// A sentence for people. `actor` is the name of who did it; none: the system.
    #[must_use]
    pub fn message(&self, actor: Option<&str>) -> String {
        let who = actor.unwrap_or("Portico");
        match self {
            Self::WorkspaceCreated { name, .. } => format!("{who} created the workspace {name}."),
            Self::WorkspaceUpdated { fields, .. } => format!("{who} edited the workspace: {}.", fields.join(", ")),
            Self::VisibilityChanged { from, to } => format!("{who} changed the visibility from {} to {}.", lower(from), lower(to)),
            Self::RequestSubmitted { kind, .. } => format!("{who} asked {}.", kind.what_for()),
            Self::RequestApproved { kind, .. } => format!("{who} approved the request {}.", kind.what_for()),
            Self::RequestDenied { kind, .. } => format!("{who} denied the request {}.", kind.what_for()),
            Self::RequestCancelled { kind, .. } => format!("{who} cancelled the request {}.", kind.what_for()),
            Self::RequestExpired { kind, .. } => format!("The request {} expired.", kind.what_for()),
            Self::RequestSuperseded { kind, .. } => format!("The request {} has no object any more.", kind.what_for()),
            Self::MemberAdded { name, role, .. } => format!("{who} added {name} as {}.", title(role)),
            Self::MemberRoleChanged { name, from, to, .. } => {
                format!("{who} changed the role of {name} from {} to {}.", title(from), title(to))
            }
            Self::MemberRemoved { name, .. } => format!("{who} removed {name}."),
            Self::MemberLeft { name, .. } => format!("{name} left the workspace."),
            Self::MemberJoined { name, role, .. } => format!("{name} accepted the invitation, and is here as {}.", title(role)),
            Self::MemberExpired { name, .. } => format!("The access of {name} ended."),
            Self::MemberTermChanged { name, .. } => format!("{who} changed until when {name} has access."),
            Self::PartnerLeadChanged { name, partner_lead: true, .. } => format!("{who} made {name} Partner Lead."),
            Self::PartnerLeadChanged { name, partner_lead: false, .. } => format!("{name} is no longer Partner Lead, by {who}."),
            Self::InvitationSent { email, role, .. } => format!("{who} invited {email} as {}.", title(role)),
            Self::InvitationResent { email, .. } => format!("{who} sent the invitation to {email} again."),
            Self::InvitationRevoked { email, .. } => format!("{who} took back the invitation to {email}."),
            Self::InvitationDeclined { email, .. } => format!("{email} declined the invitation."),
            Self::InvitationExpired { email, .. } => format!("The invitation to {email} expired."),
            Self::ElementCreated(it) => format!("{who} created the {} {}.", it.kind.noun(), it.name),
            Self::ElementImported(it) => format!("{who} imported the {} {}.", it.kind.noun(), it.name),
            Self::ImportProgressed(it) => format!("{who} is importing: {} items so far.", it.items),
            Self::ImportFailed(it) => format!("An import of {who} came to nothing after {} items.", it.items),
            Self::ElementReplaced(it) => format!("{who} replaced the document of {}.", it.name),
            Self::ElementRevisionRestored(it) => format!("{who} restored an earlier revision of {}.", it.name),
            Self::CollectionEdited(it) => format!("{who} edited the collection {}.", it.name),
            Self::EnvironmentUpdated(it) => format!("{who} edited the environment {}.", it.name),
            Self::ApiUpdated(it) => format!("{who} edited the API {}.", it.name),
            Self::CollectionApiChanged(it) if it.api_id.is_some() => format!("{who} added the collection {} to an API.", it.name),
            Self::CollectionApiChanged(it) => format!("{who} took the collection {} out of its API.", it.name),
            Self::ElementMovedIn(it) => format!("{who} moved the {} {} into this workspace.", it.kind.noun(), it.name),
            Self::ElementMovedOut(it) => format!("{who} moved the {} {} out of this workspace.", it.kind.noun(), it.name),
            Self::ElementForked(it) => format!("{who} forked the {} {}.", it.kind.noun(), it.name),
            Self::ForkCreated(it) => format!("{who} brought in {}, a fork of the {} {}.", it.label, it.kind.noun(), it.name),
            Self::ChangesPulled(it) => format!("{who} pulled the changes of its parent into {}.", it.name),
            Self::ForkMerged(it) => format!("{who} merged the {} {} into its parent.", it.kind.noun(), it.name),
            Self::ForkMergedIn(it) => format!("{who} merged a fork into {}.", it.name),
            Self::ElementDeleted(it) if it.trash_entry_id.is_some() => {
                format!("{who} moved the {} {} to the trash.", it.kind.noun(), it.name)
            }
            Self::ElementDeleted(it) => format!("{who} deleted the {} {} for good.", it.kind.noun(), it.name),
            Self::ElementRestored(it) => format!("{who} restored the {} {} from the trash.", it.kind.noun(), it.name),
            Self::ElementPurged(it) => format!("{who} removed the {} {} from the trash for good.", it.kind.noun(), it.name),
            Self::ElementRoleGranted(it) => format!("{who} made {} {} of {}.", it.subject_name, title(&it.role), it.name),
            Self::ElementRoleRevoked(it) => format!("{who} took from {} the role {} on {}.", it.subject_name, title(&it.role), it.name),
            Self::RelatedItemCreated(it) => format!("{who} made the {} {}.", it.kind.noun(), it.name),
            Self::RelatedItemPaused(it) => format!("{who} paused the {} {}.", it.kind.noun(), it.name),
            Self::RelatedItemResumed(it) => format!("{who} resumed the {} {}.", it.kind.noun(), it.name),
            Self::RelatedItemDeleted(it) => format!("{who} deleted the {} {}.", it.kind.noun(), it.name),
            Self::CommentAdded(it) => format!("{who} commented on {}.", it.name),
            Self::CommentEdited(it) => format!("{who} changed a comment on {}.", it.name),
            Self::CommentDeleted(it) => format!("{who} deleted a comment on {}.", it.name),
            Self::CommentThreadResolved(it) => format!("{who} settled a thread on {}.", it.name),
            Self::CommentThreadReopened(it) => format!("{who} opened a thread on {} again.", it.name),
            Self::PullRequestOpened(it) => format!("{who} opened {}.", it.words()),
            Self::PullRequestUpdated(it) => format!("{who} edited {}.", it.words()),
            Self::PullRequestApproved(it) => format!("{who} approved {}.", it.words()),
            Self::PullRequestDeclined(it) => format!("{who} declined {}.", it.words()),
            Self::PullRequestWithdrawn(it) => format!("{who} withdrew {}.", it.words()),
            Self::PullRequestMerged(it) => format!("{who} merged {}.", it.words()),
            Self::PullRequestCommentAdded(it) => format!("{who} commented on {}.", it.words()),
            Self::PullRequestCommentEdited(it) => format!("{who} changed a comment on {}.", it.words()),
            Self::PullRequestCommentDeleted(it) => format!("{who} deleted a comment on {}.", it.words()),
        }
    }
}

impl RequestKind {
    /// What it asks for, as the end of a sentence that begins "asked" or "the request".
    #[must_use]
    pub const fn what_for(self) -> &'static str {
        match self {
            Self::CreatePartnerWorkspace => "for a new partner workspace",
            Self::ConvertToPartner => "to turn the workspace into a partner workspace",
            Self::MakePublic => "to make the workspace public",
        }
    }
}

/// An enum's name in lower case, as it stands in a sentence.
pub(crate) fn lower(value: &impl ToString) -> String {
    value.to_string().to_lowercase().replace('_', " ")
}

/// An enum's name as the title of a role: `Super Admin`.
pub(crate) fn title(value: &impl ToString) -> String {
    let text = value.to_string();
    let words = text.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{first}{}", rest.to_lowercase())
    });
    words.collect::<Vec<_>>().join(" ")
}
