//! The arrows between the modules, and the size of files.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

#[test]
fn the_arrows_between_the_modules_go_one_way() {
    for (module, forbidden) in [
        ("domain", &["app", "store", "graphql", "server", "feed", "jobs", "mail", "config", "instance", "keyring"][..]),
        ("app", &["store", "graphql", "server", "feed", "jobs", "mail", "config", "instance", "keyring"]),
        ("store", &["graphql", "server", "feed", "jobs", "mail", "config", "instance", "keyring"]),
        ("feed", &["store", "graphql", "server", "jobs", "mail", "config", "instance", "keyring"]),
        ("mail", &["store", "graphql", "server", "feed", "jobs", "config", "instance", "keyring"]),
        ("keyring", &["store", "graphql", "server", "feed", "jobs", "mail", "config", "instance"]),
        ("jobs", &["store", "graphql", "server", "config", "instance", "keyring"]),
        ("graphql", &["store", "server", "jobs", "mail", "config", "instance", "keyring"]),
        ("server", &["store", "jobs", "mail", "feed", "config", "instance", "keyring"]),
    ] {
        for path in sources(&root("src").join(module)) {
            let text = std::fs::read_to_string(&path).unwrap();
            for other in forbidden {
                assert!(!text.contains(&format!("crate::{other}::")), "{} names {other}", path.display());
            }
            let names_libraries = |library: &str| text.contains(&format!("use {library}")) || text.contains(&format!(" {library}::"));
            assert!(module == "store" || !names_libraries("sea_orm"), "{} names the database library", path.display());
            let may_name_graphql = ["graphql", "server"].contains(&module);
            assert!(may_name_graphql || !names_libraries("async_graphql"), "{} names the GraphQL library", path.display());
        }
    }
}

#[test]
fn files_stay_readable() {
    for folder in ["src", "migration/src"] {
        for path in sources(&root(folder)) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 400, "{} has {lines} lines", path.display());
        }
    }
}
