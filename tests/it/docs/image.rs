//! What the image is built from is in its build context.

use crate::docs::page;

#[test]
fn every_package_of_the_workspace_goes_to_the_builder() {
    let manifest = page("Cargo.toml");
    let members = manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next());
    let members: Vec<&str> = members.expect("members").split('"').skip(1).step_by(2).collect();
    assert!(members.len() >= 3, "{members:?}");
    let ignored = page(".dockerignore");
    for part in members.into_iter().chain(["src", "web/dist", ".cargo", "Cargo.lock"]) {
        assert!(ignored.lines().any(|line| line == format!("!{part}")), "{part} is left out");
    }
}
