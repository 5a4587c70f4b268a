//! Another role, Lead flag or term for a grant in a workspace.

use super::{AuditedGrant, audited, keep_an_admin, reached};
use crate::app::access::{Granted, Manage, MemberSight};
use crate::app::error::{Refusal, Result};
use crate::app::model::Member;
use crate::app::ports::{FeedId, MemberValues};
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, title};
use crate::domain::audit::AuditKind;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{MemberId, Reason, Side, Timestamp, WorkspaceRole, days};
use serde::Serialize;

/// After every end that a grant can have: who is Admin then is Admin without a term.
const FOREVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// Changes a grant; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateMember {
    /// Which.
    pub member: MemberId,
    /// What it lets its subject do from now on.
    pub role: Option<WorkspaceRole>,
    /// Whether a partner is a Partner Lead from now on.
    pub partner_lead: Option<bool>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Whether it ends only when it is taken.
    pub remove_expiry: bool,
}

impl Command for UpdateMember {
    const NAME: &'static str = "updateWorkspaceMember";
    type Outcome = MemberId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<MemberId> {
        work.actor()?;
        self.check_input(work.now())?;
        let manage = Manage::Change {
            role: self.role,
            role_or_term: self.role.is_some() || self.touches_term(),
            partner_lead: self.partner_lead.is_some(),
        };
        let sight = work.access().member(self.member, manage).await?;
        self.check_side(&sight)?;
        self.check_term(&sight, work.now())?;
        let member = &sight.member;
        let values = MemberValues {
            role: self.role.unwrap_or(member.role),
            partner_lead: self.partner_lead.unwrap_or(member.partner_lead),
            expires_at: if self.remove_expiry { None } else { self.expires_at.or(member.expires_at) },
        };
        if values == values_of(member) {
            return Ok(self.member);
        }
        if member.role == WorkspaceRole::Admin && values.role != WorkspaceRole::Admin {
            keep_an_admin(work, &sight, work.now()).await?;
        } else if values.role == WorkspaceRole::Admin && self.expires_at.is_some() {
            keep_an_admin(work, &sight, FOREVER).await?;
        }
        if !work.tx.set_member(&sight, values).await? {
            return Err(Refusal::not_found().into());
        }
        record(work, member, values);
        audit(work, &sight, values);
        tell(work, &sight, values).await?;
        Ok(self.member)
    }
}

impl UpdateMember {
    const fn touches_term(&self) -> bool {
        self.expires_at.is_some() || self.remove_expiry
    }

    /// What is wrong whatever the grant is.
    fn check_input(&self, now: Timestamp) -> Result<()> {
        if self.role.is_none() && self.partner_lead.is_none() && !self.touches_term() {
            let message = "Name what is to change: role, partnerLead, expiresAt or removeExpiry.";
            return Err(Refusal::bad_input("input", Reason::Empty, message).into());
        }
        if self.expires_at.is_some() && self.remove_expiry {
            let message = "Give expiresAt, or take the end away: not both.";
            return Err(Refusal::bad_input("removeExpiry", Reason::ContradictoryArguments, message).into());
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(Refusal::bad_input("expiresAt", Reason::OutOfRange, "Access ends in the future: to end it now, remove it.").into());
        }
        Ok(())
    }

    /// What one side cannot be.
    fn check_side(&self, sight: &MemberSight) -> Result<()> {
        match sight.member.side {
            Side::Team if self.partner_lead.is_some() => {
                Err(Refusal::bad_input("partnerLead", Reason::WrongSide, "Only a partner can be Partner Lead.").into())
            }
            Side::Partner if self.role == Some(WorkspaceRole::Admin) => {
                Err(Refusal::bad_input("role", Reason::RoleNotAssignable, "A partner is never Admin of a workspace.").into())
            }
            Side::Partner if self.role == Some(WorkspaceRole::Editor) && sight.workspace.workspace.multi_partner => {
                let message = "In multi-partner mode partners are Viewers only.";
                Err(Refusal::precondition(Reason::RoleNotAssignable, message).at("role").into())
            }
            Side::Team | Side::Partner => Ok(()),
        }
    }

    /// What the team's policy says of a partner's term.
    fn check_term(&self, sight: &MemberSight, now: Timestamp) -> Result<()> {
        let Some(most) = sight.workspace.team.policies.partner_access_max_days.filter(|_| sight.member.side == Side::Partner) else {
            return Ok(());
        };
        let argument = if self.remove_expiry {
            "removeExpiry"
        } else if self.expires_at.is_some_and(|end| end > now + days(most)) {
            "expiresAt"
        } else {
            return Ok(());
        };
        let message = format!("The team lets a partner's access last for up to {most} days.");
        Err(Refusal::bad_input(argument, Reason::OutOfRange, message).into())
    }
}

const fn values_of(member: &Member) -> MemberValues {
    MemberValues { role: member.role, partner_lead: member.partner_lead, expires_at: member.expires_at }
}

/// Keeps the change in the audit log of the team.
fn audit(work: &mut Work<'_>, sight: &MemberSight, values: MemberValues) {
    let (before, workspace) = (&sight.member, &sight.workspace.workspace);
    let after = Member { role: values.role, partner_lead: values.partner_lead, expires_at: values.expires_at, ..before.clone() };
    let event = audited(AuditKind::MemberChanged, workspace.team_id, before, Some(workspace.visibility));
    work.audit(event.before(AuditedGrant::of(before)).after(AuditedGrant::of(&after)));
}

/// Records each change of its own kind.
fn record(work: &mut Work<'_>, before: &Member, after: MemberValues) {
    let (workspace, organization, member_id) = (before.workspace_id, before.organization_id, before.id);
    let (subject, name) = (before.subject.reference(), || before.subject.name().to_owned());
    if before.role != after.role {
        let (from, to) = (before.role, after.role);
        work.record_of(workspace, organization, Activity::MemberRoleChanged { member_id, subject, name: name(), from, to });
    }
    if before.partner_lead != after.partner_lead {
        let partner_lead = after.partner_lead;
        work.record_of(workspace, organization, Activity::PartnerLeadChanged { member_id, subject, name: name(), partner_lead });
    }
    if before.expires_at != after.expires_at {
        work.record_of(workspace, organization, Activity::MemberTermChanged { member_id, subject, name: name() });
    }
}

/// Tells the people of the grant of another role or flag, and has their subscriptions look again: when access ends is part of what they know.
async fn tell(work: &mut Work<'_>, sight: &Granted<MemberSight>, after: MemberValues) -> Result<()> {
    let (before, workspace) = (&sight.member, &sight.workspace.workspace);
    let people = reached(work, &before.subject).await?;
    for person in &people {
        work.access_changed(FeedId::User(person.user_id));
    }
    let mut message = Vec::new();
    if before.role != after.role {
        let (from, to) = (title(&before.role), title(&after.role));
        message.push(format!("Your role in the workspace {} changed from {from} to {to}.", workspace.name));
    }
    if before.partner_lead != after.partner_lead {
        let now = if after.partner_lead { "now" } else { "no longer" };
        message.push(format!("You are {now} Partner Lead in the workspace {}.", workspace.name));
    }
    if !message.is_empty() {
        let about = Some(NotificationSubject::Workspace(workspace.id));
        work.notify(people, Notice::new(NotificationKind::RoleChanged, message.join(" "), about));
    }
    Ok(())
}
