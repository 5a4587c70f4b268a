//! The program as an administrator runs it: its commands, its configuration, its end.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn portico(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico"));
    command.args(arguments).current_dir(folder).env("PORTICO_LISTEN", "127.0.0.1:0").env("PORTICO_LOG", "warn");
    command
}

fn output(folder: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = portico(folder, arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// A server that is stopped however the test ends.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_schema_is_printed_as_it_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let (succeeded, schema, _) = output(folder.path(), &["schema"]);
    assert!(succeeded);
    assert_eq!(schema, std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap());
}

#[test]
fn users_and_tokens_are_made_and_migrations_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (_, first, _) = output(folder.path(), &["user", "ada@example.com", "--name", "Ada"]);
    let (_, again, _) = output(folder.path(), &["user", "ADA@example.com"]);
    assert!(first.starts_with("user_"));
    assert_eq!(first, again, "one address, one user");
    let (_, token, _) = output(folder.path(), &["token", "ada@example.com"]);
    assert!(token.starts_with("portico_") && token.lines().count() == 1);
    let (_, status, _) = output(folder.path(), &["migrate", "status"]);
    assert!(status.lines().count() >= 10 && status.lines().all(|line| line.starts_with("applied ")), "{status}");
    for (arguments, complaint) in [(["token", "eve@example.com"], "nobody has this address"), (["user", "nonsense"], "email")] {
        let (succeeded, said, error) = output(folder.path(), &arguments);
        assert!(!succeeded && said.is_empty() && error.contains(complaint), "{error}");
    }
}

#[test]
fn a_wrong_configuration_is_named_and_nothing_starts() {
    let folder = tempfile::tempdir().unwrap();
    let output = portico(folder.path(), &[]).env("PORTICO_DATABASE_URL", "mysql://secret@localhost").output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && error.contains("PORTICO_DATABASE_URL") && !error.contains("secret"), "{error}");
}

#[test]
fn keys_are_made_by_a_server_and_not_by_asking_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let (succeeded, status, error) = output(folder.path(), &["keys", "status"]);
    assert!(succeeded, "{error}");
    assert_eq!(status, "Master keys in the file portico.keys (PORTICO_SECRET_KEY_FILE):\nnone yet\n");
    assert!(!folder.path().join("portico.keys").exists());
    let mut child = portico(folder.path(), &[]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _serving = Serving(child);
    assert!(line.starts_with("Portico listens on "), "{line}");
    let file = folder.path().join("portico.keys");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let (_, said, _) = output(folder.path(), &["keys", "rotate"]);
    assert!(said.contains("Wrapped anew under it: 0 data keys."), "{said}");
    let (_, status, _) = output(folder.path(), &["keys", "status"]);
    assert_eq!(
        status.lines().skip(1).map(|line| line.split_once(' ').unwrap().1).collect::<Vec<_>>(),
        ["current 0 data keys", "known 0 data keys"]
    );
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    for arguments in [&["serve"][..], &["keys", "status"], &["keys", "rotate"]] {
        let (succeeded, _, error) = output(folder.path(), arguments);
        assert!(!succeeded && error.contains("chmod 600 portico.keys"), "{error}");
    }
}

#[tokio::test]
async fn the_demo_can_be_used_as_it_is_printed_and_ends_when_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = portico(folder.path(), &["serve", "--demo"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut serving = Serving(child);
    let (mut url, mut token) = (None, None);
    for line in lines {
        let line = line.unwrap();
        url = url.or_else(|| line.strip_prefix("Portico listens on ").map(str::to_owned));
        if line.trim().starts_with("portico_") {
            token = Some(line.trim().to_owned());
        }
        if line.contains("-d '{\"query\"") {
            break;
        }
    }
    let (url, token) = (url.unwrap(), token.unwrap());
    let client = reqwest::Client::new();
    assert_eq!(client.get(format!("{url}/readyz")).send().await.unwrap().status(), 200);
    let query = serde_json::json!({ "query": "{ viewer { user { name } workspaces(first: 10) { nodes { name viewerRole } } } }" });
    let answer: Value = client.post(format!("{url}/graphql")).bearer_auth(token).json(&query).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["viewer"]["user"]["name"], "Devi Developer");
    assert_eq!(answer["data"]["viewer"]["workspaces"]["nodes"][0]["name"], "Payments API");

    let id = serving.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = tokio::task::spawn_blocking(move || serving.0.wait().unwrap());
    assert!(tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap().unwrap().success());
    let (_, again, _) = output(folder.path(), &["migrate", "status"]);
    assert!(again.contains("applied"));
}
