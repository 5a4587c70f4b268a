//! Prints who may do what, for people to review.

use super::actors;
use portico::domain::policy::scope::{Scope, scope};
use portico::domain::policy::table::cell;
use portico::domain::policy::{Action, Column, Decision, Facts, RequestFacts, Standing, decide, permission};
use portico::domain::request::RequestKind;
use portico::domain::team::Plan;
use portico::domain::{Reason, Visibility};
use std::fmt::Write;
use strum::VariantArray;

/// How the file is to be read: its first lines.
const LEGEND: &str = "\
Who may do what, as the policy decides it. One line for each answer, with everybody who gets it; actions whose
answers are all the same stand together.

allow                   they may
approval                they may ask, and a reviewer decides
deny                    they see it, and none of their roles gives it
PARTNERS_REMAIN, ...    they see it, and are refused for this reason
hide                    it does not exist for them

An answer is led by the condition of the matrix that it comes from. Where it depends on the facts, it is two: with
everything speaking for them, and / with everything speaking against them.
";

/// An answer in a word.
pub fn word(decision: Decision) -> String {
    match decision {
        Decision::Allow => "allow".to_owned(),
        Decision::NeedsApproval => "approval".to_owned(),
        Decision::Deny(denial) if denial.reason == Reason::RoleRequired => "deny".to_owned(),
        Decision::Deny(denial) => denial.reason.to_string(),
        Decision::Hide => "hide".to_owned(),
    }
}

/// The whole file: every action for every column in a partner workspace, then what differs elsewhere.
pub fn matrix() -> String {
    let mut out = LEGEND.to_owned();
    let columns = everybody(|standing| standing);
    section(&mut out, "A partner workspace", Visibility::Partner, &columns, Action::VARIANTS, |facts| facts);

    let of_team: Vec<Action> = Action::VARIANTS.iter().copied().filter(|&action| scope(action) != Scope::Workspace).collect();
    let nothing = |facts| Facts { visibility: None, request: None, invitation: None, ..facts };
    let title = "The team: no workspace, request or invitation is named";
    section(&mut out, title, Visibility::Partner, &columns, &of_team, nothing);

    let by_element: Vec<Action> = Action::VARIANTS.iter().copied().filter(|&action| has_c16(action)).collect();
    let editors: Vec<Actor> =
        everybody(actors::editing_the_element).into_iter().filter(|actor| is_by_element(actor, &by_element)).collect();
    let title = "A partner workspace: people who hold Editor on the element (C16)";
    section(&mut out, title, Visibility::Partner, &editors, &by_element, |facts| facts);

    let of_workspace: Vec<Action> = Action::VARIANTS.iter().copied().filter(|&action| scope(action) == Scope::Workspace).collect();
    for visibility in [Visibility::Private, Visibility::Team, Visibility::Public, Visibility::Personal] {
        let title = format!("A workspace of visibility {visibility}");
        section(&mut out, &title, visibility, &columns, &of_workspace, |facts| facts);
    }

    let manager: Vec<Actor> = columns.iter().filter(|actor| actor.column == Some(Column::PartnerManager)).cloned().collect();
    let title = "A private workspace that was a partner one until recently";
    let recent = |facts| Facts { was_partner_recently: true, ..facts };
    section(&mut out, title, Visibility::Private, &manager, &of_workspace, recent);

    let further: Vec<Actor> =
        actors::further_actors().into_iter().map(|(name, standing)| Actor { name: name.to_owned(), column: None, standing }).collect();
    for (visibility, actions) in
        [(Visibility::Partner, Action::VARIANTS), (Visibility::Private, &of_workspace), (Visibility::Public, &of_workspace)]
    {
        let title = format!("People beside the columns: visibility {visibility}");
        section(&mut out, &title, visibility, &further, actions, |facts| facts);
    }

    let everyone: Vec<Actor> = columns.iter().chain(&further).cloned().collect();
    let of_request: Vec<Action> = Action::VARIANTS.iter().copied().filter(|&action| scope(action) == Scope::Request).collect();
    let title = "A request to make a private workspace public";
    section(&mut out, title, Visibility::Private, &everyone, &of_request, |facts| Facts {
        request: facts.request.map(|request| RequestFacts { kind: RequestKind::MakePublic, ..request }),
        ..facts
    });

    let partner_features = [
        Action::CreatePartnerWorkspace,
        Action::RequestPartnerWorkspace,
        Action::ConvertToPartner,
        Action::RequestConversion,
        Action::InvitePartner,
        Action::InvitePartnerGroup,
    ];
    for visibility in [Visibility::Private, Visibility::Partner] {
        let title = format!("A team without the ENTERPRISE plan: visibility {visibility}");
        let free = |facts| Facts { plan: Plan::Free, ..facts };
        section(&mut out, &title, visibility, &columns, &partner_features, free);
    }
    out
}

/// Somebody in the file.
#[derive(Clone)]
struct Actor {
    name: String,
    column: Option<Column>,
    standing: Standing,
}

fn everybody(but: impl Fn(Standing) -> Standing) -> Vec<Actor> {
    let actor = |&column: &Column| Actor { name: column.to_string(), column: Some(column), standing: but(actors::actor(column)) };
    Column::VARIANTS.iter().map(actor).collect()
}

fn has_c16(action: Action) -> bool {
    Column::VARIANTS.iter().any(|&column| cell(action, column).to_string() == "C16")
}

fn is_by_element(actor: &Actor, actions: &[Action]) -> bool {
    actor.column.is_some_and(|column| actions.iter().any(|&action| cell(action, column).to_string() == "C16"))
}

fn section(
    out: &mut String,
    title: &str,
    visibility: Visibility,
    people: &[Actor],
    actions: &[Action],
    with: impl Fn(Facts<'static>) -> Facts<'static>,
) {
    let _ = write!(out, "\n\n== {title}\n");
    let (pro, contra) = (with(actors::favourable(visibility)), with(actors::unfavourable(visibility)));
    let mut blocks: Vec<(Vec<String>, String)> = Vec::new();
    for &action in actions {
        let block = block(action, people, &pro, &contra);
        match blocks.iter_mut().find(|(_, known)| *known == block) {
            Some((names, _)) => names.push(action.to_string()),
            None => blocks.push((vec![action.to_string()], block)),
        }
    }
    for (names, block) in blocks {
        let _ = write!(out, "\n{}\n{block}", names.join("\n"));
    }
}

fn block(action: Action, people: &[Actor], pro: &Facts<'_>, contra: &Facts<'_>) -> String {
    let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
    for actor in people {
        let answer = answer(action, actor, pro, contra);
        match answers.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, names)) => names.push(&actor.name),
            None => answers.push((answer, vec![&actor.name])),
        }
    }
    let mut block = String::new();
    for (answer, names) in answers {
        let _ = writeln!(block, "  {answer:<38}  {}", names.join(" "));
    }
    block
}

/// What is decided for and against them, each led by the condition that it comes from.
fn answer(action: Action, actor: &Actor, pro: &Facts<'_>, contra: &Facts<'_>) -> String {
    let ((pro_rule, pro), (contra_rule, contra)) = (ruled(action, actor, pro), ruled(action, actor, contra));
    if (&pro_rule, &pro) == (&contra_rule, &contra) {
        format!("{pro_rule}{pro}")
    } else if pro_rule == contra_rule {
        format!("{pro_rule}{pro}/{contra}")
    } else {
        format!("{pro_rule}{pro}/{contra_rule}{contra}")
    }
}

fn ruled(action: Action, actor: &Actor, facts: &Facts<'_>) -> (String, String) {
    let rule = permission(action, &actor.standing, facts).rule;
    (rule.map_or_else(String::new, |rule| format!("{rule}:")), word(decide(action, &actor.standing, facts)))
}
