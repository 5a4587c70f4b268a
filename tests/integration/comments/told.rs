//! Whom comments reach, and watching.

use super::{NODE, Office, begin, office, reply, say, set_mode, threads, told_since, watch, watched};
use crate::element_grants::{collection, give};
use crate::invitations::{bring, partnership};
use crate::partner_workspace::{Seed, seed, seed_organization};
use crate::support::{Person, on_both};
use portico::domain::WorkspaceRole::{Editor, Viewer};
use serde_json::{Value, json};

on_both! {
    async fn whoever_is_concerned_is_told_once(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        let (nils, olaf) = (app.person("Nils").await, app.person("Olaf").await);
        let add = json!({ "teamId": team, "emails": [nils.email, olaf.email], "roles": ["DEVELOPER"] });
        assert!(devi.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let nils_in = devi.invite(workspace, &nils, "VIEWER").await;
        devi.invite(workspace, &olaf, "VIEWER").await;
        for person in [devi, mo, &nils] {
            assert_eq!(watch(person, element).await.at("/element/viewerIsWatching"), true);
        }
        // Whoever cannot open the workspace any more is told of nothing.
        assert!(devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": nils_in })).await.is_ok());
        let people = [devi, mo, vera, &nils, &olaf];
        let mut before = Vec::new();
        for person in people {
            before.push(person.told().await.len());
        }
        let comment = say(mo, json!({ "elementId": element, "body": "Look, @Vera and @Devi.", "mentions": [vera.id, devi.id, mo.id] })).await;
        assert_eq!(comment.at("/comment/mentions"), &json!([{ "name": "Devi" }, { "name": "Mo" }, { "name": "Vera" }]));
        let thread = comment.text("/comment/id");
        // Devi watches and is mentioned: told of the mention. Mo wrote it.
        let expected: [&[&str]; 5] = [&["MENTIONED"], &[], &["MENTIONED"], &[], &[]];
        for ((person, before), expected) in people.iter().zip(&before).zip(expected) {
            assert_eq!(told_since(person, *before).await, expected, "{}", person.name);
        }
        let notice = vera.ask("{ viewer { notifications(last: 1) { nodes { message remark actor { name } subject { ... on Comment { id body } } } } } }", json!({})).await;
        assert_eq!(notice.at("/viewer/notifications/nodes/0"), &json!({
            "message": "You were mentioned in a comment on the collection Pets.", "remark": null, "actor": { "name": "Mo" },
            "subject": { "id": thread, "body": "Look, @Vera and @Devi." },
        }));
        // Olaf replies: who watches and who wrote in the thread are told, whoever was mentioned before is not.
        let answer = reply(&olaf, element, &thread, "I see.").await;
        reply(vera, element, &answer, "Me too.").await;
        let expected: [&[&str]; 5] = [&["MENTIONED", "COMMENT_ADDED", "COMMENT_ADDED"], &["COMMENT_ADDED", "COMMENT_ADDED"], &["MENTIONED"], &[], &["COMMENT_ADDED"]];
        for ((person, before), expected) in people.iter().zip(&before).zip(expected) {
            assert_eq!(told_since(person, *before).await, expected, "{}", person.name);
        }
        assert!(app.mails().await.iter().all(|mail| !mail.text.contains("comment")), "comments are told in the app");
        // What a deleted comment said is not kept in what was told.
        assert!(mo.mutate("deleteComment", "deletedCommentId", json!({ "commentId": thread })).await.is_ok());
        let notice = vera.ask("{ viewer { notifications(last: 1) { nodes { subject { ... on Comment { body isDeleted } } } } } }", json!({})).await;
        assert_eq!(notice.at("/viewer/notifications/nodes/0/subject"), &json!({ "body": null, "isDeleted": true }));
    }

    async fn watching_begins_once_and_shows_what_may_still_be_opened(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        let hidden = devi.workspace(team, "Hidden", "PRIVATE").await;
        let member = devi.invite(&hidden, mo, "VIEWER").await;
        let (other, last) = (collection(devi, &hidden, "Other").await, collection(devi, workspace, "Last").await);
        for element in [element, &other, &last, element] {
            assert_eq!(watch(mo, element).await.at("/element/viewerIsWatching"), true);
        }
        assert_eq!((watched(mo).await, watched(vera).await), (vec!["Pets".to_owned(), "Other".to_owned(), "Last".to_owned()], Vec::new()));
        let recorded = devi.activity(workspace).await;
        assert!(!recorded.iter().any(|kind| kind.contains("WATCH")), "it is nobody else's affair");
        assert!(devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        assert_eq!(watched(mo).await, ["Pets", "Last"]);
        assert_eq!(mo.mutate("unwatchElement", "element { id }", json!({ "elementId": other })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
        devi.invite(&hidden, mo, "VIEWER").await;
        assert_eq!(watched(mo).await, ["Pets", "Other", "Last"], "whoever gets in again watches on");
        for _ in 0..2 {
            let answer = mo.mutate("unwatchElement", "element { viewerIsWatching }", json!({ "elementId": element })).await;
            assert_eq!(answer.at("/element/viewerIsWatching"), false);
        }
        assert_eq!(watched(mo).await, ["Other", "Last"]);
        assert!(app.anonymous().ask("{ viewer { watched(first: 1) { nodes { id } } } }", json!({})).await.refusal().starts_with("UNAUTHENTICATED"));
    }

    async fn in_multi_partner_mode_partners_of_another_organization_say_nothing(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (lead, gus, greta, ines) = (app.person("Lea").await, app.person("Gus").await, app.person("Greta").await, app.person("Ines").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Fair", "PARTNER").await;
        let (globex, initech) = (Some(seed_organization(&app, &team, "Globex").await), Some(seed_organization(&app, &team, "Initech").await));
        seed(&app, &team, &workspace, &lead, Seed::of(globex, Editor).lead()).await;
        for (person, organization) in [(&gus, globex), (&greta, globex), (&ines, initech)] {
            seed(&app, &team, &workspace, person, Seed::of(organization, Viewer)).await;
        }
        let element = collection(&paula, &workspace, "Pets").await;
        let everybody = [&paula, &lead, &gus, &greta, &ines];
        for person in everybody {
            watch(person, &element).await.text("/element/id");
        }
        // Before the mode begins, everybody reads everything.
        let open = begin(&ines, &element, "Of Ines").await;
        assert_eq!(threads(&gus, &element, json!({})).await, [["Of Ines"]]);
        let under_ines = reply(&gus, &element, &open, "Gus to Ines").await;
        set_mode(&paula, &workspace, true).await;
        let from_team = begin(&paula, &element, "Of the team").await;
        let mut before = Vec::new();
        for person in everybody {
            before.push(person.told().await.len());
        }
        let of_gus = begin(&gus, &element, "Of Gus").await;
        let on_team = reply(&ines, &element, &from_team, "Ines to the team").await;
        let gus_on_team = reply(&gus, &element, &from_team, "Gus to the team").await;
        let answered = reply(&paula, &element, &of_gus, "The team to Gus").await;
        let of_lead = reply(&lead, &element, &open, "The Lead to Ines").await;

        // Who knows of which, in lists, by id, in the activity, and of whom they are told.
        let (all, of_globex) = ("paula lea", "paula lea gus greta");
        let known = [
            (&open, "Of Ines", "paula lea ines"), (&under_ines, "Gus to Ines", all), (&from_team, "Of the team", "paula lea gus greta ines"), (&of_gus, "Of Gus", of_globex),
            (&on_team, "Ines to the team", "paula lea ines"), (&gus_on_team, "Gus to the team", of_globex), (&answered, "The team to Gus", of_globex), (&of_lead, "The Lead to Ines", all),
        ];
        for person in everybody {
            let name = person.name.to_lowercase();
            let read: Vec<String> = threads(person, &element, json!({})).await.concat();
            let activity = person.ask("query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { data } } } }", json!({ "id": workspace })).await;
            let activity = activity.at("/workspace/activity/nodes").to_string();
            for (comment, text, readers) in &known {
                let reads = readers.split(' ').any(|reader| reader == name);
                assert_eq!(read.iter().any(|found| found == text), reads, "{name} lists {text}: {read:?}");
                let by_id = person.ask(NODE, json!({ "id": comment })).await;
                if reads { assert_eq!(by_id.text("/node/body"), *text) } else { assert_eq!(by_id.refusal(), "NOT_FOUND/UNKNOWN_ID/id", "{name} {text}") }
                // What Gus said before the mode began was said to all; its entry is of his organization.
                if *comment != &under_ines {
                    assert_eq!(activity.contains(comment.as_str()), reads, "{name} reads of {text}");
                }
            }
            let hidden = |comment: &str| known.iter().any(|(id, _, readers)| *id == comment && !readers.split(' ').any(|reader| reader == name));
            for comment in [&open, &of_gus].into_iter().filter(|comment| hidden(comment)) {
                assert_eq!(say(person, json!({ "elementId": element, "body": "x", "replyTo": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/replyTo");
                assert_eq!(person.mutate("resolveCommentThread", "thread { id }", json!({ "commentId": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/commentId");
                assert_eq!(person.mutate("deleteComment", "deletedCommentId", json!({ "commentId": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/commentId");
            }
        }
        // Ines reads nothing of what Globex said, and of the Lead's neither: four comments of the five are not hers to know.
        for (person, expected) in everybody.iter().zip([4, 4, 1, 3, 0]) {
            let told = told_since(person, before[everybody.iter().position(|found| found.id == person.id).unwrap()]).await;
            assert_eq!(told, vec!["COMMENT_ADDED"; expected], "{}", person.name);
        }
        // Nobody is mentioned in what they cannot read, or by whom they may not be known to.
        assert_eq!(say(&gus, json!({ "elementId": element, "body": "x", "mentions": [ines.id] })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mentions");
        let mention = async |by: &Person, thread: &str, who: &Person| say(by, json!({ "elementId": element, "body": "x", "replyTo": thread, "mentions": [who.id] })).await;
        assert_eq!(mention(&paula, &of_gus, &ines).await.refusal(), "FAILED_PRECONDITION/TARGET_NOT_ALLOWED/mentions");
        assert!(mention(&paula, &of_gus, &greta).await.is_ok());
        assert!(mention(&paula, &from_team, &ines).await.is_ok());
        // A first comment that was deleted is there for those alone who read a reply.
        let lonely = begin(&paula, &element, "Of the team, too").await;
        reply(&ines, &element, &lonely, "Ines again").await;
        assert!(paula.mutate("deleteComment", "deletedCommentId", json!({ "commentId": lonely })).await.is_ok());
        assert!(ines.ask(NODE, json!({ "id": lonely })).await.is_ok());
        assert_eq!(gus.ask(NODE, json!({ "id": lonely })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert!(threads(&gus, &element, json!({})).await.iter().all(|thread| thread[0] != "(deleted)"));
        assert!(threads(&ines, &element, json!({})).await.contains(&vec!["(deleted)".to_owned(), "Ines again".to_owned()]));
        set_mode(&paula, &workspace, false).await;
        assert!(threads(&gus, &element, json!({})).await.contains(&vec!["(deleted)".to_owned(), "Ines again".to_owned()]));
    }

    async fn who_is_not_known_to_the_reader_is_not_named(app) {
        let world = partnership(&app).await;
        let (sam, pia) = (app.person("Sam").await, app.person_at("Pia", "pia@globex.example").await);
        let add = json!({ "teamId": world.team, "emails": [sam.email], "roles": ["SUPER_ADMIN"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        let element = collection(&world.devi, &world.workspace, "Pets").await;
        watch(&pia, &element).await.text("/element/id");
        // A Super Admin who is not in the workspace: partners do not know that there is such a person.
        let comment = say(&sam, json!({ "elementId": element, "body": "Hello", "mentions": [world.devi.id, sam.id] })).await.text("/comment/id");
        assert_eq!(say(&pia, json!({ "elementId": element, "body": "x", "mentions": [sam.id] })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mentions");
        assert!(sam.mutate("resolveCommentThread", "thread { id }", json!({ "commentId": comment })).await.is_ok());
        assert!(give(&sam, &element, &pia, "VIEWER").await.is_ok());
        let seen = pia.ask("query($id: ID!) { node(id: $id) { ... on Comment { author { name } resolvedBy { name } mentions { name } resolvedAt } } }", json!({ "id": comment })).await;
        assert_eq!((seen.at("/node/author"), seen.at("/node/resolvedBy"), seen.at("/node/mentions")), (&Value::Null, &Value::Null, &json!([{ "name": "Devi" }])));
        assert!(seen.at("/node/resolvedAt").is_string());
        let told = pia.ask("{ viewer { notifications(last: 2) { nodes { kind message remark actor { name } } } } }", json!({})).await;
        assert!(told.body.to_string().contains("COMMENT_ADDED") && !told.body.to_string().contains("Sam"), "{}", told.body);
    }

    async fn a_page_of_comments_takes_as_many_statements_however_long(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, element, .. } = &office;
        let query = "query($id: ID!) { element(id: $id) { viewerIsWatching comments(first: 20) { nodes {
            body author { name } mentions { name } resolvedBy { name } replies(first: 5) { nodes { body author { name } mentions { name } } } } } } }";
        let mut counts = Vec::new();
        for number in 1..=20 {
            let author = [devi, mo, vera][number % 3];
            let input = json!({ "elementId": element, "body": format!("Thread {number}"), "mentions": [devi.id, mo.id, vera.id] });
            let thread = say(author, input).await.text("/comment/id");
            for by in [devi, vera] {
                let input = json!({ "elementId": element, "body": "Reply", "replyTo": thread, "mentions": [mo.id] });
                assert!(say(by, input).await.is_ok());
            }
            if [2, 20].contains(&number) {
                let before = app.parts.database.statements();
                let answer = mo.ask(query, json!({ "id": element })).await;
                counts.push(app.parts.database.statements() - before);
                assert_eq!(answer.list("/element/comments/nodes").len(), number);
                assert_eq!(answer.list("/element/comments/nodes/1/replies/nodes").len(), 2);
            }
        }
        // The token with its user, the element, its workspace, whether it is watched, the threads, their authors, mentions and replies, the people mentioned, and
        // the last three of the replies. People who are asked for at the same moment come in one.
        assert!(counts.iter().all(|count| *count <= 12), "{counts:?}");
    }

    async fn telling_two_hundred_watchers_takes_no_more_statements_than_telling_two(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        for person in [mo, vera] {
            watch(person, element).await.text("/element/id");
        }
        let mut counts = Vec::new();
        for round in 0..2 {
            if round == 1 {
                let mut people = Vec::new();
                for number in 0..200 {
                    people.push(app.person(&format!("P{number}")).await);
                }
                for some in people.chunks(100) {
                    let emails: Vec<_> = some.iter().map(|person| person.email.clone()).collect();
                    let added = devi.mutate("addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": emails, "roles": ["DEVELOPER"] })).await;
                    assert!(added.is_ok());
                    let invitees: Vec<_> = emails.iter().map(|email| json!({ "email": email })).collect();
                    assert!(devi.mutate("inviteTeamMembers", "results { outcome }", json!({ "workspaceId": workspace, "invitees": invitees, "role": "VIEWER" })).await.is_ok());
                }
                for person in &people {
                    watch(person, element).await.text("/element/id");
                }
            }
            let thread = begin(mo, element, "Before").await;
            let before = app.parts.database.statements();
            let input = json!({ "elementId": element, "body": "News", "replyTo": thread, "mentions": [vera.id] });
            assert!(devi.mutate("addComment", "comment { id }", input).await.is_ok());
            counts.push(app.parts.database.statements() - before);
        }
        assert_eq!(counts[0], counts[1]);
    }
}
