//! Another plan for a team.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::TeamId;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::policy::team::TeamAction;
use crate::domain::team::Plan;
use serde::Serialize;
use serde_json::json;

/// Changes what a team has booked. What exists stays; what needs the plan can no longer be begun.
#[derive(Debug, Clone, Serialize)]
pub struct ChangePlan {
    /// The team.
    pub team: TeamId,
    /// The plan from now on.
    pub plan: Plan,
}

impl Command for ChangePlan {
    const NAME: &'static str = "setTeamPlan";
    type Outcome = TeamId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<TeamId> {
        work.actor()?;
        let team = work.access().team(self.team).may(TeamAction::ChangePlan).await?;
        let before = team.team.plan;
        work.tx.set_team_plan(&team, self.plan).await?;
        if before != self.plan {
            let changed = AuditEvent::new(self.team, AuditKind::TeamPlanChanged);
            work.audit(changed.before(json!({ "plan": before })).after(json!({ "plan": self.plan })));
        }
        Ok(self.team)
    }
}
