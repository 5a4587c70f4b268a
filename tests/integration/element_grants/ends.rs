//! Roles on elements end with the access that they add to.

use super::{DAY, collection, ended_by_audit, give, give_group, holders, invite_group, join, remove, see_partners, team_group, with_mo};
use crate::invitations::{bring, mailed_token, partnership};
use crate::support::on_both;
use crate::trash::{restore, throw_away};
use serde_json::json;

on_both! {
    async fn roles_end_with_the_access_that_they_add_to_whatever_ended_it(app) {
        let (world, mo) = with_mo(&app).await;
        let one = collection(&world.devi, &world.workspace, "One").await;
        let group = team_group(&world.ada, &world.team, "Viewers", &[]).await;
        invite_group(&world.devi, "inviteTeamMembers", &world.workspace, &group).await;
        let change = async |mutation: &str| {
            assert!(world.ada.mutate(mutation, "group { id }", json!({ "groupId": group, "userIds": [mo.id] })).await.is_ok());
        };
        let (mut ended, mut thrown_away) = (0, None);
        for way in ["removed", "left", "expired", "forgotten", "group", "team", "while in the trash"] {
            let member = match way {
                "group" => {
                    change("addGroupMembers").await;
                    String::new()
                }
                _ => world.devi.invite(&world.workspace, &mo, "VIEWER").await,
            };
            if way == "removed" {
                // As long as another way in is left, so is the role.
                change("addGroupMembers").await;
                assert!(give(&world.devi, &one, &mo, "EDITOR").await.is_ok());
                change("removeGroupMembers").await;
            }
            assert!(give(&world.devi, &one, &mo, "EDITOR").await.is_ok());
            assert_eq!(holders(&world.devi, &one).await, ["Mo"], "{way}");
            match way {
                "removed" => remove(&world.devi, &member).await,
                "left" => assert!(mo.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": world.workspace })).await.is_ok()),
                "expired" | "forgotten" => {
                    let input = json!({ "memberId": member, "expiresAt": app.moment(DAY) });
                    assert!(world.devi.mutate("updateWorkspaceMember", "member { id }", input).await.is_ok());
                    app.advance(2 * DAY);
                    if way == "expired" {
                        app.run_jobs().await;
                    }
                }
                "group" => change("removeGroupMembers").await,
                "while in the trash" => {
                    thrown_away = Some(throw_away(&world.devi, &one).await);
                    remove(&world.devi, &member).await;
                }
                _ => {
                    let input = json!({ "teamId": world.team, "userId": mo.id });
                    assert!(world.ada.mutate("removeFromTeam", "removedUserId", input).await.is_ok());
                    join(&world, &mo).await;
                }
            }
            ended += 1;
            // Invited again, they are what they are invited as.
            let member = world.devi.invite(&world.workspace, &mo, "VIEWER").await;
            if let Some(entry) = thrown_away.take() {
                assert!(restore(&world.devi, &entry, None).await.is_ok());
            }
            assert_eq!(holders(&world.devi, &one).await, Vec::<String>::new(), "{way}");
            assert_eq!(give(&mo, &one, &world.devi, "VIEWER").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-", "{way}");
            assert_eq!(ended_by_audit(&world).await, ended, "{way}");
            remove(&world.devi, &member).await;
        }
    }

    async fn a_role_on_what_comes_back_to_another_place_is_for_those_who_can_open_that(app) {
        let (world, mo) = with_mo(&app).await;
        let tess = app.person("Tess").await;
        join(&world, &tess).await;
        let (old, new) = (world.devi.workspace(&world.team, "Old", "PRIVATE").await, world.devi.workspace(&world.team, "New", "PRIVATE").await);
        let one = collection(&world.devi, &old, "One").await;
        for person in [&mo, &tess] {
            world.devi.invite(&old, person, "VIEWER").await;
            assert!(give(&world.devi, &one, person, "EDITOR").await.is_ok());
        }
        world.devi.invite(&new, &tess, "VIEWER").await;
        let entry = throw_away(&world.devi, &one).await;
        assert!(world.devi.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": old })).await.is_ok());
        assert!(restore(&world.devi, &entry, Some(&new)).await.is_ok());
        assert_eq!((holders(&world.devi, &one).await, ended_by_audit(&world).await), (vec!["Tess".to_owned()], 1));
        world.devi.invite(&new, &mo, "VIEWER").await;
        assert_eq!(holders(&world.devi, &one).await, ["Tess"]);
    }

    async fn roles_of_partners_end_with_their_access(app) {
        let world = partnership(&app).await;
        let (pia, one) = (app.person_at("Pia", "pia@globex.example").await, collection(&world.devi, &world.workspace, "One").await);
        let mut member = bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        for way in ["removed", "closed", "team", "forgotten"] {
            assert!(give(&world.devi, &one, &pia, "EDITOR").await.is_ok(), "{way}");
            match way {
                "removed" => remove(&world.devi, &member).await,
                "closed" => {
                    see_partners(&world.devi, &world.workspace, "PRIVATE").await;
                    see_partners(&world.paula, &world.workspace, "PARTNER").await;
                }
                "team" => assert!(world.paula.mutate("removeFromTeam", "removedUserId", json!({ "teamId": world.team, "userId": pia.id })).await.is_ok()),
                _ => {
                    let input = json!({ "memberId": member, "expiresAt": app.moment(DAY) });
                    assert!(world.devi.mutate("updateWorkspaceMember", "member { id }", input).await.is_ok());
                    app.advance(2 * DAY);
                }
            }
            member = bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
            assert_eq!(holders(&world.devi, &one).await, Vec::<String>::new(), "{way}");
        }
        assert_eq!(ended_by_audit(&world).await, 4);
        // Whoever comes back by a link after their time, which no job has noticed, comes back without it.
        assert!(give(&world.devi, &one, &pia, "EDITOR").await.is_ok());
        let input = json!({ "memberId": member, "expiresAt": app.moment(DAY) });
        assert!(world.devi.mutate("updateWorkspaceMember", "member { id }", input).await.is_ok());
        app.mails().await;
        app.advance(2 * DAY);
        let invited = crate::invitations::invite(&world.devi, &world.workspace, &pia.email, "VIEWER", false).await;
        if invited["outcome"] == "INVITED" {
            let token = mailed_token(&app, &pia.email).await;
            assert!(pia.mutate("acceptInvitation", "member { id }", json!({ "token": token })).await.is_ok());
        }
        assert_eq!(holders(&world.devi, &one).await, Vec::<String>::new());
    }

    async fn random_stories_of_ways_in_agree_with_a_simple_model(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Stories", "PRIVATE").await;
        let (one, group) = (collection(&ada, &workspace, "One").await, team_group(&ada, &team, "Group", &[]).await);
        let (mut direct, mut of_group) = (None::<String>, None::<String>);
        let (mut is_in, mut is_open) = (false, false);
        let (mut given, mut given_group) = (false, false);
        let mut seed: u64 = 0x5eed_0000_0000_0001 ^ u64::from(u8::try_from(team.len()).unwrap());
        let mut story = Vec::new();
        for _ in 0..120 {
            // A step of an xorshift generator.
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let step = seed % 7;
            story.push(step);
            match step {
                0 => match direct.take() {
                    Some(member) => remove(&ada, &member).await,
                    None => direct = Some(ada.invite(&workspace, &mo, "VIEWER").await),
                },
                1 => match of_group.take() {
                    Some(member) => remove(&ada, &member).await,
                    None => of_group = Some(invite_group(&ada, "inviteTeamMembers", &workspace, &group).await),
                },
                2 => {
                    let mutation = if is_in { "removeGroupMembers" } else { "addGroupMembers" };
                    assert!(ada.mutate(mutation, "group { id }", json!({ "groupId": group, "userIds": [mo.id] })).await.is_ok());
                    is_in = !is_in;
                }
                3 => {
                    see_partners(&ada, &workspace, if is_open { "PRIVATE" } else { "TEAM" }).await;
                    is_open = !is_open;
                }
                4 => {
                    let answer = give(&ada, &one, &mo, "EDITOR").await;
                    assert_eq!(answer.is_ok(), direct.is_some() || is_in && of_group.is_some() || is_open, "{story:?}");
                    given |= answer.is_ok();
                }
                5 => {
                    let answer = give_group(&ada, &one, &group, "EDITOR").await;
                    assert_eq!(answer.is_ok(), of_group.is_some() || is_open, "{story:?}");
                    given_group |= answer.is_ok();
                }
                _ => {}
            }
            given &= direct.is_some() || is_in && of_group.is_some() || is_open;
            given_group &= of_group.is_some() || is_open;
            let mut expected: Vec<&str> = Vec::new();
            expected.extend(given_group.then_some("Group"));
            expected.extend(given.then_some("Mo"));
            let mut found = holders(&ada, &one).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{story:?}");
        }
    }
}
