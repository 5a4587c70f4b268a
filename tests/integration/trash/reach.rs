//! Who finds something in the trash of a workspace, and may do what with it.

use super::{collection, delete, give, purge, restore, seen, throw_away, trash};
use crate::invitations::{bring, partnership};
use crate::support::on_both;
use serde_json::json;

const HIDDEN: &str = "NOT_FOUND/UNKNOWN_ID/trashEntryId";
const TRASH: &str = "query($id: ID!) { workspace(id: $id) { trash(first: 1) { nodes { id } } } }";

on_both! {
    async fn whoever_may_restore_sees_the_trash_and_others_do_not(app) {
        let world = partnership(&app).await;
        let (ed, vi, tom) = (app.person("Ed").await, app.person("Vi").await, app.person("Tom").await);
        for person in [&ed, &vi, &tom] {
            let add = json!({ "teamId": world.team, "emails": [person.email], "roles": ["DEVELOPER"] });
            assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        }
        world.devi.invite(&world.workspace, &ed, "EDITOR").await;
        world.devi.invite(&world.workspace, &vi, "VIEWER").await;
        let (pia, pat) = (app.person_at("Pia", "pia@globex.example").await, app.person_at("Pat", "pat@globex.example").await);
        bring(&app, &world.devi, &world.workspace, &pia, "EDITOR", false).await;
        bring(&app, &world.devi, &world.workspace, &pat, "VIEWER", false).await;
        let id = collection(&world.devi, &world.workspace, "Orders").await;
        let entry = throw_away(&world.devi, &id).await;

        for person in [&world.devi, &world.paula, &ed, &pia] {
            assert_eq!(trash(person, &world.workspace).await, ["Orders"], "{}", person.name);
            let sight = seen(person, &entry).await;
            assert_eq!(sight.at("/node/viewerCanRestore"), true, "{}", person.name);
            // Editors purge what they deleted themselves.
            let purges = [&world.devi.name, &world.paula.name].contains(&&person.name);
            assert_eq!(sight.at("/node/viewerCanPurge"), purges, "{}", person.name);
        }
        for person in [&vi, &pat] {
            assert_eq!(person.ask(TRASH, json!({ "id": world.workspace })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
            assert_eq!(restore(person, &entry, None).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
            assert_eq!(purge(person, &entry).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        }
        for person in [&tom, &world.ada] {
            assert_eq!(restore(person, &entry, None).await.refusal(), HIDDEN);
            assert_eq!(purge(person, &entry).await.refusal(), HIDDEN);
            assert_eq!(seen(person, &entry).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
            assert_eq!(delete(person, &id).await.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
        }
        assert_eq!(restore(&app.anonymous(), &entry, None).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");
        assert_eq!(purge(&ed, &entry).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(purge(&pia, &entry).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(restore(&pia, &entry, None).await.text("/element/id"), id);
        let entry = throw_away(&pia, &id).await;
        assert_eq!(purge(&ed, &entry).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert!(purge(&pia, &entry).await.is_ok());
    }

    async fn an_editor_of_one_element_deletes_it_and_does_not_see_the_trash(app) {
        let world = partnership(&app).await;
        let pat = app.person_at("Pat", "pat@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &pat, "VIEWER", false).await;
        let (one, other) = (collection(&world.devi, &world.workspace, "One").await, collection(&world.devi, &world.workspace, "Other").await);
        give(&app, &world.team, &one, Some(&pat), None, "PARTNER").await;
        assert_eq!(delete(&pat, &other).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        let deleted = delete(&pat, &one).await;
        assert_eq!((deleted.at("/goneForGood"), deleted.at("/trashEntry").is_null()), (&json!(false), true));
        assert_eq!(trash(&world.devi, &world.workspace).await, ["One"]);
    }

    async fn in_multi_partner_mode_partners_have_no_trash(app) {
        let world = partnership(&app).await;
        let pia = app.person_at("Pia", "pia@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &pia, "EDITOR", false).await;
        let entry = throw_away(&pia, &collection(&pia, &world.workspace, "Mine").await).await;
        assert!(world.devi.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": world.workspace, "multiPartner": true })).await.is_ok());
        assert_eq!(pia.ask(TRASH, json!({ "id": world.workspace })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(restore(&pia, &entry, None).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
    }

    async fn what_is_no_id_is_told_apart_from_what_is_not_there(app) {
        let ada = app.person("Ada").await;
        let never = "trashentry_01h455vb4pex5vsknk084sn02q";
        assert_eq!(restore(&ada, never, None).await.refusal(), HIDDEN);
        assert_eq!(purge(&ada, never).await.refusal(), HIDDEN);
        assert_eq!(restore(&ada, "element_01h455vb4pex5vsknk084sn02q", None).await.refusal(), "BAD_USER_INPUT/MALFORMED_ID/trashEntryId");
        assert_eq!(restore(&ada, never, Some("x")).await.refusal(), "BAD_USER_INPUT/MALFORMED_ID/workspaceId");
        assert_eq!(delete(&ada, never).await.refusal(), "BAD_USER_INPUT/MALFORMED_ID/elementId");
    }
}
