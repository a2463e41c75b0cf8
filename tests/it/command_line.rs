//! The command line: answers go to the standard output, and what goes wrong there is one line.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

fn rapport(arguments: &[&str]) -> Command {
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
