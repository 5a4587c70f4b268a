//! Groups, partner organizations, policies: who manages them, and what they give.

use crate::invitations::{Partnership, bring, invite, mailed_token, partnership};
use crate::support::app::Answer;
use crate::support::socket::{Event, Socket};
use crate::support::{Person, TestApp, on_both};
use serde_json::{Value, json};

const OPEN: &str = "query($id: ID!) { workspace(id: $id) { viewerRole viewerIsPartnerLead } }";

async fn create(by: &Person, input: Value) -> Answer {
    by.mutate("createGroup", "group { id name side organization { name } members(first: 10) { nodes { name } } }", input).await
}

async fn team_group(by: &Person, team: &str, name: &str, people: &[&Person]) -> String {
    let ids: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
    create(by, json!({ "teamId": team, "name": name, "side": "TEAM", "userIds": ids })).await.text("/group/id")
}

async fn grant(by: &Person, mutation: &str, workspace: &str, group: &str, role: &str) -> Value {
    let input = json!({ "workspaceId": workspace, "invitees": [{ "groupId": group }], "role": role });
    by.mutate(mutation, "results { outcome reason member { id } }", input).await.at("/results/0").clone()
}

async fn role(person: &Person, workspace: &str) -> Option<String> {
    let answer = person.ask(OPEN, json!({ "id": workspace })).await;
    answer.is_ok().then(|| answer.text("/workspace/viewerRole"))
}

async fn change(by: &Person, mutation: &str, group: &str, people: &[&Person]) -> Answer {
    let ids: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
    by.mutate(mutation, "group { id }", json!({ "groupId": group, "userIds": ids })).await
}

/// Partners of two organizations in the workspace, and the ids of the organizations.
async fn two_organizations(app: &TestApp, world: &Partnership) -> (Person, Person, String, String) {
    let (pia, ivo) = (app.person_at("Pia", "pia@globex.example").await, app.person_at("Ivo", "ivo@initech.example").await);
    for person in [&pia, &ivo] {
        bring(app, &world.devi, &world.workspace, person, "VIEWER", false).await;
    }
    let query = "query($id: ID!) { team(id: $id) { organizations(first: 10) { nodes { id name domains partners(first: 10) { nodes { user { name } } } } } } }";
    let seen = world.paula.ask(query, json!({ "id": world.team })).await;
    assert_eq!(seen.at("/team/organizations/nodes/0/domains"), &json!(["globex.example"]));
    assert_eq!(seen.at("/team/organizations/nodes/1/partners/nodes"), &json!([{ "user": { "name": "Ivo" } }]));
    (pia, ivo, seen.text("/team/organizations/nodes/0/id"), seen.text("/team/organizations/nodes/1/id"))
}

on_both! {
    async fn what_a_group_gives_comes_and_goes_with_it(app) {
        let world = partnership(&app).await;
        let (mo, tess) = (app.person("Mo").await, app.person("Tess").await);
        let add = json!({ "teamId": world.team, "emails": [mo.email, tess.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let group = team_group(&world.ada, &world.team, "Editors", &[&mo]).await;
        assert_eq!(mo.told().await, ["MEMBER_ADDED", "GROUP_MEMBERSHIP_CHANGED"]);
        let added = grant(&world.devi, "inviteTeamMembers", &world.workspace, &group, "EDITOR").await;
        assert_eq!(added["outcome"], "ADDED");
        assert_eq!(grant(&world.devi, "inviteTeamMembers", &world.workspace, &group, "VIEWER").await["outcome"], "ALREADY_MEMBER");
        assert_eq!(role(&mo, &world.workspace).await.as_deref(), Some("EDITOR"));
        assert_eq!(role(&tess, &world.workspace).await, None);
        assert_eq!(mo.told().await.last().unwrap(), "MEMBER_ADDED");

        // The highest grant wins, and what is left counts when one ends.
        let own = world.devi.invite(&world.workspace, &mo, "VIEWER").await;
        assert_eq!(role(&mo, &world.workspace).await.as_deref(), Some("EDITOR"));
        assert!(change(&world.ada, "removeGroupMembers", &group, &[&mo]).await.is_ok());
        assert_eq!(role(&mo, &world.workspace).await.as_deref(), Some("VIEWER"));
        assert!(world.devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": own })).await.is_ok());
        assert_eq!(role(&mo, &world.workspace).await, None);

        // Joining and leaving count at once, for lists and open subscriptions too.
        assert!(change(&world.ada, "addGroupMembers", &group, &[&tess, &tess]).await.body["errors"].is_null());
        let listed = tess.ask("{ viewer { workspaces(first: 10) { nodes { id } } } }", json!({})).await;
        assert_eq!(listed.at("/viewer/workspaces/nodes"), &json!([{ "id": world.workspace }]));
        // From a place on, since nothing tells when a subscription has begun.
        let newest = tess.ask("query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { cursor } } } }", json!({ "id": world.workspace })).await;
        let after = newest.text("/workspace/activity/nodes/0/cursor");
        let query = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { kind } }";
        let mut live = Socket::subscribe(&app, &tess, query, json!({ "id": world.workspace, "after": after })).await;
        assert!(world.devi.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": world.workspace, "summary": "New" })).await.is_ok());
        assert_eq!(live.next().await["workspaceActivity"]["kind"], "WORKSPACE_UPDATED");
        assert!(world.ada.mutate("deleteGroup", "deletedGroupId", json!({ "groupId": group })).await.is_ok());
        assert_eq!(live.event().await, Event::Complete);
        assert_eq!(role(&tess, &world.workspace).await, None);
        assert_eq!(tess.told().await.last().unwrap(), "GROUP_MEMBERSHIP_CHANGED");
        assert_eq!(world.devi.activity(&world.workspace).await.last().unwrap(), "MEMBER_REMOVED");
        assert_eq!(world.ada.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": group })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
    }

    async fn groups_are_of_one_side_and_managed_by_few(app) {
        let world = partnership(&app).await;
        let (pia, ivo, globex, initech) = two_organizations(&app, &world).await;
        let never = "user_01h455vb4pex5vsknk084sn02q";
        let eve = app.person("Eve").await;
        for (input, refusal) in [
            (json!({ "teamId": world.team, "name": " ", "side": "TEAM" }), "BAD_USER_INPUT/EMPTY/name"),
            (json!({ "teamId": world.team, "name": "G", "side": "PARTNER" }), "BAD_USER_INPUT/EMPTY/organizationId"),
            (json!({ "teamId": world.team, "name": "G", "side": "TEAM", "organizationId": globex }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/organizationId"),
            (json!({ "teamId": world.team, "name": "G", "side": "PARTNER", "organizationId": "organization_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND/UNKNOWN_ID/organizationId"),
            (json!({ "teamId": world.team, "name": "G", "side": "TEAM", "userIds": [pia.id] }), "FAILED_PRECONDITION/WRONG_SIDE/userIds"),
            (json!({ "teamId": world.team, "name": "G", "side": "PARTNER", "organizationId": globex, "userIds": [world.devi.id] }), "FAILED_PRECONDITION/WRONG_SIDE/userIds"),
            (json!({ "teamId": world.team, "name": "G", "side": "PARTNER", "organizationId": globex, "userIds": [ivo.id] }), "FAILED_PRECONDITION/OUTSIDE_ORGANIZATION/userIds"),
            (json!({ "teamId": world.team, "name": "G", "side": "TEAM", "userIds": [eve.id] }), "NOT_FOUND/UNKNOWN_ID/userIds"),
            (json!({ "teamId": world.team, "name": "G", "side": "TEAM", "userIds": [never] }), "NOT_FOUND/UNKNOWN_ID/userIds"),
            (json!({ "teamId": world.team, "name": "G", "side": "TEAM", "userIds": vec![never; 101] }), "BAD_USER_INPUT/TOO_MANY/userIds"),
        ] {
            assert_eq!(create(&world.ada, input.clone()).await.refusal(), refusal, "{input}");
        }
        // A Developer makes and manages groups of the team's own side; others none; partners and strangers know of none.
        let partners = create(&world.ada, json!({ "teamId": world.team, "name": "Globex people", "side": "PARTNER", "organizationId": globex, "userIds": [pia.id] })).await;
        assert_eq!(partners.at("/group/members/nodes"), &json!([{ "name": "Pia" }]));
        let partners = partners.text("/group/id");
        let own = team_group(&world.devi, &world.team, "Mine", &[&world.devi]).await;
        let of_ada = team_group(&world.ada, &world.team, "Ada's", &[]).await;
        let plain = json!({ "teamId": world.team, "name": "Another", "side": "TEAM" });
        assert_eq!(create(&world.devi, json!({ "teamId": world.team, "name": "P", "side": "PARTNER", "organizationId": globex })).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(create(&world.paula, plain.clone()).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        for person in [&pia, &eve] {
            assert_eq!(create(person, plain.clone()).await.refusal(), "NOT_FOUND/UNKNOWN_ID/teamId");
            for group in [&own, &partners, &"group_01h455vb4pex5vsknk084sn02q".to_owned()] {
                assert_eq!(change(person, "addGroupMembers", group, &[&world.devi]).await.refusal(), "NOT_FOUND/UNKNOWN_ID/groupId");
                assert_eq!(person.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": group })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
            }
        }
        assert_eq!(create(&world.devi, json!({ "teamId": world.team, "name": "MINE", "side": "TEAM" })).await.refusal(), "CONFLICT/ALREADY_TAKEN/name");
        assert_eq!(change(&world.devi, "addGroupMembers", &of_ada, &[&world.devi]).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert!(change(&world.devi, "addGroupMembers", &own, &[&world.ada]).await.is_ok());
        assert_eq!(change(&world.devi, "addGroupMembers", &own, &[]).await.refusal(), "BAD_USER_INPUT/EMPTY/userIds");
        assert!(world.devi.mutate("renameGroup", "group { name }", json!({ "groupId": own, "name": "Ours" })).await.is_ok());
        assert_eq!(world.devi.mutate("renameGroup", "group { name }", json!({ "groupId": own, "name": "ada's" })).await.refusal(), "CONFLICT/ALREADY_TAKEN/name");

        // A group goes to its own side only; a Lead knows and invites those of their own organization.
        assert_eq!(grant(&world.devi, "inviteTeamMembers", &world.workspace, &partners, "VIEWER").await["reason"], "WRONG_SIDE");
        assert_eq!(grant(&world.devi, "invitePartners", &world.workspace, &own, "VIEWER").await["reason"], "WRONG_SIDE");
        let lea = app.person_at("Lea", "lea@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &lea, "VIEWER", true).await;
        let others = create(&world.ada, json!({ "teamId": world.team, "name": "Initech people", "side": "PARTNER", "organizationId": initech })).await.text("/group/id");
        assert_eq!(grant(&lea, "invitePartners", &world.workspace, &others, "VIEWER").await["reason"], "UNKNOWN_ID");
        assert_eq!(grant(&lea, "invitePartners", &world.workspace, &own, "VIEWER").await["reason"], "UNKNOWN_ID");
        assert_eq!(grant(&lea, "invitePartners", &world.workspace, &partners, "VIEWER").await["outcome"], "ADDED");
        let seen = lea.ask("query($id: ID!) { node(id: $id) { ... on Group { name members(first: 10) { nodes { name email } } } } }", json!({ "id": partners })).await;
        assert_eq!(seen.at("/node"), &json!({ "name": "Globex people", "members": { "nodes": [{ "name": "Pia", "email": null }] } }));

        // Whoever does not see partnerships sees the group, and not who is in it; a partner sees no group among the members.
        let members = "query($id: ID!) { workspace(id: $id) { members(first: 20) { totalCount nodes { subject { __typename } } } } }";
        let count = async |person: &Person| {
            let answer = person.ask(members, json!({ "id": world.workspace })).await;
            let groups = answer.list("/workspace/members/nodes").iter().filter(|node| node["subject"]["__typename"] == "Group").count();
            (groups, answer.at("/workspace/members/totalCount").as_u64().unwrap())
        };
        assert_eq!((count(&world.devi).await, count(&lea).await, count(&pia).await), ((1, 6), (1, 6), (0, 5)));
        let seen = world.devi.ask("query($id: ID!) { node(id: $id) { ... on Group { name members(first: 10) { nodes { name } } } } }", json!({ "id": partners })).await;
        assert_eq!(seen.at("/node"), &json!({ "name": "Globex people", "members": null }));

        // Without their last grant, a partner leaves the team with the group.
        let members = world.devi.ask("query($id: ID!) { workspace(id: $id) { members(first: 20, search: \"Pia\") { nodes { id } } } }", json!({ "id": world.workspace })).await;
        assert!(world.devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": members.text("/workspace/members/nodes/0/id") })).await.is_ok());
        assert_eq!(role(&pia, &world.workspace).await.as_deref(), Some("VIEWER"), "through the group");
        assert!(change(&world.ada, "removeGroupMembers", &partners, &[&pia]).await.is_ok());
        assert!(pia.ask("{ viewer { teams { roles } } }", json!({})).await.list("/viewer/teams").is_empty());
        let told = pia.ask("{ viewer { notifications(last: 1) { nodes { kind message } } } }", json!({})).await;
        assert_eq!(told.text("/viewer/notifications/nodes/0/kind"), "GROUP_MEMBERSHIP_CHANGED");
        assert!(!told.text("/viewer/notifications/nodes/0/message").contains("Globex people"), "partners never learn of groups");
    }

    async fn organizations_are_told_by_their_domains(app) {
        let world = partnership(&app).await;
        let make = async |by: &Person, name: &str, domains: Value| {
            by.mutate("createOrganization", "organization { id name domains }", json!({ "teamId": world.team, "name": name, "domains": domains })).await
        };
        let globex = make(&world.paula, "Globex", json!(["Globex.example", "globex.example", "globex.test"])).await;
        assert_eq!(globex.at("/organization/domains"), &json!(["globex.example", "globex.test"]));
        let globex = globex.text("/organization/id");
        for (name, domains, refusal) in [
            ("GLOBEX", json!([]), "CONFLICT/ALREADY_TAKEN/name"),
            ("Initech", json!(["globex.test"]), "CONFLICT/ALREADY_TAKEN/domains"),
            ("Initech", json!(["gmail.com"]), "BAD_USER_INPUT/PUBLIC_MAIL_DOMAIN/domains"),
            ("Initech", json!(["no domain"]), "BAD_USER_INPUT/INVALID_FORMAT/domains"),
            ("Initech", json!((0..101).map(|number| format!("d{number}.example")).collect::<Vec<_>>()), "BAD_USER_INPUT/TOO_MANY/domains"),
        ] {
            assert_eq!(make(&world.paula, name, domains).await.refusal(), refusal);
        }
        assert_eq!(make(&world.devi, "Initech", json!([])).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        let initech = make(&world.ada, "Initech", json!(["initech.example"])).await.text("/organization/id");
        let update = async |by: &Person, id: &str, change: Value| {
            let mut input = json!({ "organizationId": id });
            input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            by.mutate("updateOrganization", "organization { name domains }", input).await
        };
        assert_eq!(update(&world.paula, &initech, json!({ "name": "globex" })).await.refusal(), "CONFLICT/ALREADY_TAKEN/name");
        assert_eq!(update(&world.paula, &initech, json!({ "name": "Initrode", "domains": ["globex.test"] })).await.refusal(), "CONFLICT/ALREADY_TAKEN/domains");
        assert_eq!(update(&world.devi, &initech, json!({ "name": "Mine" })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/organizationId");
        assert_eq!(update(&world.paula, &initech, json!({ "domains": ["initech.example", "initrode.example"] })).await.at("/organization"), &json!({ "name": "Initech", "domains": ["initech.example", "initrode.example"] }));

        // An address tells its organization; a public one does not, and then the inviter names it.
        let by = async |email: &str, more: Value| {
            let mut input = json!({ "workspaceId": world.workspace, "role": "VIEWER", "invitees": [{ "email": email }] });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            world.devi.mutate("invitePartners", "results { outcome code reason }", input).await
        };
        let result = by("pia@gmail.com", json!({})).await;
        assert_eq!((result.at("/results/0/code"), result.at("/results/0/reason")), (&json!("BAD_USER_INPUT"), &json!("ORGANIZATION_REQUIRED")));
        assert_eq!(by("pia@gmail.com", json!({ "organizationId": globex, "organizationName": "Globex" })).await.refusal(), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/organizationName");
        assert_eq!(by("ivo@initech.example", json!({ "organizationId": globex })).await.at("/results/0/reason"), "OUTSIDE_ORGANIZATION");
        assert_eq!(by("pia@gmail.com", json!({ "organizationName": "globex" })).await.at("/results/0/outcome"), "INVITED");
        assert_eq!(by("una@umbrella.example", json!({ "organizationName": "Umbrella" })).await.at("/results/0/outcome"), "INVITED");
        assert_eq!(by("uwe@umbrella.example", json!({})).await.at("/results/0/outcome"), "INVITED");
        let token = mailed_token(&app, "pia@gmail.com").await;
        let pia = app.person_at("Pia", "pia@gmail.com").await;
        assert!(pia.mutate("acceptInvitation", "member { id }", json!({ "token": token })).await.is_ok());
        let listed = world.ada.ask("query($id: ID!) { team(id: $id) { organizations(first: 10, search: \"RELL\") { nodes { name domains } } } }", json!({ "id": world.team })).await;
        assert_eq!(listed.at("/team/organizations/nodes"), &json!([{ "name": "Umbrella", "domains": ["umbrella.example"] }]));

        // Known to whoever meets its partners, and to nobody else.
        let query = "query($id: ID!) { node(id: $id) { ... on PartnerOrganization { name domains partners(first: 1) { nodes { joinedAt } } } } }";
        let eve = app.person("Eve").await;
        for (person, id) in [(&eve, &globex), (&pia, &initech), (&world.devi, &initech)] {
            assert_eq!(person.ask(query, json!({ "id": id })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        }
        let plain = "query($id: ID!) { node(id: $id) { ... on PartnerOrganization { name domains } } }";
        for person in [&pia, &world.devi, &world.ada] {
            assert_eq!(person.ask(plain, json!({ "id": globex })).await.text("/node/name"), "Globex");
        }

        // What a partner can reach: all of it for some, what they administer for a Workspace Admin, nothing for others.
        let hidden = world.paula.workspace(&world.team, "Hidden", "PARTNER").await;
        assert_eq!(invite(&world.paula, &hidden, &pia.email, "EDITOR", true).await["outcome"], "ADDED");
        let query = "query($id: ID!, $user: ID!) { team(id: $id) { partner(userId: $user) { user { name } organization { name } access(first: 10) { nodes { role partnerLead workspace { name } } } } } }";
        let reach = async |person: &Person, user: &str| person.ask(query, json!({ "id": world.team, "user": user })).await;
        let access = |answer: &Answer| answer.at("/team/partner/access/nodes").clone();
        assert_eq!(access(&reach(&world.paula, &pia.id).await), json!([
            { "role": "VIEWER", "partnerLead": false, "workspace": { "name": "Shared" } }, { "role": "EDITOR", "partnerLead": true, "workspace": { "name": "Hidden" } },
        ]));
        assert_eq!(access(&reach(&world.ada, &pia.id).await), json!([
            { "role": "VIEWER", "partnerLead": false, "workspace": null }, { "role": "EDITOR", "partnerLead": true, "workspace": null },
        ]), "partners and roles, no content");
        assert_eq!(access(&reach(&world.devi, &pia.id).await), json!([{ "role": "VIEWER", "partnerLead": false, "workspace": { "name": "Shared" } }]));
        let mo = app.person("Mo").await;
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", json!({ "teamId": world.team, "emails": [mo.email], "roles": ["DEVELOPER"] })).await.is_ok());
        for (person, user) in [(&mo, &pia.id), (&pia, &pia.id), (&world.paula, &mo.id), (&world.paula, &eve.id)] {
            assert_eq!(reach(person, user).await.refusal(), "NOT_FOUND/UNKNOWN_ID/userId");
        }
    }

    async fn policies_count_from_the_moment_they_are_set(app) {
        let world = partnership(&app).await;
        let set = async |by: &Person, change: Value| {
            let mut input = json!({ "teamId": world.team });
            input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            by.mutate("updateTeamPolicies", "team { policies { requestTermDays invitationTermDays partnerAccessMaxDays partnerForkScope publicMailDomains whoMayCreateWorkspaces { userIds groupIds } } }", input).await
        };
        for (change, refusal) in [
            (json!({ "requestTermDays": 0 }), "BAD_USER_INPUT/OUT_OF_RANGE/requestTermDays"),
            (json!({ "invitationTermDays": 366 }), "BAD_USER_INPUT/OUT_OF_RANGE/invitationTermDays"),
            (json!({ "partnerAccessMaxDays": 3651 }), "BAD_USER_INPUT/OUT_OF_RANGE/partnerAccessMaxDays"),
            (json!({ "partnerAccessMaxDays": 30, "unlimitedPartnerAccess": true }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/unlimitedPartnerAccess"),
            (json!({ "publicMailDomains": ["nonsense"] }), "BAD_USER_INPUT/INVALID_FORMAT/publicMailDomains"),
            (json!({ "whoMayCreateWorkspaces": { "userIds": ["user_01h455vb4pex5vsknk084sn02q"] } }), "NOT_FOUND/UNKNOWN_ID/userIds"),
            (json!({ "whoMayCreateWorkspaces": { "groupIds": ["group_01h455vb4pex5vsknk084sn02q"] } }), "NOT_FOUND/UNKNOWN_ID/groupIds"),
            (json!({ "whoMayCreateWorkspaces": { "everyone": true, "userIds": [world.ada.id] } }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/everyone"),
        ] {
            assert_eq!(set(&world.ada, change.clone()).await.refusal(), refusal, "{change}");
        }
        assert_eq!(set(&world.devi, json!({ "requestTermDays": 5 })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(set(&app.person("Eve").await, json!({ "requestTermDays": 5 })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/teamId");
        let group = team_group(&world.ada, &world.team, "Makers", &[&world.devi]).await;
        let changed = set(&world.ada, json!({
            "invitationTermDays": 2, "partnerAccessMaxDays": 10, "publicMailDomains": ["Free.example"], "partnerForkScope": "NOWHERE",
            "whoMayCreateWorkspaces": { "userIds": [world.ada.id], "groupIds": [group] },
        })).await;
        assert_eq!(changed.at("/team/policies/publicMailDomains"), &json!(["free.example"]));
        assert_eq!((changed.at("/team/policies/requestTermDays"), changed.at("/team/policies/invitationTermDays")), (&json!(15), &json!(2)));

        // Who may create workspaces: by name, by group, nobody else.
        let make = async |by: &Person| by.mutate("createWorkspace", "workspace { id }", json!({ "teamId": world.team, "name": "New", "visibility": "PRIVATE" })).await;
        assert!(make(&world.ada).await.is_ok() && make(&world.devi).await.is_ok());
        assert!(change(&world.ada, "removeGroupMembers", &group, &[&world.devi]).await.is_ok());
        assert_eq!(make(&world.devi).await.refusal(), "FORBIDDEN/RESERVED_BY_POLICY/-");

        // Partners' access ends after ten days, whatever is asked for.
        let long = json!({ "workspaceId": world.workspace, "role": "VIEWER", "invitees": [{ "email": "a@b.example" }], "accessExpiresAt": "2027-02-15T00:00:00Z" });
        assert_eq!(world.devi.mutate("invitePartners", "results { outcome }", long).await.refusal(), "BAD_USER_INPUT/OUT_OF_RANGE/accessExpiresAt");
        assert_eq!(invite(&world.devi, &world.workspace, "una@free.example", "VIEWER", false).await["reason"], "ORGANIZATION_REQUIRED");
        let pia = app.person_at("Pia", "pia@globex.example").await;
        let member = bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        let query = "query($id: ID!) { node(id: $id) { ... on WorkspaceMember { expiresAt organization { name domains } } } }";
        let seen = world.devi.ask(query, json!({ "id": member })).await;
        assert!(seen.text("/node/expiresAt").starts_with("2027-01-25T"), "{seen:?}");
        assert_eq!(seen.at("/node/organization"), &json!({ "name": "globex.example", "domains": ["globex.example"] }));
        app.advance(std::time::Duration::from_hours(24 * 10));
        assert_eq!(role(&pia, &world.workspace).await, None, "by the clock, before any job");
        app.run_jobs().await;
        assert!(pia.ask("{ viewer { teams { roles } } }", json!({})).await.list("/viewer/teams").is_empty());
        let back = set(&world.ada, json!({ "unlimitedPartnerAccess": true, "whoMayCreateWorkspaces": { "everyone": true } })).await;
        assert!(back.at("/team/policies/partnerAccessMaxDays").is_null() && back.at("/team/policies/whoMayCreateWorkspaces").is_null());
        assert!(make(&world.devi).await.is_ok());
    }
}
