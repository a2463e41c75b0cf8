//! What an operator sees: the start, wrong settings, `doctor`, and what stands between rapport and its store.

mod causes;
mod doctor;
mod newer_store;
mod pooler;
mod settings;

use std::process::Output;

use crate::command_line::rapport;

/// What a command said on its standard error, a line each.
pub fn told(ended: &Output) -> Vec<String> {
    String::from_utf8_lossy(&ended.stderr).lines().map(str::to_owned).collect()
}

/// The binary's way to end without having served: one line, which begins like this.
pub fn one_line(ended: &Output, begin: &str) -> String {
    let told = told(ended);
    assert!(!ended.status.success(), "{ended:?}");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with(begin), "{} does not begin with {begin}", told[0]);
    told[0].clone()
}

/// What the doctor says of these settings, a line each, and whether it is content.
pub fn doctor(variables: &[(&str, &str)], folder: &std::path::Path) -> (Vec<String>, bool) {
    let ended = rapport(&["doctor", "--listen", "127.0.0.1:0"])
        .envs(variables.iter().copied())
        .current_dir(folder)
        .output()
        .expect("runs");
    assert_eq!(told(&ended), [] as [String; 0]);
    let lines = String::from_utf8_lossy(&ended.stdout).lines().map(str::to_owned).collect();
    (lines, ended.status.success())
}

/// The line of this thing that was looked at.
pub fn of<'a>(lines: &'a [String], what: &str) -> &'a str {
    let line = lines.iter().find(|line| line[5..].trim_start().starts_with(&format!("{what}: ")));
    line.unwrap_or_else(|| panic!("nothing of {what} in {lines:#?}"))
}
