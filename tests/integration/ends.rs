//! How access ends: by the clock, by somebody's hand, with the last grant; and who may bring it about.

use crate::partner_workspace::{Seed, seed, seed_group, seed_group_grant, seed_organization, seed_partner, try_seed};
use crate::support::app::Answer;
use crate::support::socket::{Event, Socket};
use crate::support::{Person, TestApp, on_both};
use portico::app::clock::Clock;
use portico::app::ports::StoreError;
use portico::domain::WorkspaceRole::{Admin, Editor, Viewer};
use portico::domain::{OrganizationId, TeamId, UserId, days};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ACTIVITY: &str = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { kind message } }";
const ROUNDS: usize = 200;

/// A follower of a workspace, which has shown that it is up by one entry.
async fn follow(app: &TestApp, admin: &Person, person: &Person, workspace: &str) -> Socket {
    let first =
        admin.ask("query($id: ID!) { workspace(id: $id) { activity(first: 1) { nodes { cursor } } } }", json!({ "id": workspace })).await;
    let after = first.text("/workspace/activity/nodes/0/cursor");
    touch(admin, workspace).await;
    let mut socket = Socket::subscribe(app, person, ACTIVITY, json!({ "id": workspace, "after": after })).await;
    while kind(&socket.next().await) != "WORKSPACE_UPDATED" {}
    socket
}

async fn touch(admin: &Person, workspace: &str) {
    assert!(admin.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "summary": "Touched." })).await.is_ok());
}

fn kind(event: &Value) -> String {
    event["workspaceActivity"]["kind"].as_str().unwrap().to_owned()
}

/// How long it takes until the subscription completes, passing over what was on its way.
async fn completion(socket: &mut Socket) -> Duration {
    let lost = Instant::now();
    while socket.event().await != Event::Complete {}
    lost.elapsed()
}

async fn update(person: &Person, mut change: Value, member: &str) -> Answer {
    change["memberId"] = json!(member);
    person.mutate("updateWorkspaceMember", "member { role partnerLead expiresAt }", change).await
}

async fn remove(person: &Person, member: &str) -> Answer {
    person.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await
}

/// Everything that a change would show in: grants, activity.
async fn state(admin: &Person, workspace: &str) -> Value {
    let query = "query($id: ID!) { workspace(id: $id) { version visibility members(first: 100) { nodes { id role partnerLead expiresAt } } activity(last: 100) { nodes { id } } } }";
    admin.ask(query, json!({ "id": workspace })).await.at("/workspace").clone()
}

async fn teams(person: &Person) -> usize {
    person.ask("{ viewer { teams { team { id } } } }", json!({})).await.list("/viewer/teams").len()
}

/// Counts the partners of a team who hold nothing in it.
async fn idle_partners(app: &TestApp, team: &str) -> u64 {
    let team: TeamId = team.parse().unwrap();
    let text = "UPDATE team_member SET roles = roles WHERE team_id = $1 AND roles = 64
        AND NOT EXISTS (SELECT 1 FROM workspace_member m WHERE m.team_id = team_member.team_id AND m.user_id = team_member.user_id)
        AND NOT EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id WHERE gm.user_id = team_member.user_id)";
    app.sql(text, vec![team.uuid().into()]).await
}

async fn seed_invitation(app: &TestApp, team: &str, workspace: &str, by: &Person, organization: Option<OrganizationId>, email: &str) {
    let (team, by, workspace): (TeamId, UserId, portico::domain::WorkspaceId) =
        (team.parse().unwrap(), by.id.parse().unwrap(), workspace.parse().unwrap());
    let side = if organization.is_some() { "PARTNER" } else { "TEAM" };
    let id = uuid::Uuid::from_u128(app.clock.now().as_micros().unsigned_abs().into());
    app.advance(Duration::from_millis(1));
    let text = "INSERT INTO invitation (id, team_id, workspace_id, workspace_name, email, email_key, side, role, team_roles, partner_lead, organization_id,
                    status, secret_hash, invited_by, created_at, expires_at)
                VALUES ($1, $2, $3, 'W', $4, $4, $5, 'VIEWER', 0, FALSE, $6, 'PENDING', $7, $8, 1, $9)";
    let end = (app.clock.now() + days(30)).as_micros();
    let organization = organization.map(|organization| organization.uuid());
    let values = vec![
        id.into(),
        team.uuid().into(),
        workspace.uuid().into(),
        email.into(),
        side.into(),
        organization.into(),
        vec![0_u8; 32].into(),
        by.uuid().into(),
        end.into(),
    ];
    assert_eq!(app.sql(text, values).await, 1);
}

async fn invitations(app: &TestApp, status: &str) -> u64 {
    app.sql("UPDATE invitation SET status = status WHERE status = $1", vec![status.into()]).await
}

on_both! {
    async fn a_grant_that_the_clock_ends_ends_what_was_open_by_it(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (pia, gus, ron) = (app.person("Pia").await, app.person("Gus").await, app.person("Ron").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let end = app.clock.now() + Duration::from_hours(1);
        let mut grants = Vec::new();
        for person in [&pia, &gus, &ron] {
            grants.push(seed(&app, &team, &workspace, person, Seed::of(globex, Viewer).until(end)).await);
        }
        let group = seed_group(&app, &team, globex, &[&gus]).await;
        seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer).until(end + Duration::from_hours(1))).await;
        let mut of_pia = follow(&app, &paula, &pia, &workspace).await;
        let mut of_gus = follow(&app, &paula, &gus, &workspace).await;
        let mut of_ron = follow(&app, &paula, &ron, &workspace).await;
        // Ron's access is prolonged while he follows.
        assert!(update(&paula, json!({ "expiresAt": app.moment(Duration::from_hours(3)) }), &grants[2]).await.is_ok());

        app.advance(Duration::from_mins(59));
        tokio::time::sleep(Duration::from_millis(700)).await;
        touch(&paula, &workspace).await;
        for socket in [&mut of_pia, &mut of_gus, &mut of_ron] {
            while kind(&socket.next().await) != "WORKSPACE_UPDATED" {}
        }
        app.advance(Duration::from_mins(2));
        let took = completion(&mut of_pia).await;
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert_eq!(pia.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": workspace })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert!(paula.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "multiPartner": true })).await.is_ok());
        assert!(paula.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "multiPartner": false })).await.is_ok());
        for socket in [&mut of_gus, &mut of_ron] {
            while kind(&socket.next().await) != "WORKSPACE_UPDATED" {}
        }
        app.advance(Duration::from_hours(1));
        let took = completion(&mut of_gus).await;
        assert!(took < Duration::from_secs(1), "the group's grant has ended too: {took:?}");
        let mut live = false;
        touch(&paula, &workspace).await;
        for _ in 0..3 {
            live = live || kind(&of_ron.next().await) == "WORKSPACE_UPDATED";
        }
        assert!(live);
    }

    async fn grants_that_have_ended_are_cleared_away_recorded_and_told(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (pia, gus, greta, two) = (app.person("Pia").await, app.person("Gus").await, app.person("Greta").await, app.person("Two").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let other = paula.workspace(&team, "Other", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let end = app.clock.now() + days(30);
        let of_pia = seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer).until(end)).await;
        seed(&app, &team, &workspace, &two, Seed::of(globex, Viewer).until(end)).await;
        for person in [&gus, &greta, &two] {
            seed(&app, &team, &other, person, Seed::of(globex, Editor)).await;
        }
        let group = seed_group(&app, &team, globex, &[&gus, &greta]).await;
        seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer).until(end)).await;
        // Greta has a grant of her own beside the group's, which goes on.
        seed(&app, &team, &workspace, &greta, Seed::of(globex, Viewer)).await;

        app.run_jobs().await;
        assert!(pia.told().await.is_empty(), "30 days are long");
        app.advance(days(23));
        app.mails().await;
        app.run_jobs().await;
        for person in [&pia, &gus, &greta, &two] {
            assert_eq!(person.told().await, ["ACCESS_EXPIRING"], "{}: told once", person.name);
        }
        let told = pia.ask("{ viewer { notifications(last: 1) { nodes { message } } } }", json!({})).await;
        assert_eq!(told.text("/viewer/notifications/nodes/0/message"), "Your access to the workspace Shared ends within 7 days.");
        assert!(app.mails().await.is_empty(), "in the app only");
        // Another term is told of anew, and an end that was taken away is not.
        let later = app.moment(days(8));
        assert_eq!(update(&paula, json!({ "expiresAt": later }), &of_pia).await.text("/member/expiresAt"), later);
        app.run_jobs().await;
        assert_eq!(pia.told().await.len(), 1);
        app.advance(days(1) + Duration::from_secs(1));
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(pia.told().await, ["ACCESS_EXPIRING", "ACCESS_EXPIRING"]);
        assert_eq!(two.told().await, ["ACCESS_EXPIRING"]);

        app.advance(days(6));
        let mails = app.mails().await;
        let mut to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["gus@example.com", "two@example.com"]);
        assert!(mails[0].text.contains("Your access to the workspace Shared has ended."), "{}", mails[0].text);
        assert_eq!(greta.told().await, ["ACCESS_EXPIRING"], "she is still in");
        assert_eq!((teams(&two).await, teams(&gus).await), (1, 1), "there is the other workspace");
        app.advance(days(2));
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(pia.told().await, ["ACCESS_EXPIRING", "ACCESS_EXPIRING", "MEMBER_REMOVED"]);
        assert_eq!(teams(&pia).await, 0, "the last grant has ended");
        let expired = paula.activity(&workspace).await.into_iter().filter(|kind| kind == "MEMBER_EXPIRED").count();
        assert_eq!(expired, 3, "two people and a group");
        assert_eq!(greta.activity(&workspace).await.into_iter().filter(|kind| kind == "MEMBER_EXPIRED").count(), 2, "a partner reads nothing of groups");
        assert_eq!(idle_partners(&app, &team).await, 0);
        // They can come again.
        seed_partner(&app, &team, &workspace, &pia, Viewer).await;
        assert_eq!(teams(&pia).await, 1);
    }

    async fn every_part_of_a_grant_is_changed_by_whoever_may(app) {
        let (ada, paula, wanda, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Wanda").await, app.person("Mo").await);
        let (pia, gus) = (app.person("Pia").await, app.person("Gus").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&wanda, &["DEVELOPER"]), (&mo, &["DEVELOPER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let of_wanda = paula.invite(&workspace, &wanda, "ADMIN").await;
        assert!(paula.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        let of_mo = paula.invite(&workspace, &mo, "EDITOR").await;
        let of_pia = seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer)).await;
        seed(&app, &team, &workspace, &gus, Seed::of(globex, Viewer)).await;
        let group = seed_group(&app, &team, globex, &[&gus]).await;
        let of_group = seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer)).await;
        let soon = app.moment(days(3));

        let before = state(&paula, &workspace).await;
        for (person, member, change, refusal) in [
            (&wanda, &of_pia, json!({}), "BAD_USER_INPUT/EMPTY/input"),
            (&wanda, &of_pia, json!({ "removeExpiry": false }), "BAD_USER_INPUT/EMPTY/input"),
            (&wanda, &of_pia, json!({ "expiresAt": soon, "removeExpiry": true }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/removeExpiry"),
            (&wanda, &of_pia, json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "BAD_USER_INPUT/OUT_OF_RANGE/expiresAt"),
            (&wanda, &of_pia, json!({ "role": "ADMIN" }), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role"),
            (&wanda, &of_group, json!({ "role": "ADMIN" }), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role"),
            (&wanda, &of_mo, json!({ "partnerLead": true }), "BAD_USER_INPUT/WRONG_SIDE/partnerLead"),
            (&wanda, &of_mo, json!({ "partnerLead": false, "role": "VIEWER" }), "BAD_USER_INPUT/WRONG_SIDE/partnerLead"),
            (&wanda, &of_wanda, json!({ "expiresAt": soon }), "FAILED_PRECONDITION/LAST_ADMIN/-"),
            (&wanda, &of_wanda, json!({ "role": "EDITOR" }), "FAILED_PRECONDITION/LAST_ADMIN/-"),
            (&paula, &of_wanda, json!({ "role": "EDITOR" }), "FAILED_PRECONDITION/LAST_ADMIN/-"),
            (&mo, &of_pia, json!({ "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&mo, &of_pia, json!({ "expiresAt": soon }), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, &of_pia, json!({ "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, &of_group, json!({ "role": "EDITOR" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
            (&ada, &of_pia, json!({ "role": "EDITOR" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
        ] {
            assert_eq!(update(person, change.clone(), member).await.refusal(), refusal, "{} {change}", person.name);
        }
        assert_eq!(state(&paula, &workspace).await, before);
        assert!(pia.told().await.is_empty() && gus.told().await.is_empty());

        let policy = |days: &str| (r#"{"partnerAccessMaxDays":DAYS}"#.replace("DAYS", days), team.parse::<TeamId>().unwrap().uuid());
        let (text, id) = policy("10");
        app.sql("UPDATE team SET policies = $1 WHERE id = $2", vec![text.into(), id.into()]).await;
        let too_late = app.moment(days(11));
        for (change, refusal) in [
            (json!({ "expiresAt": too_late }), "BAD_USER_INPUT/OUT_OF_RANGE/expiresAt"),
            (json!({ "removeExpiry": true }), "BAD_USER_INPUT/OUT_OF_RANGE/removeExpiry"),
        ] {
            for member in [&of_pia, &of_group] {
                assert_eq!(update(&paula, change.clone(), member).await.refusal(), refusal);
            }
        }
        assert_eq!(state(&paula, &workspace).await, before);
        assert!(update(&wanda, json!({ "expiresAt": too_late }), &of_mo).await.is_ok(), "the policy is about partners");

        // All at once: one change, each part recorded, told in one notification.
        let changed = update(&wanda, json!({ "role": "EDITOR", "partnerLead": true, "expiresAt": soon }), &of_pia).await;
        assert_eq!(changed.at("/member"), &json!({ "role": "EDITOR", "partnerLead": true, "expiresAt": soon }));
        assert_eq!(pia.told().await, ["ROLE_CHANGED"]);
        let told = pia.ask("{ viewer { notifications(last: 1) { nodes { message } } } }", json!({})).await;
        assert_eq!(told.text("/viewer/notifications/nodes/0/message"), "Your role in the workspace Shared changed from Viewer to Editor. You are now Partner Lead in the workspace Shared.");
        let kinds = paula.activity(&workspace).await;
        assert_eq!(kinds[kinds.len() - 3..], ["MEMBER_ROLE_CHANGED", "PARTNER_LEAD_CHANGED", "MEMBER_TERM_CHANGED"]);
        let same = update(&wanda, json!({ "role": "EDITOR", "partnerLead": true, "expiresAt": soon }), &of_pia).await;
        assert!(same.is_ok());
        assert_eq!(paula.activity(&workspace).await, kinds, "nothing changed, nothing happened");
        // A group's people are all told.
        assert_eq!(update(&wanda, json!({ "role": "EDITOR" }), &of_group).await.text("/member/role"), "EDITOR");
        assert_eq!(gus.told().await, ["ROLE_CHANGED"]);
        let seen = gus.ask("query($id: ID!) { workspace(id: $id) { viewerRole } }", json!({ "id": workspace })).await;
        assert_eq!(seen.text("/workspace/viewerRole"), "EDITOR");
        // With another Admin without a term, the first can have one; then the other cannot.
        assert!(update(&paula, json!({ "role": "ADMIN" }), &of_mo).await.is_ok());
        assert_eq!(update(&paula, json!({ "expiresAt": soon }), &of_wanda).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-", "Mo's own access ends");
        assert!(update(&paula, json!({ "removeExpiry": true }), &of_mo).await.at("/member/expiresAt").is_null());
        assert!(update(&paula, json!({ "expiresAt": soon }), &of_wanda).await.is_ok());
        assert_eq!(update(&paula, json!({ "expiresAt": soon }), &of_mo).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-");
    }

    async fn a_lead_manages_colleagues_only_within_their_own_role(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let (globex, initech) = (Some(seed_organization(&app, &team, "Globex").await), Some(seed_organization(&app, &team, "Initech").await));
        for (number, own) in [Editor, Viewer].into_iter().enumerate() {
            let person = async |name: &str| app.person(&format!("{name}{number}")).await;
            let (lead, other_lead, viewer, editor) = (person("Lead").await, person("Other").await, person("Viewer").await, person("Editor").await);
            let (hidden_lead, stranger) = (person("Hidden").await, person("Stranger").await);
            let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
            let of_mo = paula.invite(&workspace, &mo, "VIEWER").await;
            let of_lead = seed(&app, &team, &workspace, &lead, Seed::of(globex, own).lead()).await;
            let of_other_lead = seed(&app, &team, &workspace, &other_lead, Seed::of(globex, Viewer).lead()).await;
            let of_viewer = seed(&app, &team, &workspace, &viewer, Seed::of(globex, Viewer)).await;
            let of_editor = seed(&app, &team, &workspace, &editor, Seed::of(globex, Editor)).await;
            let of_stranger = seed(&app, &team, &workspace, &stranger, Seed::of(initech, Viewer)).await;
            // Lead by a group, beside a plain grant.
            let of_hidden = seed(&app, &team, &workspace, &hidden_lead, Seed::of(globex, Viewer)).await;
            let leads = seed_group(&app, &team, globex, &[&hidden_lead]).await;
            let of_leads = seed_group_grant(&app, &team, &workspace, leads, &hidden_lead, Seed::of(globex, Viewer).lead()).await;
            let strangers = seed_group(&app, &team, initech, &[&stranger]).await;
            let of_strangers = seed_group_grant(&app, &team, &workspace, strangers, &stranger, Seed::of(initech, Viewer)).await;
            let colleagues = seed_group(&app, &team, globex, &[&viewer]).await;
            let of_colleagues = seed_group_grant(&app, &team, &workspace, colleagues, &viewer, Seed::of(globex, Viewer)).await;

            let before = state(&paula, &workspace).await;
            let up = json!({ "role": "EDITOR" });
            for (member, change, refusal) in [
                (&of_stranger, json!({ "role": "VIEWER" }), "FORBIDDEN/OUTSIDE_ORGANIZATION/-"),
                (&of_strangers, json!({ "role": "VIEWER" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
                (&of_mo, json!({ "role": "VIEWER" }), "FORBIDDEN/ROLE_REQUIRED/-"),
                (&of_other_lead, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_lead, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_hidden, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_leads, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_viewer, json!({ "role": "ADMIN" }), "FORBIDDEN/ROLE_NOT_ASSIGNABLE/-"),
                (&of_viewer, json!({ "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
                (&of_viewer, json!({ "role": "VIEWER", "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
                (&of_other_lead, json!({ "partnerLead": false }), "FORBIDDEN/ROLE_REQUIRED/-"),
            ] {
                assert_eq!(update(&lead, change.clone(), member).await.refusal(), refusal, "{own} {change}");
                if change == json!({ "role": "VIEWER" }) {
                    assert_eq!(remove(&lead, member).await.refusal(), refusal, "{own}");
                }
            }
            if own == Viewer {
                assert_eq!(update(&lead, up.clone(), &of_viewer).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
                assert_eq!(update(&lead, up.clone(), &of_colleagues).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
                assert_eq!(update(&lead, json!({ "role": "VIEWER" }), &of_editor).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-", "nor taken down");
                assert_eq!(update(&lead, json!({ "expiresAt": app.moment(days(1)) }), &of_editor).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
                assert_eq!(remove(&lead, &of_editor).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
            }
            assert_eq!(state(&paula, &workspace).await, before);
            for person in [&other_lead, &viewer, &editor, &stranger, &hidden_lead] {
                assert!(person.told().await.is_empty(), "{own} {}", person.name);
            }
            if own == Editor {
                for member in [&of_viewer, &of_colleagues] {
                    assert_eq!(update(&lead, up.clone(), member).await.text("/member/role"), "EDITOR");
                }
                assert!(remove(&lead, &of_editor).await.is_ok());
                assert_eq!(editor.told().await, ["MEMBER_REMOVED"]);
            }
            assert!(update(&lead, json!({ "expiresAt": app.moment(days(9)) }), &of_viewer).await.is_ok());
            assert!(remove(&lead, &of_viewer).await.is_ok());
            assert_eq!(teams(&viewer).await, 1, "{own}: the group's grant is left");
            assert!(remove(&lead, &of_colleagues).await.is_ok());
            assert_eq!((viewer.told().await.last().unwrap().as_str(), teams(&viewer).await), ("MEMBER_REMOVED", 0));
            assert_eq!(remove(&viewer, &of_stranger).await.refusal(), "NOT_FOUND/UNKNOWN_ID/memberId");
        }
    }

    async fn the_last_grant_that_ends_takes_a_partner_out_of_the_team(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (pia, gus, greta, ines) = (app.person("Pia").await, app.person("Gus").await, app.person("Greta").await, app.person("Ines").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let other = paula.workspace(&team, "Other", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        // By leaving, once nothing else is left.
        for place in [&workspace, &other] {
            seed(&app, &team, place, &pia, Seed::of(globex, Viewer)).await;
        }
        assert!(pia.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": other })).await.is_ok());
        assert_eq!(teams(&pia).await, 1);
        assert!(pia.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        assert_eq!(teams(&pia).await, 0);

        // By a group that is removed: everybody in it who holds nothing else.
        for person in [&gus, &greta] {
            seed(&app, &team, &other, person, Seed::of(globex, Viewer)).await;
        }
        let group = seed_group(&app, &team, globex, &[&gus, &greta]).await;
        let of_group = seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer)).await;
        assert!(gus.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": other })).await.is_ok());
        assert_eq!(teams(&gus).await, 1, "the group's grant reaches him");
        let mut of_gus = follow(&app, &paula, &gus, &workspace).await;
        app.mails().await;
        assert!(remove(&paula, &of_group).await.is_ok());
        assert!(completion(&mut of_gus).await < Duration::from_secs(1));
        assert_eq!((teams(&gus).await, teams(&greta).await), (0, 1));
        assert_eq!(app.mails().await.iter().map(|mail| mail.to.clone()).collect::<Vec<_>>(), ["greta@example.com", "gus@example.com"]);
        assert_eq!(paula.activity(&workspace).await.last().unwrap(), "MEMBER_REMOVED");

        // By the end of the partner workspace: people, groups and open invitations.
        let of_greta = seed_group(&app, &team, globex, &[&greta]).await;
        seed_group_grant(&app, &team, &workspace, of_greta, &greta, Seed::of(globex, Viewer)).await;
        seed(&app, &team, &workspace, &ines, Seed::of(globex, Viewer)).await;
        seed_invitation(&app, &team, &workspace, &paula, globex, "new@globex.example").await;
        seed_invitation(&app, &team, &workspace, &paula, None, "new@example.com").await;
        let private = json!({ "workspaceId": workspace, "visibility": "PRIVATE" });
        assert_eq!(paula.mutate("changeWorkspaceVisibility", "workspace { id }", private.clone()).await.refusal(), "FAILED_PRECONDITION/PARTNERS_REMAIN/-");
        assert_eq!(invitations(&app, "PENDING").await, 2);
        let (told_greta, told_ines) = (greta.told().await.len(), ines.told().await.len());
        let mut of_ines = follow(&app, &paula, &ines, &workspace).await;
        let mut removing = private;
        removing["removePartners"] = json!(true);
        assert_eq!(paula.mutate("changeWorkspaceVisibility", "workspace { visibility }", removing).await.text("/workspace/visibility"), "PRIVATE");
        assert!(completion(&mut of_ines).await < Duration::from_secs(1));
        for (person, told, teams_left) in [(&greta, told_greta, 1), (&ines, told_ines, 0)] {
            assert_eq!(person.told().await[told..], ["MEMBER_REMOVED"], "{}", person.name);
            assert_eq!(teams(person).await, teams_left, "{}", person.name);
        }
        assert_eq!((invitations(&app, "PENDING").await, invitations(&app, "REVOKED").await), (1, 1), "the team's own stays open");
        let kinds = paula.activity(&workspace).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "INVITATION_REVOKED").count(), 1);
        assert_eq!(kinds.iter().filter(|kind| *kind == "MEMBER_REMOVED").count(), 3);
        // Deleted: what is open to the team's own people ends too, and so does what only the clock has ended.
        let left_over = seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer).until(app.clock.now())).await;
        assert!(left_over.starts_with("member_") && teams(&pia).await == 1);
        assert!(paula.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        assert_eq!((invitations(&app, "PENDING").await, invitations(&app, "REVOKED").await), (0, 2));
        assert_eq!((teams(&pia).await, idle_partners(&app, &team).await), (0, 0));
    }

    async fn a_partner_is_removed_from_the_team_by_whoever_may_know_and_may(app) {
        let (ada, sam, paula, devi) = (app.person("Ada").await, app.person("Sam").await, app.person("Paula").await, app.person("Devi").await);
        let (pia, gus, eve, mo) = (app.person("Pia").await, app.person("Gus").await, app.person("Eve").await, app.person("Mo").await);
        let roles: [(&Person, &[&str]); 4] = [(&sam, &["SUPER_ADMIN"]), (&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"]), (&mo, &["DEVELOPER"])];
        let team = app.team(&ada, &roles).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let met = paula.workspace(&team, "Met", "PARTNER").await;
        paula.invite(&met, &devi, "VIEWER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let again = async || {
            seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer)).await;
        };
        again().await;
        seed(&app, &team, &met, &gus, Seed::of(globex, Viewer)).await;
        let leave = async |person: &Person, user: &str| person.mutate("removeFromTeam", "removedUserId", json!({ "teamId": team, "userId": user })).await;

        let before = (state(&paula, &workspace).await, state(&paula, &met).await);
        for (person, user, refusal) in [
            (&devi, pia.id.as_str(), "NOT_FOUND/UNKNOWN_ID/userId"),
            (&devi, eve.id.as_str(), "NOT_FOUND/UNKNOWN_ID/userId"),
            (&devi, "user_01h455vb4pex5vsknk084sn02q", "NOT_FOUND/UNKNOWN_ID/userId"),
            (&devi, gus.id.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&devi, mo.id.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&paula, mo.id.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&paula, eve.id.as_str(), "NOT_FOUND/UNKNOWN_ID/userId"),
            (&pia, mo.id.as_str(), "NOT_FOUND/UNKNOWN_ID/teamId"),
            (&gus, devi.id.as_str(), "NOT_FOUND/UNKNOWN_ID/teamId"),
            (&eve, gus.id.as_str(), "NOT_FOUND/UNKNOWN_ID/teamId"),
        ] {
            assert_eq!(leave(person, user).await.refusal(), refusal, "{} {user}", person.name);
        }
        let refused = leave(&devi, &gus.id).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["action"], "REMOVE_PARTNER_FROM_TEAM");
        assert_eq!((state(&paula, &workspace).await, state(&paula, &met).await), before);
        assert_eq!((teams(&pia).await, teams(&gus).await), (1, 1));

        for person in [&paula, &ada, &sam, &pia] {
            let told = pia.told().await.len();
            assert!(leave(person, &pia.id).await.is_ok(), "{}", person.name);
            assert_eq!(teams(&pia).await, 0, "{}", person.name);
            assert_eq!(pia.told().await.len() - told, usize::from(person.id != pia.id), "{}", person.name);
            assert_eq!(paula.activity(&workspace).await.last().unwrap(), "MEMBER_REMOVED");
            again().await;
        }
        // What came through groups ends with it.
        let group = seed_group(&app, &team, globex, &[&gus]).await;
        seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Editor)).await;
        let team_group = seed_group(&app, &team, None, &[&mo]).await;
        seed_group_grant(&app, &team, &workspace, team_group, &mo, Seed::of(None, Admin)).await;
        let (mut of_gus, mut of_mo) = (follow(&app, &paula, &gus, &workspace).await, follow(&app, &paula, &mo, &workspace).await);
        let recorded = paula.activity(&workspace).await.len();
        assert!(leave(&paula, &gus.id).await.is_ok());
        assert!(leave(&ada, &mo.id).await.is_ok());
        assert!(completion(&mut of_gus).await < Duration::from_secs(1) && completion(&mut of_mo).await < Duration::from_secs(1));
        assert_eq!(paula.activity(&workspace).await[recorded..], ["MEMBER_REMOVED", "MEMBER_REMOVED"]);
        assert_eq!(paula.activity(&met).await.last().unwrap(), "MEMBER_REMOVED");
        for person in [&gus, &mo] {
            assert_eq!(person.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": workspace })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
            assert_eq!(person.told().await.last().unwrap(), "MEMBER_REMOVED");
        }
    }

    async fn whoever_is_removed_is_cut_off_within_a_second_a_hundred_times(app) {
        let (ada, paula, mo, pia) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await, app.person("Pia").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let mut took = Vec::new();
        for round in 0..100 {
            let person = if round % 2 == 0 { &mo } else { &pia };
            let member = if round % 2 == 0 { paula.invite(&workspace, &mo, "VIEWER").await } else { seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer)).await };
            let mut socket = follow(&app, &paula, person, &workspace).await;
            assert!(remove(&paula, &member).await.is_ok());
            took.push(completion(&mut socket).await);
        }
        took.sort_unstable();
        println!("from the answer to the end of the subscription: median {:?}, longest {:?}", took[50], took[99]);
        assert!(took[99] < Duration::from_secs(1), "{:?}", took[99]);
    }

    async fn what_somebody_does_while_being_removed_happens_before_or_not_at_all(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
        let mut before = 0;
        for round in 0..ROUNDS {
            let member = ada.invite(&workspace, &mo, "ADMIN").await;
            let edit = json!({ "workspaceId": workspace, "summary": format!("Round {round}") });
            let (removed, edited) = tokio::join!(remove(&ada, &member), mo.mutate("updateWorkspace", "workspace { version }", edit));
            assert!(removed.is_ok(), "{removed:?}");
            let kinds = ada.activity(&workspace).await;
            assert_eq!(kinds.last().unwrap(), "MEMBER_REMOVED", "and nothing after it");
            if edited.body["errors"].is_null() {
                before += 1;
                assert_eq!(kinds[kinds.len() - 2], "WORKSPACE_UPDATED");
            } else {
                assert_eq!(edited.refusal(), "NOT_FOUND/UNKNOWN_ID/workspaceId");
                assert_eq!(kinds[kinds.len() - 2], "MEMBER_ADDED");
            }
        }
        println!("of {ROUNDS} edits {before} came before the removal");
    }

    async fn a_grant_that_is_given_while_the_last_one_ends_leaves_nobody_half_in(app) {
        let (ada, paula, pia) = (app.person("Ada").await, app.person("Paula").await, app.person("Pia").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let (one, two) = (paula.workspace(&team, "One", "PARTNER").await, paula.workspace(&team, "Two", "PARTNER").await);
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let give = async || loop {
            match try_seed(&app, &team, &two, &pia, Seed::of(globex, Viewer)).await {
                Err(StoreError::Contention(_)) => {}
                given => break given.unwrap(),
            }
        };
        for round in 0..ROUNDS {
            let member = seed(&app, &team, &one, &pia, Seed::of(globex, Viewer)).await;
            let end = async || {
                if round % 2 == 0 {
                    return remove(&paula, &member).await;
                }
                let input = json!({ "workspaceId": one, "visibility": "PRIVATE", "removePartners": true });
                paula.mutate("changeWorkspaceVisibility", "workspace { id }", input).await
            };
            let (ended, given) = tokio::join!(end(), give());
            assert!(ended.is_ok(), "{ended:?}");
            let listed = pia.ask("{ viewer { teams { team { id } } workspaces(first: 10) { nodes { id } } } }", json!({})).await;
            assert_eq!(listed.at("/viewer/workspaces/nodes"), &json!([{ "id": two }]), "the grant that was given is good");
            assert_eq!(listed.list("/viewer/teams").len(), 1);
            if round % 2 == 1 {
                let input = json!({ "workspaceId": one, "visibility": "PARTNER" });
                assert!(paula.mutate("changeWorkspaceVisibility", "workspace { id }", input).await.is_ok());
            }
            assert!(remove(&paula, &given).await.is_ok());
            assert_eq!((teams(&pia).await, idle_partners(&app, &team).await), (0, 0), "and a partner without a grant is none");
        }
    }
}
