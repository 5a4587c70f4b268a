//! Multi-partner mode: partners are Viewers only and learn nothing of other organizations, in pages, by id, or live.

use crate::element_grants::collection;
use crate::partner_workspace::{Seed, seed, seed_group, seed_group_grant, seed_organization};
use crate::support::socket::{Event, Socket};
use crate::support::{Person, TestApp, on_both};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portico::domain::ActivityId;
use portico::domain::WorkspaceRole::{Editor, Viewer};
use serde_json::{Value, json};

const ACTIVITY: &str = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { id kind message } }";

/// Two organizations in one workspace: a Lead and two partners of Globex, a partner of Initech.
struct Cast {
    team: String,
    workspace: String,
    paula: Person,
    lead: Person,
    gus: Person,
    greta: Person,
    ines: Person,
    grants: [String; 4],
}

async fn cast(app: &TestApp) -> Cast {
    let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
    let (lead, gus, greta, ines) = (app.person("Lea").await, app.person("Gus").await, app.person("Greta").await, app.person("Ines").await);
    let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
    let workspace = paula.workspace(&team, "Fair", "PARTNER").await;
    let (globex, initech) = (Some(seed_organization(app, &team, "Globex").await), Some(seed_organization(app, &team, "Initech").await));
    let grants = [
        seed(app, &team, &workspace, &lead, Seed::of(globex, Editor).lead()).await,
        seed(app, &team, &workspace, &gus, Seed::of(globex, Editor)).await,
        seed(app, &team, &workspace, &greta, Seed::of(globex, Viewer)).await,
        seed(app, &team, &workspace, &ines, Seed::of(initech, Editor)).await,
    ];
    Cast { team, workspace, paula, lead, gus, greta, ines, grants }
}

impl Cast {
    async fn set_mode(&self, multi_partner: bool) {
        let input = json!({ "workspaceId": self.workspace, "multiPartner": multi_partner });
        assert!(self.paula.mutate("updateWorkspace", "workspace { multiPartner }", input).await.is_ok());
    }

    async fn set_role(&self, grant: usize, role: &str) -> String {
        let answer =
            self.paula.mutate("updateWorkspaceMember", "member { id }", json!({ "memberId": self.grants[grant], "role": role })).await;
        if answer.is_ok() { String::from("OK") } else { answer.refusal() }
    }

    /// What somebody reads, page by page of two, forwards and backwards: the same.
    async fn reads(&self, person: &Person) -> Vec<String> {
        let query = "query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { workspace(id: $id) {
            activity(first: $first, after: $after, last: $last, before: $before) { nodes { kind message } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }";
        let mut forwards = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = person.ask(query, json!({ "id": self.workspace, "first": 2, "after": after })).await;
            forwards.extend(page.list("/workspace/activity/nodes").iter().map(|node| node["message"].as_str().unwrap().to_owned()));
            if page.at("/workspace/activity/pageInfo/hasNextPage") == false {
                break;
            }
            after = page.at("/workspace/activity/pageInfo/endCursor").clone();
        }
        let mut backwards = Vec::new();
        let mut before = Value::Null;
        loop {
            let page = person.ask(query, json!({ "id": self.workspace, "last": 2, "before": before })).await;
            let mut messages: Vec<_> =
                page.list("/workspace/activity/nodes").iter().map(|node| node["message"].as_str().unwrap().to_owned()).collect();
            messages.extend(backwards);
            backwards = messages;
            if page.at("/workspace/activity/pageInfo/hasPreviousPage") == false {
                break;
            }
            before = page.at("/workspace/activity/pageInfo/startCursor").clone();
        }
        assert_eq!(forwards, backwards);
        forwards
    }
}

fn naming<'a>(messages: &'a [String], name: &str) -> Vec<&'a String> {
    messages.iter().filter(|message| message.contains(name)).collect()
}

on_both! {
    async fn partners_are_viewers_only_and_see_their_own_organization(app) {
        let cast = cast(&app).await;
        let see = "query($id: ID!) { workspace(id: $id) { viewerRole viewerCan members(first: 100) { totalCount nodes { subject { ... on User { name } } } } } }";
        let roles = async |person: &Person| person.ask(see, json!({ "id": cast.workspace })).await;
        let before = roles(&cast.gus).await;
        assert_eq!(before.text("/workspace/viewerRole"), "EDITOR");
        assert!(before.list("/workspace/viewerCan").contains(&json!("CREATE_ELEMENT")));
        assert_eq!(before.at("/workspace/members/totalCount"), 5);
        cast.set_mode(true).await;
        let after = roles(&cast.gus).await;
        assert_eq!(after.text("/workspace/viewerRole"), "VIEWER", "their Editor grants count as Viewer");
        assert!(!after.list("/workspace/viewerCan").contains(&json!("CREATE_ELEMENT")));
        assert_eq!(after.at("/workspace/members/totalCount"), 4, "without Ines");
        assert_eq!(roles(&cast.ines).await.at("/workspace/members/totalCount"), 2, "Paula and herself");
        assert_eq!(roles(&cast.lead).await.at("/workspace/members/totalCount"), 5, "a Lead sees all");
        assert_eq!(roles(&cast.lead).await.text("/workspace/viewerRole"), "VIEWER");

        assert_eq!(cast.set_role(2, "EDITOR").await, "FAILED_PRECONDITION/ROLE_NOT_ASSIGNABLE/role");
        let by_lead = cast.lead.mutate("updateWorkspaceMember", "member { id }", json!({ "memberId": cast.grants[2], "role": "EDITOR" })).await;
        assert_eq!(by_lead.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-", "who is a Viewer here");
        let by_lead = cast.lead.mutate("updateWorkspaceMember", "member { role }", json!({ "memberId": cast.grants[1], "role": "VIEWER" })).await;
        assert_eq!(by_lead.text("/member/role"), "VIEWER", "and so is Gus, whatever his grant said");
        cast.set_mode(false).await;
        assert_eq!(roles(&cast.ines).await.text("/workspace/viewerRole"), "EDITOR", "the grant is as it was");
        assert_eq!(cast.set_role(2, "EDITOR").await, "OK");
    }

    async fn what_was_done_to_an_element_is_told_like_activity(app) {
        let cast = cast(&app).await;
        let (pets, query) = (collection(&cast.paula, &cast.workspace, "Pets").await, "query($id: ID!) { element(id: $id) { revisions(first: 9) { nodes { version message changes } } } }");
        for (version, person) in [(1, &cast.gus), (2, &cast.ines), (3, &cast.paula)] {
            let operation = json!({ "updateInfo": { "set": { "x": version } } });
            let input = json!({ "collectionId": pets, "expectedVersion": version, "message": person.name, "operations": [operation] });
            assert!(person.mutate("editCollection", "collection { id }", input).await.is_ok());
        }
        let told = async |person: &Person| {
            let answer = person.ask(query, json!({ "id": pets })).await;
            let nodes = answer.list("/element/revisions/nodes").iter().skip(1);
            let told = nodes.map(|node| {
                assert_eq!(node["message"].is_null(), node["changes"].is_null());
                node["message"].as_str().unwrap_or("-").to_owned()
            });
            told.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(&cast.ines).await, "Gus Ines Paula");
        cast.set_mode(true).await;
        assert_eq!(told(&cast.ines).await, "- Ines Paula");
        assert_eq!(told(&cast.greta).await, "Gus - Paula");
        assert_eq!(told(&cast.lead).await, "Gus Ines Paula");
        assert_eq!(told(&cast.paula).await, "Gus Ines Paula");
    }

    async fn activity_is_narrowed_in_pages_and_by_id(app) {
        let cast = cast(&app).await;
        cast.set_mode(true).await;
        for (grant, end) in [(1, "2027-03-01T00:00:00Z"), (3, "2027-03-01T00:00:00Z"), (2, "2027-03-02T00:00:00Z"), (3, "2027-03-02T00:00:00Z")] {
            let input = json!({ "memberId": cast.grants[grant], "expiresAt": end });
            assert!(cast.paula.mutate("updateWorkspaceMember", "member { expiresAt }", input).await.is_ok());
        }
        // Of the team's own affair: a grant to a group.
        let group = seed_group(&app, &cast.team, None, &[&cast.paula]).await;
        let of_group = seed_group_grant(&app, &cast.team, &cast.workspace, group, &cast.paula, Seed::of(None, Viewer)).await;
        assert!(cast.paula.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": of_group })).await.is_ok());

        let (of_paula, of_lead) = (cast.reads(&cast.paula).await, cast.reads(&cast.lead).await);
        let (of_gus, of_ines) = (cast.reads(&cast.gus).await, cast.reads(&cast.ines).await);
        assert_eq!((naming(&of_paula, "Ines").len(), naming(&of_paula, "Gus").len(), naming(&of_paula, "group").len()), (2, 1, 1));
        assert_eq!((naming(&of_lead, "Ines").len(), naming(&of_lead, "Gus").len(), naming(&of_lead, "group").len()), (2, 1, 0));
        assert_eq!((naming(&of_gus, "Ines").len(), naming(&of_gus, "Gus").len(), naming(&of_gus, "Greta").len(), naming(&of_gus, "group").len()), (0, 1, 1, 0));
        assert_eq!((naming(&of_ines, "Ines").len(), naming(&of_ines, "Gus").len(), naming(&of_ines, "Greta").len(), naming(&of_ines, "group").len()), (2, 0, 0, 0));
        assert_eq!(naming(&of_ines, "created the workspace").len(), 1);

        // By id: what one may not read is not there.
        let all = cast.paula.ask("query($id: ID!) { workspace(id: $id) { activity(first: 100) { nodes { id message } } } }", json!({ "id": cast.workspace })).await;
        for entry in all.list("/workspace/activity/nodes") {
            let message = entry["message"].as_str().unwrap().to_owned();
            for (person, reads) in [(&cast.paula, &of_paula), (&cast.lead, &of_lead), (&cast.gus, &of_gus), (&cast.ines, &of_ines)] {
                let answer = person.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": entry["id"] })).await;
                if reads.contains(&message) {
                    assert!(answer.is_ok(), "{} {message}", person.name);
                } else {
                    assert_eq!(answer.refusal(), "NOT_FOUND/UNKNOWN_ID/id", "{} {message}", person.name);
                }
            }
        }
        // From a cursor nobody can tell how much they do not read: it holds the id of its entry and no number.
        let query = "query($id: ID!, $after: String, $before: String) { workspace(id: $id) {
            activity(first: 100, after: $after, before: $before) { edges { cursor node { id cursor } } } } }";
        let cursors = async |person: &Person, after: Value| {
            let page = person.ask(query, json!({ "id": cast.workspace, "after": after })).await;
            let edges = page.list("/workspace/activity/edges").clone();
            for edge in &edges {
                let bytes = URL_SAFE_NO_PAD.decode(edge["cursor"].as_str().unwrap()).unwrap();
                let id: ActivityId = edge["node"]["id"].as_str().unwrap().parse().unwrap();
                assert_eq!((&edge["cursor"], &bytes[7..]), (&edge["node"]["cursor"], &id.uuid().as_bytes()[..]));
            }
            edges
        };
        let of_gus = cursors(&cast.gus, Value::Null).await;
        assert_eq!(cursors(&cast.gus, of_gus[0]["cursor"].clone()).await, of_gus[1..]);
        // One that was given while the entry could be read still means its place.
        let all = cursors(&cast.paula, Value::Null).await;
        let hidden = all.iter().position(|edge| !of_gus.contains(edge)).unwrap();
        let later: Vec<_> = all[hidden..].iter().filter(|edge| of_gus.contains(edge)).cloned().collect();
        assert_eq!(cursors(&cast.gus, all[hidden]["cursor"].clone()).await, later);
        // One of another workspace, or of no entry, means none.
        let other = cast.paula.workspace(&cast.team, "Other", "PARTNER").await;
        let elsewhere = cast.paula.ask("query($id: ID!) { workspace(id: $id) { activity(first: 1) { nodes { cursor } } } }", json!({ "id": other })).await;
        let elsewhere = elsewhere.text("/workspace/activity/nodes/0/cursor");
        let mut never = URL_SAFE_NO_PAD.decode(of_gus[0]["cursor"].as_str().unwrap()).unwrap();
        *never.last_mut().unwrap() ^= 1;
        for cursor in [elsewhere, URL_SAFE_NO_PAD.encode(never)] {
            for argument in ["after", "before"] {
                let refused = cast.gus.ask(query, json!({ "id": cast.workspace, argument: cursor })).await;
                assert_eq!(refused.refusal(), format!("BAD_USER_INPUT/INVALID_CURSOR/{argument}"));
            }
            let mut live = Socket::subscribe(&app, &cast.gus, ACTIVITY, json!({ "id": cast.workspace, "after": cursor })).await;
            assert!(matches!(live.event().await, Event::Error(errors) if errors[0]["extensions"]["reason"] == "INVALID_CURSOR"));
        }
        cast.set_mode(false).await;
        assert_eq!(naming(&cast.reads(&cast.gus).await, "Ines").len(), 2, "in the open mode partners read of each other");
        assert_eq!(naming(&cast.reads(&cast.gus).await, "group").len(), 0);
    }

    async fn a_subscription_shows_what_its_reader_may_read_at_that_moment(app) {
        let cast = cast(&app).await;
        let first = cast.gus.ask("query($id: ID!) { workspace(id: $id) { activity(first: 1) { nodes { cursor } } } }", json!({ "id": cast.workspace })).await;
        let after = first.text("/workspace/activity/nodes/0/cursor");
        let term = async |grant: usize, hour: u32| {
            let input = json!({ "memberId": cast.grants[grant], "expiresAt": format!("2027-03-01T{hour:02}:00:00Z") });
            assert!(cast.paula.mutate("updateWorkspaceMember", "member { expiresAt }", input).await.is_ok());
        };
        let lead_flag = async |lead: bool| {
            let input = json!({ "memberId": cast.grants[1], "partnerLead": lead });
            assert!(cast.paula.mutate("updateWorkspaceMember", "member { partnerLead }", input).await.is_ok());
        };
        cast.set_mode(true).await;
        // Caught up: more than a page of what is not for Gus, with something for him in the middle.
        for round in 0..120 {
            term(3, round % 24).await;
            if round == 60 {
                term(2, 1).await;
            }
        }
        let mut of_gus = Socket::subscribe(&app, &cast.gus, ACTIVITY, json!({ "id": cast.workspace, "after": after })).await;
        let mut of_lead = Socket::subscribe(&app, &cast.lead, ACTIVITY, json!({ "id": cast.workspace, "after": after })).await;
        let message = |event: &Value| event["workspaceActivity"]["message"].as_str().unwrap().to_owned();
        assert!(message(&of_gus.next().await).contains("edited the workspace"));
        assert!(message(&of_gus.next().await).contains("Greta"));
        for _ in 0..122 {
            of_lead.next().await;
        }
        // Live: Ines is passed over, Greta is not, and the feed goes on without a gap.
        term(3, 2).await;
        term(2, 2).await;
        assert!(message(&of_gus.next().await).contains("Greta"));
        assert!(message(&of_lead.next().await).contains("Ines"));
        assert!(message(&of_lead.next().await).contains("Greta"));
        // A Lead reads of all; without the flag, no longer.
        lead_flag(true).await;
        assert!(message(&of_gus.next().await).contains("made Gus Partner Lead"));
        term(3, 3).await;
        assert!(message(&of_gus.next().await).contains("Ines"));
        lead_flag(false).await;
        assert!(message(&of_gus.next().await).contains("no longer Partner Lead"));
        term(3, 4).await;
        term(2, 4).await;
        assert!(message(&of_gus.next().await).contains("Greta"));
        // Nor does it last when the mode ends, and begins again.
        cast.set_mode(false).await;
        assert!(message(&of_gus.next().await).contains("edited the workspace"));
        term(3, 5).await;
        assert!(message(&of_gus.next().await).contains("Ines"));
        cast.set_mode(true).await;
        assert!(message(&of_gus.next().await).contains("edited the workspace"));
        term(3, 6).await;
        term(2, 6).await;
        assert!(message(&of_gus.next().await).contains("Greta"));
        assert!(cast.greta.activity(&cast.workspace).await.len() > 5);
    }
}
