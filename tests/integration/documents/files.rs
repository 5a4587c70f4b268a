//! Files that other people wrote.

use super::{export, import, workspace};
use crate::support::on_both;
use serde_json::json;
use std::path::{Path, PathBuf};

/// The JSON files below a folder of `../shared/data`.
pub fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    let (mut found, mut folders) = (Vec::new(), vec![root]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Collections that no version of the format allows, and what they are told.
pub const BROKEN: &[(&str, &str)] = &[
    ("inherited-entities.postman_collection.json", "INVALID_DOCUMENT"),
    ("multi-level-folders-v1.postman_collection.json", "UNSUPPORTED_FORMAT"),
    ("timeout.postman_collection.json", "INVALID_DOCUMENT"),
];

on_both! {
    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    async fn collections_of_others_come_back_as_they_were(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut refused = Vec::new();
        for path in files("collections") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
            if let Some((_, reason)) = BROKEN.iter().find(|(broken, _)| *broken == name) {
                let answer = ada.mutate("importElements", "warnings", json!({ "workspaceId": workspace, "content": text })).await;
                assert_eq!(answer.refusal(), format!("BAD_USER_INPUT/{reason}/content"), "{name}");
                assert!(answer.body["errors"][0]["extensions"]["pointer"].is_string(), "{name}");
                refused.push(name.to_owned());
                continue;
            }
            let element = import(&ada, &workspace, &text).await;
            let original: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            let exported = export(&ada, &element, None).await;
            assert_eq!(exported, original.to_string(), "{name}");
        }
        assert_eq!(refused.len(), BROKEN.len());
    }
}
