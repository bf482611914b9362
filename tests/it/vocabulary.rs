//! The generated pages say what the code says.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn steps_md_is_up_to_date() {
    let page = std::fs::read_to_string(root().join("features/STEPS.md")).unwrap_or_default();
    assert!(
        page == tests::vocabulary::page(),
        "features/STEPS.md is stale; run: cargo run -p tests --bin scenarios -- --write-steps"
    );
}
