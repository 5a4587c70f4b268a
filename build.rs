//! Tells the tests whether the specification lies beside the project, so that those which read it are reported as ignored where it does not.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(shared_spec)");
    if Path::new("../shared/spec").is_dir() {
        println!("cargo::rustc-cfg=shared_spec");
    }
}
