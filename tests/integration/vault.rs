//! Secrets at rest: sealed, opened, and their master keys rotated by the program itself while a server runs.

use crate::support::{TestApp, on_both};
use portico::app::vault::{Vault, VaultError};
use portico::domain::DataKeyId;
use portico::instance::{Instance, Parts, StartError};
use portico::server::TransportSettings;
use portico::{app::clock::SystemEntropy, config::Config};
use secrecy::ExposeSecret;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const OLD: &str = "old:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const NEW: &str = "new:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// Seals these values, each with a data key of its own, and answers the texts that are kept.
async fn sealed(parts: &Parts, values: impl IntoIterator<Item = String>) -> Vec<String> {
    let tx = parts.app.store.begin().await.unwrap();
    let mut texts = Vec::new();
    for value in values {
        texts.push(parts.app.vault.seal(&*tx, None, &value).await.unwrap().to_string());
    }
    tx.commit().await.unwrap();
    texts
}

async fn opened(parts: &Parts, sealed: &[String]) -> Result<Vec<String>, VaultError> {
    let opened = parts.app.vault.open_many(parts.app.queries(), sealed).await?;
    Ok(opened.iter().map(|secret| secret.expose_secret().to_owned()).collect())
}

/// Another server on the same database.
async fn other_server(app: &TestApp, change: impl FnOnce(&mut Config)) -> Parts {
    let mut config = app.config.clone();
    change(&mut config);
    Parts::assemble(&config, app.clock.clone(), std::sync::Arc::new(SystemEntropy)).await.unwrap()
}

/// Why a server with this configuration does not start.
async fn refusal(app: &TestApp, change: impl FnOnce(&mut Config)) -> String {
    let parts = other_server(app, change).await;
    match Instance::start("127.0.0.1:0".parse().unwrap(), &parts, TransportSettings::default()).await {
        Err(StartError::Vault(error)) => std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": "),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("it starts"),
    }
}

/// What the program prints, by the keys of the file or by these.
async fn keys(app: &TestApp, command: &str, keys: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_portico"));
    program
        .args(["keys", command])
        .current_dir(app.config.secrets.key_file.parent().unwrap())
        .env("PORTICO_DATABASE_URL", &app.database.url)
        .env("PORTICO_SECRET_KEY_FILE", &app.config.secrets.key_file)
        .env("PORTICO_SECRET_KEYS", keys);
    let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The ids in the key file, the current one first.
fn ids(app: &TestApp) -> Vec<String> {
    let text = fs::read_to_string(&app.config.secrets.key_file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').unwrap().0.to_owned()).collect()
}

on_both! {
    async fn a_value_is_kept_sealed_and_opened_in_its_order(app) {
        let (vault, store) = (&app.parts.app.vault, &app.parts.app.store);
        let tx = store.begin().await.unwrap();
        let sealer = vault.sealer(&*tx, None).await.unwrap();
        let values = ["hunter2", "", "Größe 🗝 \0", "sealed:1:nothing"];
        let mut texts: Vec<String> = values.iter().map(|value| sealer.seal(value).unwrap().to_string()).collect();
        let key = Vault::data_key_of(&texts[0]).unwrap();
        // The next one of the same environment, and one of another.
        let next = vault.seal(&*tx, Some(key), "next").await.unwrap();
        assert_eq!(next.data_key(), key);
        let other = vault.seal(&*tx, None, "other").await.unwrap();
        assert_ne!(other.data_key(), key);
        tx.commit().await.unwrap();
        texts.extend([other.to_string(), next.to_string(), texts[0].clone()]);
        assert!(texts.iter().all(|text| !text.contains("hunter2")));
        let before = app.parts.database.statements();
        assert_eq!(opened(&app.parts, &texts).await.unwrap(), [&values[..], &["other", "next", "hunter2"]].concat());
        assert_eq!(app.parts.database.statements() - before, 1, "all the keys at once");
        assert!(opened(&app.parts, &[]).await.unwrap().is_empty());
        assert_eq!(app.database.number("SELECT count(*) FROM data_key").await, 2);
    }

    async fn what_cannot_be_opened_is_named_and_not_shown(app) {
        let texts = sealed(&app.parts, ["hunter2".to_owned(), "hunter3".to_owned()]).await;
        assert!(matches!(opened(&app.parts, &["hunter2".to_owned()]).await, Err(VaultError::NotSealed)));
        let body = texts[1].rsplit_once(':').unwrap().1;
        let swapped = format!("{}:{body}", texts[0].rsplit_once(':').unwrap().0);
        let error = opened(&app.parts, &[texts[0].clone(), swapped]).await.unwrap_err();
        assert!(matches!(error, VaultError::NotOpened { .. }) && !format!("{error} {error:?}").contains("hunter"), "{error:?}");
        let unknown = DataKeyId::from_uuid(uuid::Uuid::from_u128(7));
        let stranger = format!("sealed:1:{unknown}:{body}");
        assert!(matches!(opened(&app.parts, &[stranger]).await, Err(VaultError::UnknownDataKey(id)) if id == unknown));
        let tx = app.parts.app.store.begin().await.unwrap();
        let error = app.parts.app.vault.sealer(&*tx, Some(unknown)).await.unwrap_err();
        assert!(matches!(error, VaultError::UnknownDataKey(id) if id == unknown));
        drop(tx);
        app.sql("UPDATE data_key SET wrapped = $1", vec![vec![0u8; 72].into()]).await;
        let error = opened(&app.parts, &texts).await.unwrap_err().to_string();
        assert!(error.contains("datakey_") && error.contains(&ids(&app)[0]), "{error}");
    }

    async fn a_data_key_is_undone_with_its_transaction(app) {
        let tx = app.parts.app.store.begin().await.unwrap();
        let sealed = app.parts.app.vault.seal(&*tx, None, "hunter2").await.unwrap().to_string();
        assert_eq!(app.parts.app.vault.open_many(tx.queries(), &[&sealed]).await.unwrap()[0].expose_secret(), "hunter2");
        drop(tx);
        assert!(matches!(opened(&app.parts, &[sealed]).await, Err(VaultError::UnknownDataKey(_))));
    }

    async fn keys_are_rotated_in_their_file_while_a_server_runs(app) {
        let first = ids(&app);
        assert_eq!(first.len(), 1, "made by the first start");
        let file = &app.config.secrets.key_file;
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        // More than go into one transaction.
        let values: Vec<String> = (0..230).map(|number| format!("secret {number}")).collect();
        let mut texts = sealed(&app.parts, values.clone()).await;
        assert!(keys(&app, "status", "").await.contains(&format!("{} current 230 data keys\n", first[0])));
        let said = keys(&app, "rotate", "").await;
        let both = ids(&app);
        assert_eq!((both.len(), &both[1]), (2, &first[0]));
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(said.starts_with(&format!("{} is the current master key, in the file ", both[0])), "{said}");
        assert!(said.contains("Wrapped anew under it: 230 data keys.") && said.contains(&format!("Nothing is under {} any more.", first[0])), "{said}");
        assert!(fs::read_to_string(file).unwrap().lines().filter_map(|line| line.split_once(' ')).all(|(_, key)| !said.contains(key)));
        // The server that has been running all the time goes on with the new key.
        assert_eq!(opened(&app.parts, &texts).await.unwrap(), values);
        texts.extend(sealed(&app.parts, ["late".to_owned()]).await);
        let status = keys(&app, "status", "").await;
        assert!(status.contains(&format!("{} current 231 data keys\n{} known 0 data keys\n", both[0], first[0])), "{status}");
        // The old key goes, and nobody misses it.
        let text = fs::read_to_string(file).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(&first[0])).collect();
        fs::write(file, kept.join("\n")).unwrap();
        let restarted = other_server(&app, |_| ()).await;
        assert_eq!(opened(&restarted, &texts).await.unwrap().last().unwrap(), "late");
    }

    async fn a_rotation_that_was_cut_off_or_meets_another_one_is_finished_by_the_next(app) {
        let texts = sealed(&app.parts, (0..5).map(|number| format!("secret {number}"))).await;
        let old = ids(&app).remove(0);
        let other = other_server(&app, |_| ()).await;
        let store = &*app.parts.app.store;
        let (one, two) = tokio::join!(app.parts.app.vault.rotate(store), other.app.vault.rotate(store));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.wrapped + two.wrapped >= 5, "{one:?} {two:?}");
        assert_eq!(ids(&app).len(), 3, "each has put its key into the file");
        let under_old = one.report.keys.iter().chain(&two.report.keys).filter(|key| key.id == old && key.data_keys > 0).count();
        assert_eq!(under_old, 0, "{one:?} {two:?}");
        let last = app.parts.app.vault.rotate(store).await.unwrap();
        assert_eq!(last.wrapped, 5);
        assert_eq!(last.report.unused().count(), 3);
        assert_eq!(opened(&app.parts, &texts).await.unwrap().len(), 5);
        assert_eq!(opened(&other, &texts).await.unwrap().len(), 5);
    }

    async fn keys_of_the_environment_win_and_are_rotated_by_their_order(app) {
        let old = other_server(&app, |config| config.secrets.keys = OLD.into()).await;
        let texts = sealed(&old, ["hunter2".to_owned()]).await;
        let before = fs::read(&app.config.secrets.key_file).unwrap();
        let both = format!("{NEW},{OLD}");
        assert_eq!(keys(&app, "status", OLD).await, "Master keys in PORTICO_SECRET_KEYS:\nold current 1 data key\n");
        let said = keys(&app, "rotate", &both).await;
        assert!(said.contains("new is the current master key, in PORTICO_SECRET_KEYS.\nWrapped anew under it: 1 data key."), "{said}");
        assert!(said.contains("Nothing is under old any more."), "{said}");
        assert_eq!(fs::read(&app.config.secrets.key_file).unwrap(), before, "the file has no part in it");
        assert!(keys(&app, "rotate", &both).await.contains("0 data keys"), "nothing is left to be done");
        // A server that has the old key alone says what it needs.
        let error = opened(&old, &texts).await.unwrap_err().to_string();
        assert!(error.contains("master key new, which is not in PORTICO_SECRET_KEYS") && error.contains("start this server again"), "{error}");
        let new = other_server(&app, |config| config.secrets.keys = NEW.into()).await;
        assert_eq!(opened(&new, &texts).await.unwrap(), ["hunter2"]);
    }

    async fn a_server_without_the_keys_of_its_database_does_not_start(app) {
        let file = app.config.secrets.key_file.clone();
        let own = ids(&app).remove(0);
        sealed(&app.parts, ["hunter2".to_owned()]).await;
        let error = refusal(&app, |config| config.secrets.keys = NEW.into()).await;
        assert!(error.contains(&format!("under the master key {own}, which is not in PORTICO_SECRET_KEYS")), "{error}");
        let status = keys(&app, "status", NEW).await;
        assert!(status.ends_with(&format!("new current 0 data keys\n{own} MISSING 1 data key\n")), "{status}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let error = refusal(&app, |_| ()).await;
        assert!(error.contains(&format!("chmod 600 {}", file.display())), "{error}");
        fs::rename(&file, file.with_extension("away")).unwrap();
        let error = refusal(&app, |_| ()).await;
        assert!(error.contains("PORTICO_SECRET_KEYS") && error.contains(&file.display().to_string()) && error.contains(&own), "{error}");
        assert!(!file.exists(), "no other key takes its place");
        // A server that still runs opens what it can, and makes nothing that would be lost with it.
        let tx = app.parts.app.store.begin().await.unwrap();
        assert!(matches!(app.parts.app.vault.sealer(&*tx, None).await, Err(VaultError::Source { .. })));
    }
}
