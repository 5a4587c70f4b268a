//! Forks of files that other people wrote.

use super::{fork, merge, pull};
use crate::documents::files::{BROKEN, files};
use crate::documents::{export, import, workspace};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

async fn replace(by: &Person, element: &str, document: &Value) {
    let input = json!({ "elementId": element, "content": document.to_string() });
    let answer = by.mutate("replaceElement", "element { version }", input).await;
    assert!(answer.is_ok(), "{}", answer.body);
}

/// What somebody does to the parent.
fn edit_parent(document: &mut Value) {
    document["item"][0]["description"] = json!("Edited in the parent.");
    let variables = document.as_object_mut().unwrap().entry("variable").or_insert(json!([]));
    variables.as_array_mut().unwrap().push(json!({ "key": "of-the-parent", "value": "1" }));
}

/// What somebody does to the fork.
fn edit_fork(document: &mut Value) {
    document["info"]["description"] = json!("Edited in the fork.");
    let item = json!({ "name": "Of the fork", "request": { "method": "PUT", "url": "https://fork.example" } });
    document["item"].as_array_mut().unwrap().push(item);
}

on_both! {
    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    async fn what_both_sides_do_to_files_of_others_is_in_both(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let mut merged = 0;
        for path in files("collections") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
            let original: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            let has_items = original["item"].as_array().is_some_and(|items| !items.is_empty());
            if !has_items || original["variable"].is_object() || BROKEN.iter().any(|(broken, _)| *broken == name) {
                continue;
            }
            let parent = import(&ada, &home, &text).await;
            let taken = fork(&ada, &parent, &home).await;
            let [mut of_parent, mut of_fork, mut expected] = [original.clone(), original.clone(), original];
            edit_parent(&mut of_parent);
            edit_fork(&mut of_fork);
            edit_parent(&mut expected);
            edit_fork(&mut expected);
            replace(&ada, &parent, &of_parent).await;
            replace(&ada, &taken, &of_fork).await;
            let pulled = pull(&ada, &taken, json!({})).await;
            assert_eq!((pulled.at("/applied"), pulled.at("/conflicts")), (&json!(true), &json!([])), "{name}: {}", pulled.body);
            assert_eq!(export(&ada, &taken, None).await, expected.to_string(), "{name}");
            assert_eq!(merge(&ada, &taken, json!({})).await.at("/applied"), true, "{name}");
            assert_eq!(export(&ada, &parent, None).await, expected.to_string(), "{name}");
            merged += 1;
        }
        assert!(merged > 80, "{merged}");
    }
}
