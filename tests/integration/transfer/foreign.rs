//! What programs that nobody here wrote make of exports: newman runs them, and the JSON Schema of the format is held against them.

use super::{export, import};
use crate::documents::files::{BROKEN, files};
use crate::documents::workspace;
use crate::support::app::run;
use crate::support::npm::{node_project, run_node};
use crate::support::{Kind, Person, TestApp};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

const LIMIT: Duration = Duration::from_mins(15);

/// Collections of which newman sends no request here, and why.
const NOT_RUN: &[(&str, &str)] = &[("request.json", "its request goes through a proxy, and nothing leaves this machine")];

/// Puts what comes back of a file into another file.
async fn exported(person: &Person, workspace: &str, original: &Path, format: &str, into: &Path) -> Option<PathBuf> {
    let id = import(person, workspace, std::fs::read(original).ok()?).await.ids().remove(0);
    let name = original.strip_prefix(original.ancestors().nth(2).unwrap()).unwrap().to_str().unwrap();
    let file = into.join(format!("{format}-{}", name.replace('/', "-")));
    let query = if format.is_empty() { String::new() } else { format!("?format={format}") };
    std::fs::write(&file, export(person, &id, &query).await).unwrap();
    Some(file)
}

async fn node(script: &'static str, folder: &Path, pairs: &[Value]) -> Vec<Value> {
    let file = folder.join("pairs.json");
    std::fs::write(&file, json!(pairs).to_string()).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/collection-schema");
    let lines = tokio::task::spawn_blocking(move || {
        let environment = [("PAIRS", file.to_str().unwrap()), ("SCHEMA", schema.to_str().unwrap())];
        run_node(&node_project("tests/clients"), script, &[], &environment, LIMIT).expect_success()
    });
    lines.await.unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn collections() -> Vec<PathBuf> {
    files("collections").into_iter().filter(|path| !BROKEN.iter().any(|(broken, _)| path.ends_with(broken))).collect()
}

#[test]
#[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
fn exported_collections_run_in_newman_as_the_originals_do() {
    run(Kind::Sqlite, |app: TestApp| async move {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let folder = tempfile::tempdir().unwrap();
        let mut pairs = Vec::new();
        for original in collections() {
            let name = original.file_name().unwrap().to_str().unwrap().to_owned();
            let mut pair = json!({ "name": name, "original": original });
            pair["exported"] = json!(exported(&ada, &workspace, &original, "", folder.path()).await);
            for kind in ["environment", "globals"] {
                let file = original.with_file_name(name.replace("_collection.json", &format!("_{kind}.json")));
                let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/environments").join(file.file_name().unwrap());
                let exported = exported(&ada, &workspace, &file, "", folder.path()).await;
                pair[kind] = exported.map_or(Value::Null, |exported| json!({ "original": file, "exported": exported }));
            }
            pairs.push(pair);
        }
        let results = node("newman.mjs", folder.path(), &pairs).await;
        assert_eq!(results.len(), pairs.len());
        let count = |key: &str| results.iter().map(|result| result[key].as_u64().unwrap()).sum::<u64>();
        let (ran, idle): (Vec<&Value>, Vec<&Value>) = results.iter().partition(|result| result["requests"].as_u64() > Some(0));
        println!(
            "{} of {} collections ran {} requests and {} assertions, of which {} failed",
            ran.len(),
            results.len(),
            count("requests"),
            count("assertions"),
            count("failed")
        );
        let different: Vec<&Value> = results.iter().filter(|result| !result["difference"].is_null()).collect();
        assert!(different.is_empty(), "{different:#?}");
        assert!(idle.iter().all(|result| NOT_RUN.iter().any(|(known, _)| result["name"] == *known)), "{idle:#?}");
        assert!(ran.len() >= 80 && count("requests") >= 700 && count("assertions") >= 250, "{results:#?}");
    });
}

#[test]
#[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
fn exports_are_valid_by_the_schema_of_the_format_where_imports_were() {
    run(Kind::Sqlite, |app: TestApp| async move {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let folder = tempfile::tempdir().unwrap();
        let mut pairs = Vec::new();
        for original in collections() {
            let text = String::from_utf8(std::fs::read(&original).unwrap()).unwrap();
            let versions = [("v2.0.0", "COLLECTION_V2_0"), ("v2.1.0", "COLLECTION_V2_1")];
            let own = usize::from(text.contains("collection/v2.1"));
            for (version, format) in versions {
                let exported = exported(&ada, &workspace, &original, format, folder.path()).await;
                let name = format!("{} as {version}", original.display());
                pairs.push(json!({ "name": name, "original": original, "version": versions[own].0, "exported": exported, "exportedVersion": version }));
            }
        }
        let results = node("validate.mjs", folder.path(), &pairs).await;
        let valid = results.iter().filter(|result| result["original"] == true).count();
        println!("{valid} of {} are valid by the schema, and stay so", results.len());
        let different: Vec<&Value> = results.iter().filter(|result| result["original"] != result["exported"]).collect();
        assert!(different.is_empty(), "{different:#?}");
        assert!(valid >= 150, "{results:#?}");
    });
}
