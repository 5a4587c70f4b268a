//! The log as a file: refused, escaped, streamed and broken off.

use super::{download, events, outcome, rows, seed};
use crate::support::{Person, on_both};
use portico::app::actor::Origin;
use portico::app::audit::{Export, PAGE};
use portico::app::ports::AuditFilter;
use portico::app::{AppError, token};
use portico::domain::Code;
use serde_json::{Value, json};
use std::time::Duration;

on_both! {
    async fn the_file_is_refused_in_the_words_of_the_schema(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let liar = Person { token: Some("portico_nonsense".to_owned()), ..ada.clone() };
        assert_eq!(outcome(download(&liar, &team, "").await).await, "401 UNAUTHENTICATED/INVALID_TOKEN/-");
        for id in ["nonsense", "team_01h455vb4pex5vsknk084sn02q", &ada.id, "%ff"] {
            assert_eq!(outcome(download(&ada, id, "").await).await, "404 NOT_FOUND/UNKNOWN_ID/-", "{id}");
        }
        for (query, refusal) in [
            ("?kind=NONSENSE", "400 BAD_USER_INPUT/INVALID_FORMAT/kind"),
            ("?since=yesterday", "400 BAD_USER_INPUT/INVALID_FORMAT/since"),
            ("?until=", "400 BAD_USER_INPUT/INVALID_FORMAT/until"),
            ("?actorId=nonsense", "400 BAD_USER_INPUT/MALFORMED_ID/actorId"),
            ("?workspaceId=nonsense", "400 BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            ("?targetId=no%20id", "400 BAD_USER_INPUT/MALFORMED_ID/targetId"),
            ("?knid=TEAM_CREATED", "400 BAD_USER_INPUT/MALFORMED_REQUEST/-"),
            ("?kind=TEAM_CREATED&kind=TEAM_CREATED", "400 BAD_USER_INPUT/MALFORMED_REQUEST/-"),
        ] {
            assert_eq!(outcome(download(&ada, &team, query).await).await, refusal, "{query}");
        }
        let url = app.http(&format!("/teams/{team}/audit-log.csv"));
        let response = app.client.post(url).bearer_auth(ada.token.as_ref().unwrap()).send().await.unwrap();
        assert_eq!(response.headers()["allow"], "GET, HEAD");
        assert_eq!(outcome(response).await, "405 BAD_USER_INPUT/METHOD_NOT_ALLOWED/-");
        let response = download(&ada, &team, "").await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!((header("content-disposition"), header("cache-control")), ("attachment; filename=\"audit-log.csv\"".to_owned(), "no-store".to_owned()));
    }

    async fn the_file_holds_quotes_newlines_and_no_formulas(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let name = "=HYPERLINK(\"x\"),\r\n\"Ada\"; ünïcode";
        seed(&app, &team, 1, name).await;
        let text = download(&ada, &team, "?kind=GROUP_CREATED").await.text().await.unwrap();
        assert!(text.starts_with("id,kind,createdAt,actorId,actorName,address,userAgent,workspaceId,targetId,before,after\r\nauditevent_"), "{text}");
        assert!(text.ends_with(",,,,group_0,,\r\n"), "{text}");
        assert!(text.contains("\"'=HYPERLINK(\"\"x\"\"),\r\n\"\"Ada\"\"; ünïcode\""), "{text}");
        assert_eq!(rows(&ada, &team, "?kind=GROUP_CREATED").await[1][4], format!("'{name}"));
        let made = rows(&ada, &team, "?kind=TEAM_CREATED").await.remove(1);
        let listed = events(&ada, &team, "first: 1, kind: TEAM_CREATED").await.remove(0);
        for (place, field) in ["id", "kind", "createdAt"].into_iter().enumerate() {
            assert_eq!(listed[field], made[place]);
        }
        assert_eq!((&made[3], &made[4], &made[5]), (&ada.id, &ada.name, &"127.0.0.1".to_owned()));
        assert_eq!(serde_json::from_str::<Value>(&made[10]).unwrap(), listed["after"]);
        assert_eq!(rows(&ada, &team, "?kind=GROUP_DELETED").await.len(), 1, "the head alone");
    }

    async fn a_long_log_is_streamed_whole_and_an_export_ends_with_the_permission(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["ADMIN"])]).await;
        let count = u32::try_from(PAGE * 2 + 50).unwrap();
        app.advance(Duration::from_secs(1));
        seed(&app, &team, count, "Ada").await;
        let told = rows(&ada, &team, "?kind=GROUP_CREATED").await;
        assert_eq!(told[1..].iter().map(|row| row[8].clone()).collect::<Vec<_>>(), (0..count).map(|place| format!("group_{place}")).collect::<Vec<_>>());
        let begin = async |person: &Person| {
            let actor = token::authenticate(&app.parts.app, &person.token.clone().unwrap().into(), Origin::default()).await.unwrap().unwrap();
            let mut export = Export::new(app.parts.app.clone(), actor, team.parse().unwrap(), AuditFilter::default());
            assert_eq!(export.next_page().await.unwrap().unwrap().len(), PAGE);
            export
        };
        let refused = |answer| match answer {
            Err(AppError::Refused(refusal)) => refusal.code,
            answer => panic!("{answer:?}"),
        };
        let (mut whole, mut demoted, mut revoked) = (begin(&ada).await, begin(&mo).await, begin(&ada).await);
        assert!(ada.mutate("setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": mo.id, "roles": ["DEVELOPER"] })).await.is_ok());
        assert_eq!(refused(demoted.next_page().await), Code::Forbidden);
        let mut left = Vec::new();
        while let Some(page) = whole.next_page().await.unwrap() {
            left.push(page.len());
        }
        assert_eq!(left, [PAGE, 50 + 4], "the team, two people and the other roles come beside them");
        let token = ada.ask("{ viewer { accessTokens { id } } }", json!({})).await.text("/viewer/accessTokens/0/id");
        assert!(ada.mutate("revokeAccessToken", "revokedAccessTokenId", json!({ "accessTokenId": token })).await.is_ok());
        assert_eq!(refused(revoked.next_page().await), Code::Unauthenticated);
    }

    async fn a_file_breaks_off_when_the_permission_ends(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["ADMIN"])]).await;
        // More than what fits into the buffers between the server and a client that does not read.
        seed(&app, &team, 1_500, &"x".repeat(20_000)).await;
        let mut response = download(&mo, &team, "").await;
        assert!(response.chunk().await.unwrap().is_some());
        assert!(ada.mutate("removeFromTeam", "teamId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        let end = loop {
            match response.chunk().await {
                Ok(Some(_)) => {}
                end => break end,
            }
        };
        assert!(end.is_err(), "half a log does not end like a whole one");
    }
}
