//! The command line: answers go to the standard output, and what goes wrong there is one line.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

pub fn rapport(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.args(arguments).env_clear();
    command
}

#[test]
fn who_reads_the_beginning_of_an_answer_only_makes_no_failure_of_it() {
    let mut schema =
        rapport(&["schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    let mut first = String::new();
    let out = schema.stdout.take().expect("its output");
    BufReader::with_capacity(16, out).read_line(&mut first).expect("a line");
    // The pipe is closed here, and most of the schema is still to come.
    let ended = schema.wait_with_output().expect("ends");
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert!(!first.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure_in_one_line() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let ended = rapport(&["schema"]).stdout(full).output().expect("runs");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success());
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.starts_with("rapport: the standard output cannot be written: "), "{told}");
}

/// The variables that the help of a command names.
pub fn variables(command: &str) -> Vec<String> {
    let help = rapport(&[command, "--help"]).output().expect("runs");
    let help = String::from_utf8(help.stdout).expect("text");
    let named = help.split("[env: ").skip(1);
    named.filter_map(|text| text.split(['=', ']']).next()).map(str::to_owned).collect()
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let all = variables("doctor");
    assert!(all.len() > 25, "{all:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let examine = |empty: &[String]| {
        let ended = rapport(&["doctor", "--listen", "127.0.0.1:0"])
            .current_dir(folder.path())
            .envs(empty.iter().map(|name| (name, "")))
            .output()
            .expect("runs");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{empty:?}");
        assert!(ended.status.success(), "{empty:?}: {ended:?}");
        ended.stdout
    };
    let unset = examine(&[]);
    assert_eq!(examine(&all), unset);
    for one in &all {
        assert_eq!(examine(std::slice::from_ref(one)), unset, "{one}");
    }
}

#[test]
fn a_wrong_value_is_one_line_that_names_the_variable_and_what_it_wants() {
    for (variable, value, wanted) in [
        ("RAPPORT_MAX_BATCH", "zero", "must be a whole number from 1 to 100"),
        ("RAPPORT_MAX_BATCH", "0", "must be a whole number from 1 to 100"),
        ("RAPPORT_MAX_BATCH", "101", "must be a whole number from 1 to 100"),
        ("RAPPORT_MAX_BODY_BYTES", "4MB", "must be a whole number of at least 1"),
        ("RAPPORT_MAX_STREAMS", "-1", "must be a whole number of at least 0"),
        ("RAPPORT_CHANGE_LOG_DAYS", "1.5", "must be a whole number from 1 to 3650"),
        (
            "RAPPORT_LISTEN",
            "8000",
            "must be an address or a host name, and a port, such as 127.0.0.1:8000 or localhost:8000",
        ),
        (
            "RAPPORT_TRUSTED_PROXIES",
            "proxy",
            "must be IP addresses or networks such as 10.0.0.1 or 10.0.0.0/8, separated by commas",
        ),
        ("RAPPORT_PAGE_CACHE", "yes", "must be one of on, off"),
        ("RAPPORT_LOG_FORMAT", "xml", "must be one of text, json"),
        ("DATABASE_URL", "mysql://x", "must begin with sqlite:// or postgres://"),
    ] {
        let ended = rapport(&["serve"]).env(variable, value).output().expect("runs");
        let told = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
        assert!(!ended.status.success());
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.starts_with(&format!("rapport: {variable}: ")), "{told}");
        assert!(told.ends_with(wanted), "{told}");
    }
}
