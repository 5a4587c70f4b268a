//! Tells the tests whether the specification and real documents lie beside the project, so that those which read them are reported as ignored where they do not.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for (folder, cfg) in [("../shared/spec", "shared_spec"), ("../shared/data", "shared_data")] {
        println!("cargo::rustc-check-cfg=cfg({cfg})");
        if Path::new(folder).is_dir() {
            println!("cargo::rustc-cfg={cfg}");
        }
    }
}
