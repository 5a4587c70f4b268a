//! Ends that meet something else: an open subscription, an edit, another grant.

use super::{completion, follow, idle_partners, remove, teams};
use crate::partner_workspace::{Seed, seed, seed_organization, try_seed};
use crate::support::on_both;
use portico::app::ports::StoreError;
use portico::domain::WorkspaceRole::Viewer;
use serde_json::json;
use std::time::Duration;

const ROUNDS: usize = 200;

on_both! {
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
