//! The permission matrix over the wire: every action whose objects exist, by a person of each column, in a partner workspace.

use crate::documents;
use crate::element_grants::give as grant_role;
use crate::forks;
use crate::invitations::{bring, invite};
use crate::moves::{collection, give, shift};
use crate::pull_requests;
use crate::support::{Person, TestApp, on_both};
use crate::trash;
use portico::domain::policy::table::{Cell, Column, cell};
use portico::domain::policy::{Action, Condition, Decision, Facts, Standing, decide};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use strum::VariantArray;

/// A team, a person of every column towards its partner workspaces, and bystanders to act upon.
pub struct Cast {
    pub team: String,
    pub admin: Person,
    pub people: Vec<(Column, Person)>,
    /// A partner of the same organization as those of the columns.
    colleague: Person,
    /// A member of the team whose roles are given and taken.
    candidate: Person,
    /// A group of partners of that organization.
    group: String,
    /// A partner workspace where everybody who can be is Editor.
    pub dock: String,
}

/// A workspace, and what is in it to act upon.
pub struct Scene {
    pub workspace: String,
    /// The grant of a team member.
    member: String,
    /// The grant of a partner.
    partner: String,
    /// An open invitation to a partner.
    invitation: String,
    /// A collection.
    collection: String,
    /// A comment that somebody else than those of the columns wrote on it.
    comment: String,
}

const TRASH: &str = "query($id: ID!) { workspace(id: $id) { trash(first: 1) { nodes { id } } } }";

/// A number that no group had in its name yet.
fn fresh() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

pub async fn cast(app: &TestApp) -> Cast {
    let admin = app.person("Ada").await;
    let mut people = Vec::new();
    for &column in Column::VARIANTS {
        let name = column.to_string().replace('_', "");
        let domain = if column.is_partner() { "globex.example" } else { "example.com" };
        people.push((column, app.person_at(&name, &format!("{}@{domain}", name.to_lowercase())).await));
    }
    let (colleague, candidate) = (app.person_at("Colleague", "colleague@globex.example").await, app.person("Candidate").await);
    let role = |column| -> Option<&[&str]> {
        match column {
            Column::SuperAdmin => Some(&["SUPER_ADMIN"]),
            Column::TeamAdmin => Some(&["ADMIN"]),
            Column::PartnerManager => Some(&["PARTNER_MANAGER"]),
            Column::Teammate => Some(&["BILLING"]),
            Column::Developer | Column::WorkspaceAdmin | Column::WorkspaceEditor | Column::WorkspaceViewer => Some(&["DEVELOPER"]),
            _ => None,
        }
    };
    let members: Vec<_> = people.iter().filter_map(|(column, person)| Some((person, role(*column)?))).collect();
    let team = app.team(&admin, &[members, vec![(&candidate, &["DEVELOPER"])]].concat()).await;
    let mut cast = Cast { team, admin, people, colleague, candidate, group: String::new(), dock: String::new() };
    // Partners of the columns stay partners of the team whatever happens in a scene.
    let anchor = cast.person(Column::PartnerManager).workspace(&cast.team, "Anchor", "PARTNER").await;
    for column in [Column::LeadEditor, Column::LeadViewer, Column::PartnerEditor, Column::PartnerViewer] {
        bring(app, cast.person(Column::PartnerManager), &anchor, cast.person(column), "VIEWER", false).await;
    }
    let query = "query($id: ID!) { team(id: $id) { organizations(first: 1) { nodes { id } } } }";
    let organization = cast.admin.ask(query, json!({ "id": cast.team })).await.text("/team/organizations/nodes/0/id");
    let input = json!({ "teamId": cast.team, "name": "Globex people", "side": "PARTNER", "organizationId": organization });
    let (manager, boss) = (cast.person(Column::PartnerManager), cast.person(Column::SuperAdmin));
    let dock = manager.workspace(&cast.team, "Dock", "PARTNER").await;
    for (column, person) in cast.people.iter().filter(|(column, _)| is_invitable(*column)) {
        if column.is_partner() {
            bring(app, boss, &dock, person, "EDITOR", false).await;
        } else {
            boss.invite(&dock, person, "EDITOR").await;
        }
    }
    cast.dock = dock;
    cast.group = cast.admin.mutate("createGroup", "group { id }", input).await.text("/group/id");
    cast
}

/// Whether the person of this column can be given a grant and stay in it: not those whom their team role lets in, nor a stranger.
pub fn is_invitable(column: Column) -> bool {
    !matches!(column, Column::SuperAdmin | Column::PartnerManager | Column::Outsider)
}

impl Cast {
    pub fn person(&self, column: Column) -> &Person {
        &self.people.iter().find(|(found, _)| *found == column).unwrap().1
    }

    /// A partner workspace with the people of the columns in it.
    pub async fn scene(&self, app: &TestApp) -> Scene {
        let (manager, boss) = (self.person(Column::PartnerManager), self.person(Column::SuperAdmin));
        let workspace = manager.workspace(&self.team, "Partners", "PARTNER").await;
        for (column, role) in [(Column::WorkspaceAdmin, "ADMIN"), (Column::WorkspaceEditor, "EDITOR"), (Column::WorkspaceViewer, "VIEWER")]
        {
            boss.invite(&workspace, self.person(column), role).await;
        }
        for (column, role, lead) in [
            (Column::LeadEditor, "EDITOR", true),
            (Column::LeadViewer, "VIEWER", true),
            (Column::PartnerEditor, "EDITOR", false),
            (Column::PartnerViewer, "VIEWER", false),
        ] {
            bring(app, boss, &workspace, self.person(column), role, lead).await;
        }
        let member = boss.invite(&workspace, &self.admin, "VIEWER").await;
        let partner = bring(app, boss, &workspace, &self.colleague, "VIEWER", false).await;
        let invited = invite(boss, &workspace, "open@globex.example", "VIEWER", false).await;
        let invitation = invited["invitation"]["id"].as_str().unwrap().to_owned();
        // The manager made it and so is its Admin; as the column they hold no grant.
        assert!(manager.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        let collection = collection(boss, &workspace, "Pets").await;
        // What a condition asks for: those who are Viewers of the workspace are Editors of the element (C16).
        for column in [Column::WorkspaceViewer, Column::LeadViewer, Column::PartnerViewer] {
            assert!(grant_role(boss, &collection, self.person(column), "EDITOR").await.is_ok());
        }
        let input = json!({ "elementId": collection, "body": "First." });
        let comment = self.admin.mutate("addComment", "comment { id }", input).await.text("/comment/id");
        Scene { workspace, member, partner, invitation, collection, comment }
    }

    /// A collection in a workspace, on which the Viewers of the columns hold the role of an Editor.
    async fn edited(&self, app: &TestApp, workspace: &str) -> String {
        let element = collection(self.person(Column::SuperAdmin), workspace, "Edited").await;
        self.let_viewers_edit(app, &element).await;
        element
    }

    /// Gives the Viewers of the columns the role of an Editor on an element.
    async fn let_viewers_edit(&self, app: &TestApp, element: &str) {
        for column in [Column::WorkspaceViewer, Column::LeadViewer, Column::PartnerViewer] {
            let side = if column.is_partner() { "PARTNER" } else { "TEAM" };
            give(app, &self.team, element, Some(self.person(column)), None, side).await;
        }
    }

    /// A pull request of the Admin to a collection in a workspace, which this person is asked to review if they can be; and the collection.
    async fn proposal(&self, workspace: &str, reviewer: &Person) -> (String, String) {
        let parent = collection(self.person(Column::SuperAdmin), workspace, "Parent").await;
        let desk = self.admin.workspace(&self.team, "Desk", "PRIVATE").await;
        let fork = forks::fork(&self.admin, &parent, &desk).await;
        let asked = pull_requests::open(&self.admin, &fork, json!({ "reviewerIds": [reviewer.id] })).await;
        let opened = if asked.is_ok() { asked } else { pull_requests::open(&self.admin, &fork, json!({})).await };
        (opened.text("/pullRequest/id"), parent)
    }

    /// Gives the candidate this role beside their own, and takes it again if that was allowed.
    async fn appoint(&self, who: &Person, role: &str) -> bool {
        let roles = |roles: Value| json!({ "teamId": self.team, "userId": self.candidate.id, "roles": roles });
        let allowed = who.mutate("setTeamRoles", "membership { id }", roles(json!(["DEVELOPER", role]))).await.is_ok();
        let boss = self.person(Column::SuperAdmin);
        assert!(boss.mutate("setTeamRoles", "membership { id }", roles(json!(["DEVELOPER"]))).await.is_ok());
        allowed
    }
}

/// Does the action, and tells whether it was allowed. None: nothing over the wire does it yet.
async fn attempt(app: &TestApp, cast: &Cast, action: Action, who: &Person, scene: &Scene) -> Option<bool> {
    let workspace = scene.workspace.as_str();
    let team = |fields: &str| format!("query($id: ID!) {{ team(id: $id) {{ {fields} }} }}");
    let see = |fields: &str| format!("query($id: ID!) {{ workspace(id: $id) {{ {fields} }} }}");
    let id = json!({ "id": workspace });
    let of = |extra: Value| {
        let mut input = json!({ "workspaceId": workspace });
        input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        input
    };
    Some(match action {
        Action::ViewWorkspace => who.ask(&see("name"), id).await.is_ok(),
        Action::ViewMembers => who.ask(&see("members(first: 1) { nodes { id } }"), id).await.is_ok(),
        Action::ViewActivity => who.ask(&see("activity(first: 1) { nodes { id } }"), id).await.is_ok(),
        Action::ListWorkspace => {
            let list = who.ask("{ viewer { workspaces(first: 100) { nodes { id } } } }", json!({})).await;
            list.list("/viewer/workspaces/nodes").iter().any(|node| node["id"] == workspace)
        }
        Action::EditDetails => who.mutate("updateWorkspace", "workspace { id }", of(json!({ "summary": who.name }))).await.is_ok(),
        Action::ChangeVisibility => {
            let input = of(json!({ "visibility": "PRIVATE", "removePartners": true }));
            who.mutate("changeWorkspaceVisibility", "request { id }", input).await.is_ok()
        }
        Action::InviteTeamMember => {
            let input = of(json!({ "role": "VIEWER", "invitees": [{ "email": cast.person(Column::Teammate).email }] }));
            who.mutate("inviteTeamMembers", "results { outcome }", input).await.is_ok()
        }
        Action::ChangeMemberRole => {
            who.mutate("updateWorkspaceMember", "member { id }", json!({ "memberId": scene.member, "role": "EDITOR" })).await.is_ok()
        }
        Action::RemoveMember => who.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": scene.member })).await.is_ok(),
        Action::InvitePartner => {
            let input = of(json!({ "role": "VIEWER", "invitees": [{ "email": "new@globex.example" }] }));
            let answer = who.mutate("invitePartners", "results { outcome }", input).await;
            answer.is_ok() && answer.at("/results/0/outcome") == "INVITED"
        }
        Action::SetPartnerLead => {
            who.mutate("updateWorkspaceMember", "member { id }", json!({ "memberId": scene.partner, "partnerLead": true })).await.is_ok()
        }
        Action::ChangePartnerRole => {
            let input = json!({ "memberId": scene.partner, "expiresAt": "2030-01-01T00:00:00Z" });
            who.mutate("updateWorkspaceMember", "member { id }", input).await.is_ok()
        }
        Action::RemovePartner => who.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": scene.partner })).await.is_ok(),
        Action::RemovePartnerFromTeam => {
            who.mutate("removeFromTeam", "removedUserId", json!({ "teamId": cast.team, "userId": cast.colleague.id })).await.is_ok()
        }
        Action::ManageInvitation => {
            who.mutate("revokeInvitation", "invitation { id }", json!({ "invitationId": scene.invitation })).await.is_ok()
        }
        Action::AppointPartnerManager => cast.appoint(who, "PARTNER_MANAGER").await,
        Action::AppointSuperAdmin => cast.appoint(who, "SUPER_ADMIN").await,
        Action::InvitePartnerGroup => {
            let input = of(json!({ "role": "VIEWER", "invitees": [{ "groupId": cast.group }] }));
            let answer = who.mutate("invitePartners", "results { outcome }", input).await;
            answer.is_ok() && answer.at("/results/0/outcome") == "ADDED"
        }
        Action::ViewPartnerAccess => {
            let query = "query($id: ID!, $user: ID!) { team(id: $id) { partner(userId: $user) { access(first: 1) { nodes { role } } } } }";
            let answer = who.ask(query, json!({ "id": cast.team, "user": cast.colleague.id })).await;
            answer.is_ok() && answer.at("/team/partner/access/nodes/0/role") == "VIEWER"
        }
        Action::ViewPartnerships => {
            let answer = who
                .ask(&team("organizations(first: 1) { nodes { partners(first: 1) { nodes { joinedAt } } } }"), json!({ "id": cast.team }))
                .await;
            answer.is_ok() && !answer.at("/team/organizations").is_null()
        }
        Action::ManageGroups => {
            let input = json!({ "teamId": cast.team, "name": format!("Group {}", fresh()), "side": "TEAM" });
            who.mutate("createGroup", "group { id }", input).await.is_ok()
        }
        Action::ViewAuditLog => {
            let answer = who.ask(&team("auditLog(first: 1) { nodes { id } }"), json!({ "id": cast.team })).await;
            answer.is_ok() && !answer.at("/team/auditLog").is_null()
        }
        Action::LeaveWorkspace => who.mutate("leaveWorkspace", "leftWorkspaceId", of(json!({}))).await.is_ok(),
        Action::CreateWorkspace => {
            let input = json!({ "teamId": cast.team, "name": "Mine", "visibility": "PRIVATE" });
            who.mutate("createWorkspace", "workspace { id }", input).await.is_ok()
        }
        Action::CreatePartnerWorkspace => {
            let input = json!({ "teamId": cast.team, "name": "Partner", "visibility": "PARTNER" });
            let answer = who.mutate("createWorkspace", "request { id }", input).await;
            answer.is_ok() && answer.at("/request").is_null()
        }
        Action::RequestPartnerWorkspace => {
            let input = json!({ "teamId": cast.team, "name": "Partner", "visibility": "PARTNER" });
            who.mutate("createWorkspace", "request { id }", input).await.is_ok()
        }
        _ => return attempt_on_element(app, cast, action, who, scene).await,
    })
}

/// The same for what is done to an element, which is made for it.
async fn attempt_on_element(app: &TestApp, cast: &Cast, action: Action, who: &Person, scene: &Scene) -> Option<bool> {
    let (workspace, boss) = (scene.workspace.as_str(), cast.person(Column::SuperAdmin));
    Some(match action {
        Action::MoveElementIn => {
            let element = collection(boss, &cast.dock, "Moving").await;
            shift(who, &element, workspace).await.is_ok()
        }
        Action::MoveElementOut => {
            let element = cast.edited(app, workspace).await;
            shift(who, &element, &cast.dock).await.is_ok()
        }
        Action::CreateElement => {
            who.mutate("createCollection", "collection { id }", json!({ "workspaceId": workspace, "name": "Mine" })).await.is_ok()
        }
        Action::ImportElement => {
            let content = documents::collection("Mine", &json!([])).to_string();
            who.mutate("importElements", "warnings", json!({ "workspaceId": workspace, "content": content })).await.is_ok()
        }
        Action::EditElement => {
            let operations = json!([{ "addItem": { "item": { "name": "New" } } }]);
            let input = json!({ "collectionId": cast.edited(app, workspace).await, "operations": operations });
            who.mutate("editCollection", "collection { version }", input).await.is_ok()
        }
        Action::ExportElement => {
            let query = "query($id: ID!) { element(id: $id) { export } }";
            who.ask(query, json!({ "id": collection(boss, workspace, "Exported").await })).await.is_ok()
        }
        Action::ForkIn => forks::try_fork(who, &collection(boss, &cast.dock, "Parent").await, workspace, "Mine").await.is_ok(),
        Action::ForkOut => forks::try_fork(who, &collection(boss, workspace, "Parent").await, &cast.dock, "Mine").await.is_ok(),
        Action::PullChanges => {
            let fork = forks::fork(boss, &collection(boss, &cast.dock, "Parent").await, workspace).await;
            cast.let_viewers_edit(app, &fork).await;
            forks::pull(who, &fork, json!({})).await.is_ok()
        }
        Action::MergeFork => {
            let fork = forks::fork(boss, &cast.edited(app, workspace).await, &cast.dock).await;
            forks::merge(who, &fork, json!({})).await.is_ok()
        }
        Action::OpenPullRequest => {
            // Of a fork where whoever can be is Editor.
            let fork = forks::fork(boss, &collection(boss, workspace, "Parent").await, &cast.dock).await;
            pull_requests::open(who, &fork, json!({})).await.is_ok()
        }
        Action::ReviewPullRequest => {
            let (request, _) = cast.proposal(workspace, who).await;
            pull_requests::approve(who, &request, json!({})).await.is_ok()
        }
        Action::MergePullRequest => {
            let (request, parent) = cast.proposal(workspace, who).await;
            cast.let_viewers_edit(app, &parent).await;
            assert!(pull_requests::approve(boss, &request, json!({})).await.is_ok());
            pull_requests::merge(who, &request, json!({})).await.is_ok()
        }
        Action::DeleteElement => trash::delete(who, &cast.edited(app, workspace).await).await.is_ok(),
        Action::RestoreElement => {
            let entry = trash::throw_away(boss, &cast.edited(app, workspace).await).await;
            trash::restore(who, &entry, None).await.is_ok()
        }
        Action::PurgeElement => {
            // What they deleted themself, if they may delete.
            let element = cast.edited(app, workspace).await;
            trash::delete(who, &element).await;
            trash::delete(boss, &element).await;
            let entries = boss.ask(TRASH, json!({ "id": workspace })).await;
            trash::purge(who, &entries.text("/workspace/trash/nodes/0/id")).await.is_ok()
        }
        Action::GrantElementRole => grant_role(who, &scene.collection, &cast.colleague, "EDITOR").await.is_ok(),
        Action::Comment => {
            let input = json!({ "elementId": scene.collection, "body": "And second.", "replyTo": scene.comment });
            who.mutate("addComment", "comment { id }", input).await.is_ok()
        }
        Action::ModerateComment => who.mutate("deleteComment", "deletedCommentId", json!({ "commentId": scene.comment })).await.is_ok(),
        Action::Watch => who.mutate("watchElement", "element { id }", json!({ "elementId": scene.collection })).await.is_ok(),
        _ => return None,
    })
}

/// What the matrix says for the attempts above.
fn expected(action: Action, column: Column) -> bool {
    match cell(action, column) {
        // Whoever makes the request here needs none, or is a member of the team.
        Cell::NotApplicable => action == Action::RequestPartnerWorkspace,
        Cell::ByTeamRole => match action {
            Action::CreatePartnerWorkspace => false,
            // The people of the workspace are Developers here, who manage the groups that they made; the teammate is not.
            Action::ManageGroups => column != Column::Teammate,
            _ => true,
        },
        // There is a Partner Manager and a Super Admin already; the Admin is the only one; partners are removed first; who is a Viewer here is no
        // Editor of the workspace, whatever elements they may edit.
        Cell::If(Condition::C2 | Condition::C12 | Condition::C14 | Condition::C25) | Cell::No => false,
        Cell::If(_) | Cell::Yes => true,
    }
}

on_both! {
    async fn every_action_is_answered_as_the_matrix_says(app) {
        let cast = cast(&app).await;
        let mut answered = 0;
        for &action in Action::VARIANTS {
            for (column, person) in &cast.people {
                let scene = cast.scene(&app).await;
                let Some(allowed) = attempt(&app, &cast, action, person, &scene).await else { break };
                assert_eq!(allowed, expected(action, *column), "{column} {action}");
                answered += 1;
            }
        }
        assert_eq!(answered, 46 * cast.people.len());
    }

    async fn viewer_can_and_permission_say_what_the_policy_says(app) {
        let cast = cast(&app).await;
        let Scene { workspace, .. } = cast.scene(&app).await;
        let sight = app.parts.app.queries();
        for (column, person) in &cast.people {
            let id = workspace.parse().unwrap();
            let now = app.parts.app.now();
            let found = sight.find_workspace(Some(person.id.parse().unwrap()), id, now).await.unwrap().unwrap();
            let (standing, facts): (Standing, Facts<'_>) = (found.standing, found.facts(now));
            let fields: Vec<_> = Action::VARIANTS.iter().map(|action| format!("{action}: permission(action: {action}) {{ allowed needsApproval reason }}")).collect();
            for chunk in fields.chunks(40) {
                let query = format!("query($id: ID!) {{ workspace(id: $id) {{ viewerCan {} }} }}", chunk.join(" "));
                let answer = person.ask(&query, json!({ "id": workspace })).await;
                if decide(Action::ViewWorkspace, &standing, &facts) != Decision::Allow {
                    assert_eq!(answer.refusal(), "NOT_FOUND/UNKNOWN_ID/id", "{column}");
                    continue;
                }
                let answer = answer.at("/workspace");
                for action in Action::VARIANTS {
                    let Some(permission) = answer.get(action.to_string()) else { continue };
                    let decision = decide(*action, &standing, &facts);
                    assert_eq!(permission["allowed"], decision == Decision::Allow, "{column} {action}");
                    assert_eq!(permission["needsApproval"], decision == Decision::NeedsApproval, "{column} {action}");
                    assert_eq!(permission["reason"].is_null(), decision == Decision::Allow, "{column} {action}");
                    let listed = answer["viewerCan"].as_array().unwrap().iter().any(|listed| *listed == action.to_string().as_str());
                    assert_eq!(listed, decision == Decision::Allow, "{column} {action}");
                }
            }
        }
    }
}
