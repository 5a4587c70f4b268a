//! Invitations: sent, answered, taken back, ended (domain.md, section 3.2).

mod accept;
mod decline;
mod expire;
mod link;
mod preview;
mod resend;
mod revoke;

pub use accept::{AcceptInvitation, Accepted};
pub use decline::DeclineInvitation;
pub use expire::ExpireInvitations;
pub use preview::{Preview, preview};
pub use resend::ResendInvitation;
pub use revoke::RevokeInvitation;

use super::error::{Refusal, Result};
use super::model::{Invitation, Recipient, Team, Workspace};
use super::secret::Secret;
use super::work::Letter;
use super::{App, Work};
use crate::domain::activity::{Activity, title};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::invitation::InvitationStatus;
use crate::domain::mail::{Affair, MailKind};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::text::{Email, Note, email_key};
use crate::domain::{Code, InvitationId, OrganizationId, Reason, Side, TeamRoles, Timestamp, WorkspaceRole, days};
use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Somebody who is to be invited by mail. That they may be has been decided.
pub(super) struct NewInvitation<'a> {
    pub team: &'a Team,
    /// None: to the team itself.
    pub workspace: Option<&'a Workspace>,
    pub email: &'a Email,
    pub side: Side,
    pub role: WorkspaceRole,
    /// What they will be in the team, where they come to its own side.
    pub team_roles: TeamRoles,
    pub partner_lead: bool,
    pub organization: Option<OrganizationId>,
    pub message: Option<&'a Note>,
    pub access_expires_at: Option<Timestamp>,
}

/// What became of somebody who is brought into something: a team, or a workspace, which gives them a `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict<T> {
    /// They are in by this now.
    Added(T),
    /// They were in by this already; it is as it was.
    AlreadyMember(T),
    /// A mail with this invitation is on its way to them.
    Invited(InvitationId),
    /// This invitation of them is open already; it is as it was.
    AlreadyInvited(InvitationId),
    /// Nothing was done.
    Failed(Code, Reason),
}

impl<T: Copy> Verdict<T> {
    /// What they are in by.
    pub const fn membership(&self) -> Option<T> {
        match self {
            Self::Added(membership) | Self::AlreadyMember(membership) => Some(*membership),
            Self::Invited(_) | Self::AlreadyInvited(_) | Self::Failed(..) => None,
        }
    }

    /// The invitation that is open.
    pub const fn invitation(&self) -> Option<InvitationId> {
        match self {
            Self::Invited(invitation) | Self::AlreadyInvited(invitation) => Some(*invitation),
            Self::Added(_) | Self::AlreadyMember(_) | Self::Failed(..) => None,
        }
    }

    /// Why nothing was done.
    pub const fn failure(&self) -> Option<(Code, Reason)> {
        match self {
            Self::Failed(code, reason) => Some((*code, *reason)),
            Self::Added(_) | Self::AlreadyMember(_) | Self::Invited(_) | Self::AlreadyInvited(_) => None,
        }
    }
}

/// Invites an address, unless an invitation of it is open.
///
/// # Errors
/// What broke.
pub(super) async fn send<T>(work: &mut Work<'_>, app: &App, new: NewInvitation<'_>) -> Result<Verdict<T>> {
    let key = new.email.key();
    let workspace_id = new.workspace.map(|workspace| workspace.id);
    if let Some(open) = work.tx.find_pending_invitation(new.team.id, workspace_id, &key).await? {
        if open.status(work.now()) == InvitationStatus::Pending {
            return Ok(Verdict::AlreadyInvited(open.id));
        }
        // Its term is over, and the job that says so has not come round yet.
        expire::end(work, &open).await?;
    }
    let invitation = new.invitation(work)?;
    let secret = Secret::new(work)?;
    if !work.tx.insert_invitation(&invitation, &key, secret.hash()).await? {
        let met = work.tx.find_pending_invitation(new.team.id, workspace_id, &key).await?;
        return Ok(Verdict::AlreadyInvited(met.map_or(invitation.id, |met| met.id)));
    }
    let activity = Activity::InvitationSent { invitation_id: invitation.id, email: invitation.email.clone(), role: invitation.role };
    let described =
        json!({ "email": invitation.email, "side": invitation.side, "role": invitation.role, "partnerLead": invitation.partner_lead });
    note(work, &invitation, audited(AuditKind::InvitationSent, &invitation).after(described), activity);
    deliver(work, app, &invitation, &new.team.name, &secret).await?;
    Ok(Verdict::Invited(invitation.id))
}

impl NewInvitation<'_> {
    fn invitation(&self, work: &Work<'_>) -> Result<Invitation> {
        Ok(Invitation {
            id: work.new_id()?,
            team_id: self.team.id,
            workspace_id: self.workspace.map(|workspace| workspace.id),
            workspace_name: self.workspace.map(|workspace| workspace.name.clone()),
            email: self.email.as_str().to_owned(),
            side: self.side,
            role: self.role,
            team_roles: self.team_roles,
            partner_lead: self.partner_lead,
            organization_id: self.organization,
            message: self.message.map(Note::as_str).filter(|message| !message.is_empty()).map(str::to_owned),
            stored_status: InvitationStatus::Pending,
            invited_by: work.actor()?.id(),
            created_at: work.now(),
            expires_at: work.now() + days(self.team.policies.invitation_term_days),
            access_expires_at: self.access_expires_at,
            decided_at: None,
        })
    }
}

/// Queues the mail with the link, and tells the invited person in the app where they have an account.
async fn deliver(work: &mut Work<'_>, app: &App, invitation: &Invitation, team: &str, secret: &Secret) -> Result<()> {
    let inviter = &work.actor()?.user.name;
    let message = match &invitation.workspace_name {
        Some(workspace) => format!("{inviter} invites you to the workspace {workspace} of {team} as {}.", title(&invitation.role)),
        None => format!("{inviter} invites you to the team {team}."),
    };
    let subject = Some(NotificationSubject::Invitation(invitation.id));
    let remark = invitation.message.clone();
    // The one spelling that every one with the same key stands for: only its owner can accept.
    let address = email_key(&invitation.email);
    if let Some(user) = work.tx.find_user_by_email(&address).await? {
        let notice = Notice::new(NotificationKind::InvitationReceived, message.clone(), subject).with_remark(remark.clone());
        work.notify([Recipient::from(&user)], notice);
    }
    work.mail(Letter {
        remark,
        subject,
        affair: Some(Affair { team: invitation.team_id, about_partners: invitation.side == Side::Partner }),
        secret: Some(link::write(&app.settings.public_url, invitation.id, secret)),
        ..Letter::new(address, MailKind::Notice(NotificationKind::InvitationReceived), message)
    });
    Ok(())
}

/// An event of the audit log about an invitation.
fn audited(kind: AuditKind, invitation: &Invitation) -> AuditEvent {
    let event = AuditEvent { workspace: invitation.workspace_id, ..AuditEvent::new(invitation.team_id, kind).about(invitation.id) };
    event.of_side(invitation.side)
}

/// The invitation that a link opens, held still, for the invited person to answer it (condition C11).
///
/// # Errors
/// The link opens nothing; it is somebody else's; the invitation is answered, taken back or over.
async fn to_answer(work: &Work<'_>, token: &SecretString) -> Result<Invitation> {
    use crate::domain::policy::Action;
    let actor = work.actor()?;
    let unknown = || Refusal::not_found().at("token");
    let found = link::open(work.tx.queries(), token).await?.ok_or_else(unknown)?;
    if let Some(workspace) = found.workspace_id {
        work.tx.lock_workspace(workspace).await?;
    }
    // Again, now that it is held still: it may have been sent anew, with another secret.
    let invitation = link::open(work.tx.queries(), token).await?.ok_or_else(unknown)?;
    if !invitation.is_to(&actor.user.email) {
        let message = "This invitation is to another address: sign in with the address that it was sent to.";
        return Err(Refusal::forbidden(Some(Action::AnswerInvitation), Reason::NotYours, message).at("token").into());
    }
    check_pending(&invitation, work.now()).map_err(|refusal| refusal.at("token"))?;
    Ok(invitation)
}

/// Refuses what is answered, taken back or over.
fn check_pending(invitation: &Invitation, now: Timestamp) -> std::result::Result<(), Refusal> {
    match invitation.status(now) {
        InvitationStatus::Pending => Ok(()),
        status => Err(ended(status)),
    }
}

/// Keeps what happened to an invitation: in the audit log, and in the activity of the workspace where it leads to one.
fn note(work: &mut Work<'_>, invitation: &Invitation, event: AuditEvent, activity: Activity) {
    if let Some(workspace) = invitation.workspace_id {
        work.record_of(workspace, invitation.organization_id, activity);
    }
    work.audit(event);
}

/// Tells whoever invited.
async fn tell_inviter(work: &mut Work<'_>, invitation: &Invitation, kind: NotificationKind, message: String) -> Result<()> {
    let inviter = work.tx.list_recipients(&[invitation.invited_by]).await?;
    work.notify(inviter, Notice::new(kind, message, Some(NotificationSubject::Invitation(invitation.id))));
    Ok(())
}

/// The refusal that tells what became of an invitation.
fn ended(status: InvitationStatus) -> Refusal {
    let reason = if status == InvitationStatus::Expired { Reason::Expired } else { Reason::WrongState };
    let message = format!("This invitation is {} already.", status.to_string().to_lowercase());
    Refusal::precondition(reason, message).with_details(json!({ "status": status }))
}

/// A token as it counts for an idempotency key, which must not keep the token itself.
fn digest<S: Serializer>(token: &SecretString, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    use secrecy::ExposeSecret;
    <[u8]>::serialize(&Sha256::digest(token.expose_secret()), serializer)
}
