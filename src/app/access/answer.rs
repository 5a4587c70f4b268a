//! How a decision becomes an answer.

use crate::app::error::{AppError, Refusal};
use crate::app::model::Request;
use crate::domain::policy::{Action, Decision, Denial};
use crate::domain::{Code, Reason, UserId};

/// The refusal that names the decision which came first.
#[must_use]
pub fn already_decided(request: &Request) -> Refusal {
    let status = request.status;
    Refusal::conflict(Reason::AlreadyDecided, format!("This request is {} already.", status.to_string().to_lowercase()))
        .with_details(serde_json::json!({ "status": status }))
}

/// Turns a decision into an answer: the one place where "hide" becomes "not found".
pub(super) fn settle(action: Action, decision: Decision, caller: Option<UserId>) -> std::result::Result<(), Refusal> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Hide => Err(Refusal::not_found()),
        Decision::NeedsApproval => Err(Refusal::forbidden(
            Some(action),
            Reason::ApprovalRequired,
            "This needs an approval: ask for it with changeWorkspaceVisibility or createWorkspace.",
        )),
        Decision::Deny(_) if caller.is_none() => Err(Refusal::unauthenticated()),
        Decision::Deny(denial) => Err(refusal(Some(action), denial)),
    }
}

/// The same for what a team's own roles decide. It is hidden from whoever is not signed in.
pub(super) fn settle_team(decision: Decision) -> std::result::Result<(), Refusal> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Hide => Err(Refusal::not_found()),
        Decision::Deny(denial) => Err(refusal(None, denial)),
        Decision::NeedsApproval => Err(Refusal::forbidden(None, Reason::ApprovalRequired, "This needs an approval.")),
    }
}

fn refusal(action: Option<Action>, denial: Denial) -> Refusal {
    let reason = denial.reason;
    let rule = denial.rule.map_or("", |condition| condition.rule());
    let code = match reason {
        Reason::AlreadyDecided => Code::Conflict,
        Reason::PartnersRemain
        | Reason::VisibilityIsPartner
        | Reason::VisibilityIsNotPartner
        | Reason::VisibilityIsPublic
        | Reason::VisibilityIsPersonal
        | Reason::LastAdmin
        | Reason::PlanRequired
        | Reason::WrongState
        | Reason::Expired => Code::FailedPrecondition,
        _ => Code::Forbidden,
    };
    let message = match (reason, rule) {
        (Reason::PlanRequired, _) => "The team's plan has no partner features: they need the Enterprise plan.".to_owned(),
        (Reason::RoleRequired, "") => "None of your roles lets you do this.".to_owned(),
        (_, "") => format!("You cannot do this: {}.", reason.to_string().to_lowercase().replace('_', " ")),
        (_, rule) => format!("You cannot do this. {rule}"),
    };
    Refusal { action, ..Refusal::new(code, reason, message) }
}

/// For things inside of something: where the outer one may not be read, the inner one is not there.
pub(super) fn hide(error: AppError) -> AppError {
    match error {
        AppError::Refused(_) => Refusal::not_found().into(),
        failed @ AppError::Failed(_) => failed,
    }
}
