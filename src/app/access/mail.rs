//! The way to mails that could not be delivered.

use super::answer::hide;
use super::{Access, Granted, TeamAccess};
use crate::app::error::{Refusal, Result};
use crate::app::model::{DeadMail, TeamSight};
use crate::domain::MailId;
use crate::domain::policy::{self, Action};

/// The mails of a team that were given up, as far as the reader may know of them: like its audit log.
#[derive(Debug, Clone)]
pub struct UndeliveredMails {
    /// The team.
    pub team: TeamSight,
    /// Whether the reader sees only what is about partners.
    pub only_partners: bool,
}

impl TeamAccess<'_> {
    /// The mails of the team that were given up.
    ///
    /// # Errors
    /// Not found where the caller may not know of the team or of its mails; forbidden to members of the team who may not.
    pub async fn undelivered_mails(self) -> Result<Granted<UndeliveredMails>> {
        let team = self.may_act(Action::ViewAuditLog).await?.into_inner();
        let only_partners = policy::sees_only_partner_events(&team.standing(self.access.caller), &team.facts());
        Ok(Granted(UndeliveredMails { team, only_partners }))
    }
}

impl Access<'_> {
    /// A mail that was given up, of a team whose mails the caller may know of.
    ///
    /// # Errors
    /// Not found where the caller may not know of it, and where it is not given up.
    pub async fn undelivered_mail(self, id: MailId) -> Result<Granted<DeadMail>> {
        self.caller()?;
        let mail = self.queries.find_dead_mail(id).await?.ok_or_else(Refusal::not_found)?;
        let affair = mail.affair.ok_or_else(Refusal::not_found)?;
        let mails = self.team(affair.team).undelivered_mails().await.map_err(hide)?;
        if mails.only_partners && !affair.about_partners {
            return Err(Refusal::not_found().into());
        }
        Ok(Granted(mail))
    }

    /// A mail that was given up, for whoever operates the server: of any team, and of none.
    ///
    /// # Errors
    /// It is not given up.
    pub(in crate::app) async fn any_undelivered_mail(self, id: MailId) -> Result<Granted<DeadMail>> {
        Ok(Granted(self.queries.find_dead_mail(id).await?.ok_or_else(Refusal::not_found)?))
    }
}
