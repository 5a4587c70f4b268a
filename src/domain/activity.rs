//! What happened in a workspace, as its members read it.

use super::request::RequestKind;
use super::{GroupId, InvitationId, MemberId, RequestId, UserId, Visibility, WorkspaceRole};
use serde::Serialize;
use strum::{Display, EnumDiscriminants, EnumString, VariantArray};

/// Whose grant something happened to. In the entry's `data`, `userId` or `groupId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum SubjectRef {
    /// One person.
    Person {
        /// Who.
        #[serde(serialize_with = "as_text")]
        user_id: UserId,
    },
    /// Everybody in a group.
    Group {
        /// Which.
        #[serde(serialize_with = "as_text")]
        group_id: GroupId,
    },
}

/// Something that happened in a workspace. Its fields become the entry's `data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[strum_discriminants(
    name(ActivityKind),
    doc = "What kind of thing happened in a workspace.",
    derive(Hash, Display, EnumString, VariantArray),
    strum(serialize_all = "SCREAMING_SNAKE_CASE")
)]
pub enum Activity {
    /// The workspace was created.
    WorkspaceCreated {
        /// Its name.
        name: String,
        /// The visibility that it was created with.
        visibility: Visibility,
    },
    /// Details of the workspace were edited.
    WorkspaceUpdated {
        /// The version after the edit.
        version: i32,
        /// Which of its fields were given new values.
        fields: Vec<&'static str>,
    },
    /// The workspace became visible to other people than before.
    VisibilityChanged {
        /// What it was.
        from: Visibility,
        /// What it is now.
        to: Visibility,
    },
    /// Somebody asked for an approval.
    RequestSubmitted {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request was approved.
    RequestApproved {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request was denied.
    RequestDenied {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request was taken back.
    RequestCancelled {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// Nobody decided a request in time.
    RequestExpired {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request lost its object.
    RequestSuperseded {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// Somebody was given a role in the workspace.
    MemberAdded {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Who it is given to.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// The role.
        role: WorkspaceRole,
    },
    /// Somebody's role in the workspace changed.
    MemberRoleChanged {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it is.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// The role that they had.
        from: WorkspaceRole,
        /// The role that they have now.
        to: WorkspaceRole,
    },
    /// Somebody was removed from the workspace.
    MemberRemoved {
        /// The grant that ended.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it was.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// Somebody left the workspace.
    MemberLeft {
        /// The grant that ended.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it was.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// An invited person accepted, and is in.
    MemberJoined {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Who it is given to.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// The role.
        role: WorkspaceRole,
    },
    /// Somebody's access ended by the clock.
    MemberExpired {
        /// The grant that ended.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it was.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// Somebody's access got another end.
    MemberTermChanged {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it is.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// A partner became Partner Lead, or is one no more.
    PartnerLeadChanged {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it is.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// Whether they are one now.
        partner_lead: bool,
    },
    /// Somebody was invited by mail.
    InvitationSent {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
        /// The role.
        role: WorkspaceRole,
    },
    /// The mail of an invitation was sent again, and its term begun anew.
    InvitationResent {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// An invitation was taken back.
    InvitationRevoked {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// The invited person declined.
    InvitationDeclined {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// Nobody answered an invitation in time.
    InvitationExpired {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
}

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
        }
    }

    /// Whether only the team's own side reads it: partners never learn of groups, of requests, or of who else is being invited.
    #[must_use]
    pub const fn is_team_only(&self) -> bool {
        match self {
            Self::WorkspaceCreated { .. } | Self::WorkspaceUpdated { .. } | Self::VisibilityChanged { .. } => false,
            Self::MemberAdded { subject, .. }
            | Self::MemberRoleChanged { subject, .. }
            | Self::MemberRemoved { subject, .. }
            | Self::MemberLeft { subject, .. }
            | Self::MemberJoined { subject, .. }
            | Self::MemberExpired { subject, .. }
            | Self::MemberTermChanged { subject, .. }
            | Self::PartnerLeadChanged { subject, .. } => matches!(subject, SubjectRef::Group { .. }),
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

fn as_text<S: serde::Serializer>(id: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TeamRole;

    #[test]
    fn roles_read_as_titles_and_visibilities_in_lower_case() {
        assert_eq!(title(&TeamRole::SuperAdmin), "Super Admin");
        assert_eq!(lower(&Visibility::Partner), "partner");
    }

    #[test]
    fn what_the_system_does_is_said_in_its_name() {
        let activity = Activity::VisibilityChanged { from: Visibility::Private, to: Visibility::Partner };
        assert_eq!(activity.message(None), "Portico changed the visibility from private to partner.");
        assert_eq!(ActivityKind::from(&activity).to_string(), "VISIBILITY_CHANGED");
    }
}
