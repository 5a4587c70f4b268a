//! Signing in with a code that is sent by mail.

use crate::support::{Answer, Person, TestApp, on_both};
use serde_json::{Value, json};
use std::time::Duration;

const INVALID: &str = "UNAUTHENTICATED/INVALID_CODE/code";
const MINUTE: Duration = Duration::from_mins(1);

async fn request(app: &TestApp, email: &str) -> Answer {
    app.anonymous().mutate("requestSignInCode", "sent", json!({ "email": email })).await
}

/// The code in the newest mail to this address, which has to be the only one.
async fn mailed_code(app: &TestApp, email: &str) -> String {
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].to, email);
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    mails[0].text.lines().find(is_code).unwrap_or_else(|| panic!("no code in {}", mails[0].text)).to_owned()
}

/// Asks for a code and reads it in the mail.
async fn code_for(app: &TestApp, email: &str) -> String {
    assert_eq!(request(app, email).await.at("/sent"), true);
    mailed_code(app, &email.to_lowercase()).await
}

async fn sign_in(app: &TestApp, email: &str, code: &str) -> Answer {
    let selection = "token accessToken { id name expiresAt } viewer { user { id name email } teams { team { name } } }";
    app.anonymous().mutate("signIn", selection, json!({ "email": email, "code": code })).await
}

/// Any code but this one.
fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

fn with_token(person: Person, answer: &Answer) -> Person {
    Person { token: Some(answer.text("/token")), ..person }
}

async fn users(app: &TestApp) -> i64 {
    app.database.number(r#"SELECT count(*) FROM "user""#).await
}

on_both! {
    async fn a_known_address_signs_in_as_its_user(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let code = code_for(&app, "ADA@Example.com").await;
        let answer = sign_in(&app, "aDa@example.COM", &code).await;
        assert_eq!(answer.at("/viewer/user"), &json!({ "id": ada.id, "name": "Ada", "email": "ada@example.com" }));
        assert_eq!(answer.list("/viewer/teams").len(), 1);
        assert_eq!(answer.text("/accessToken/name"), "Sign-in");
        let signed_in = with_token(app.anonymous(), &answer);
        let workspace = signed_in.workspace(&team, "Mine", "PRIVATE").await;
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED"]);
        let tokens = ada.ask("{ viewer { accessTokens { name } } }", json!({})).await;
        assert_eq!(tokens.at("/viewer/accessTokens/1/name"), "Sign-in");
        assert_eq!(users(&app).await, 1);
    }

    async fn an_unknown_address_gets_an_account_when_its_code_comes_back_and_not_before(app) {
        let code = code_for(&app, "Nova.Newcomer@Example.com").await;
        assert_eq!(sign_in(&app, "nova.newcomer@example.com", &other_than(&code)).await.refusal(), INVALID);
        assert_eq!(users(&app).await, 0);
        let answer = sign_in(&app, "Nova.Newcomer@Example.com", &format!(" {code}\n")).await;
        assert_eq!(answer.text("/viewer/user/name"), "Nova.Newcomer");
        assert_eq!(answer.text("/viewer/user/email"), "nova.newcomer@example.com");
        let nova = with_token(app.anonymous(), &answer);
        let seen = nova.ask("{ viewer { user { id } } }", json!({})).await;
        assert_eq!(seen.text("/viewer/user/id"), answer.text("/viewer/user/id"));

        let renamed = nova.mutate("updateProfile", "viewer { user { name } }", json!({ "name": " Nova " })).await;
        assert_eq!(renamed.text("/viewer/user/name"), "Nova");
        assert_eq!(nova.mutate("updateProfile", "viewer { user { name } }", json!({ "name": null })).await.text("/viewer/user/name"), "Nova");
        assert_eq!(nova.mutate("updateProfile", "viewer { user { name } }", json!({ "name": " " })).await.refusal(), "BAD_USER_INPUT/EMPTY/name");
        assert_eq!(nova.ask("{ viewer { user { name } } }", json!({})).await.text("/viewer/user/name"), "Nova");
        assert_eq!(app.anonymous().mutate("updateProfile", "viewer { user { name } }", json!({ "name": "x" })).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");

        let code = code_for(&app, "max@example.com").await;
        let input = json!({ "email": "max@example.com", "code": code, "name": "" });
        assert_eq!(app.anonymous().mutate("signIn", "token", input).await.refusal(), "BAD_USER_INPUT/EMPTY/name");
        let input = json!({ "email": "max@example.com", "code": code, "name": "Max" });
        assert_eq!(app.anonymous().mutate("signIn", "viewer { user { name } }", input).await.text("/viewer/user/name"), "Max");
        assert_eq!(users(&app).await, 2);
    }

    async fn whether_an_address_is_known_makes_no_difference(app) {
        let ada = app.person("Ada").await;
        let mut seen: Vec<Vec<(Value, u64)>> = Vec::new();
        for email in [ada.email.as_str(), "nobody@example.com"] {
            let mut steps = Vec::new();
            let mut before = app.parts.database.statements();
            let mut step = |answer: Answer| {
                let now = app.parts.database.statements();
                steps.push((answer.body, now - std::mem::replace(&mut before, now)));
            };
            step(sign_in(&app, email, "123456").await);
            step(request(&app, email).await);
            for wrong in ["000000x", "", "12345"] {
                step(sign_in(&app, email, wrong).await);
            }
            for _ in 0..5 {
                step(request(&app, email).await);
            }
            seen.push(steps);
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0][1].0, json!({ "data": { "requestSignInCode": { "sent": true } } }));
        assert_eq!(app.mails().await.len(), 10);
    }

    async fn five_wrong_tries_spoil_a_code(app) {
        let code = code_for(&app, "nova@example.com").await;
        for _ in 0..5 {
            assert_eq!(sign_in(&app, "nova@example.com", &other_than(&code)).await.refusal(), INVALID);
        }
        assert_eq!(sign_in(&app, "nova@example.com", &code).await.refusal(), INVALID);
        let code = code_for(&app, "nova@example.com").await;
        for _ in 0..4 {
            assert_eq!(sign_in(&app, "nova@example.com", &other_than(&code)).await.refusal(), INVALID);
        }
        assert!(sign_in(&app, "nova@example.com", &code).await.is_ok(), "a new code has tries of its own, and the fifth is one of them");
    }

    async fn a_code_ends_after_ten_minutes(app) {
        let code = code_for(&app, "nova@example.com").await;
        app.advance(MINUTE * 10);
        assert_eq!(sign_in(&app, "nova@example.com", &code).await.refusal(), INVALID);
        let code = code_for(&app, "nova@example.com").await;
        app.advance(Duration::from_secs(10 * 60 - 1));
        assert!(sign_in(&app, "nova@example.com", &code).await.is_ok());
    }

    async fn a_code_works_once_for_its_own_address_and_is_replaced_by_the_next(app) {
        let first = code_for(&app, "nova@example.com").await;
        assert_eq!(sign_in(&app, "max@example.com", &first).await.refusal(), INVALID, "no code was sent to Max");
        let mut second = code_for(&app, "nova@example.com").await;
        if first == second {
            second = code_for(&app, "nova@example.com").await;
        }
        assert_eq!(sign_in(&app, "nova@example.com", &first).await.refusal(), INVALID);
        assert!(sign_in(&app, "nova@example.com", &second).await.is_ok());
        assert_eq!(sign_in(&app, "nova@example.com", &second).await.refusal(), INVALID);
        assert_eq!(app.database.number("SELECT count(*) FROM access_token").await, 1);
    }

    async fn an_address_is_sent_five_codes_in_a_quarter_of_an_hour(app) {
        let limited = "RATE_LIMITED/TOO_MANY_REQUESTS/email";
        let begun = app.parts.app.now();
        for number in 0..5 {
            let code = code_for(&app, "nova@example.com").await;
            match number {
                1 => assert!(sign_in(&app, "nova@example.com", &code).await.is_ok()),
                // One has ended, one was used: they count all the same.
                3 => app.advance(MINUTE * 12),
                _ => {}
            }
        }
        assert_eq!(request(&app, "NOVA@example.com").await.refusal(), limited);
        assert!(app.mails().await.is_empty(), "and no mail is sent");
        assert!(request(&app, "max@example.com").await.is_ok(), "others are not concerned");
        app.mails().await;

        // The window slides: four of the five leave it, one stays.
        app.advance(MINUTE * 3);
        assert!(app.parts.app.now() >= begun + MINUTE * 15);
        for _ in 0..4 {
            code_for(&app, "nova@example.com").await;
        }
        assert_eq!(request(&app, "nova@example.com").await.refusal(), limited);
        app.advance(MINUTE * 12);
        code_for(&app, "nova@example.com").await;
        assert_eq!(request(&app, "nova@example.com").await.refusal(), limited);

        app.advance(MINUTE * 15);
        app.run_jobs().await;
        assert_eq!(app.database.number("SELECT count(*) FROM sign_in_code").await, 0, "what no limit counts is forgotten");
        code_for(&app, "nova@example.com").await;
    }

    async fn what_is_no_address_is_refused(app) {
        for (email, reason) in [("", "EMPTY"), ("nonsense", "INVALID_FORMAT"), ("a@example.com\r\nBcc: b@example.com", "INVALID_FORMAT")] {
            assert_eq!(request(&app, email).await.refusal(), format!("BAD_USER_INPUT/{reason}/email"));
            assert_eq!(sign_in(&app, email, "123456").await.refusal(), format!("BAD_USER_INPUT/{reason}/email"));
        }
        assert!(app.mails().await.is_empty());
    }

    async fn many_guesses_at_once_have_five_tries_in_all(app) {
        let code = code_for(&app, "nova@example.com").await;
        let mut guesses = tokio::task::JoinSet::new();
        for number in 1..=50 {
            let (person, wrong) = (app.anonymous(), format!("{:06}", (code.parse::<u32>().unwrap() + number) % 1_000_000));
            guesses.spawn(async move { person.mutate("signIn", "token", json!({ "email": "nova@example.com", "code": wrong })).await });
        }
        while let Some(answer) = guesses.join_next().await {
            assert_eq!(answer.unwrap().refusal(), INVALID);
        }
        assert_eq!(app.database.number("SELECT count(*) FROM sign_in_code WHERE attempts = 5").await, 1);
        assert_eq!(sign_in(&app, "nova@example.com", &code).await.refusal(), INVALID);
    }

    async fn of_many_who_come_with_the_same_good_code_one_gets_in(app) {
        let code = code_for(&app, "nova@example.com").await;
        let mut comers = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (person, code) = (app.anonymous(), code.clone());
            comers.spawn(async move { person.mutate("signIn", "token", json!({ "email": "nova@example.com", "code": code })).await.is_ok() });
        }
        assert_eq!(comers.join_all().await.into_iter().filter(|is_in| *is_in).count(), 1);
        assert_eq!((users(&app).await, app.database.number("SELECT count(*) FROM access_token").await), (1, 1));
    }

    async fn the_mail_tells_the_code_and_forgets_it(app) {
        assert!(request(&app, "nova@example.com").await.is_ok());
        let kept = "SELECT count(*) FROM mail WHERE secret IS NOT NULL";
        assert_eq!(app.database.number(kept).await, 1);
        let mail = app.mails().await.pop().unwrap();
        assert_eq!(mail.subject, "Your code to sign in to Portico");
        assert!(mail.text.contains("good for ten minutes, and once") && mail.text.contains("did not ask for it"), "{}", mail.text);
        assert_eq!(app.database.number("SELECT count(*) FROM mail WHERE state = 'SENT' AND kind = 'SIGN_IN_CODE'").await, 1);
        assert_eq!(app.database.number(kept).await, 0);
    }

    async fn the_token_works_for_thirty_days(app) {
        let code = code_for(&app, "nova@example.com").await;
        let answer = sign_in(&app, "nova@example.com", &code).await;
        let nova = with_token(app.anonymous(), &answer);
        app.advance(MINUTE * (30 * 24 * 60 - 1));
        assert!(nova.ask("{ viewer { user { id } } }", json!({})).await.is_ok());
        app.advance(MINUTE);
        assert_eq!(nova.ask("{ viewer { user { id } } }", json!({})).await.status, 401);
        assert!(answer.text("/accessToken/expiresAt").starts_with("2027-02-14T08:00:00"), "{answer:?}");
    }

    async fn whoever_signs_in_asks_what_follows_unless_the_operation_is_somebody_elses(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Shared", "TEAM").await;
        app.mails().await;
        // Everything below the viewer is theirs: lists, people by the loaders, what needs an action.
        let viewer = "viewer { user { name } teams { team { members(first: 10) { nodes { user { name email } } } } }
            workspaces(first: 10) { nodes { id viewerCan createdBy { name email } members(first: 10) { totalCount } } } }";
        let document = format!("mutation($code: String!, $team: ID!) {{
            early: createWorkspace(input: {{ teamId: $team, name: \"Early\", visibility: PRIVATE }}) {{ workspace {{ id }} }}
            signIn(input: {{ email: \"mo@example.com\", code: $code, idempotencyKey: \"k\" }}) {{ token {viewer} }}
            createWorkspace(input: {{ teamId: $team, name: \"Next\", visibility: PRIVATE }}) {{ workspace {{ name viewerRole createdBy {{ name }} }} }}
        }}");
        let code = code_for(&app, "mo@example.com").await;
        let answer = app.anonymous().ask(&document, json!({ "code": code, "team": team })).await;
        let errors = answer.body["errors"].as_array().unwrap();
        assert_eq!((errors.len(), &errors[0]["path"], &errors[0]["extensions"]["reason"]), (1, &json!(["early"]), &json!("SIGN_IN_REQUIRED")), "{}", answer.body);
        let signed_in = &answer.body["data"]["signIn"];
        let mo_asks = Person { token: Some(signed_in["token"].as_str().unwrap().to_owned()), ..mo.clone() };
        let listed = mo_asks.ask(&format!("{{ {viewer} }}"), json!({})).await;
        assert_eq!(listed.list("/viewer/workspaces/nodes").len(), 2, "the second is the one that was made afterwards");
        assert_eq!(signed_in["viewer"]["user"]["name"], "Mo");
        assert_eq!(signed_in["viewer"]["teams"], listed.at("/viewer/teams").clone());
        assert_eq!(signed_in["viewer"]["workspaces"]["nodes"], json!([listed.at("/viewer/workspaces/nodes/0")]));
        assert_eq!(signed_in["viewer"]["workspaces"]["nodes"][0]["id"], workspace.as_str());
        assert_eq!(signed_in["viewer"]["workspaces"]["nodes"][0]["createdBy"]["email"], "ada@example.com");
        assert_eq!(answer.body["data"]["createWorkspace"]["workspace"], json!({ "name": "Next", "viewerRole": "ADMIN", "createdBy": { "name": "Mo" } }));

        // Ada's operation stays Ada's, though Mo's code is good.
        let code = code_for(&app, "mo@example.com").await;
        let answer = ada.mutate("signIn", "token accessToken { name } viewer { user { name } }", json!({ "email": "mo@example.com", "code": code })).await;
        assert!(answer.at("/viewer").is_null() && answer.at("/token").is_string());
    }
}
