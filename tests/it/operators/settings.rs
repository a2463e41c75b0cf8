//! Settings: everything that is wrong is told at once, secrets may stand in files, and the start says what runs.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::command_line::rapport;
use crate::operators::told;

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("no-such-file");
    let missing = missing.to_str().expect("text");
    let wrong = [
        ("RAPPORT_MAX_BATCH", "zero"),
        ("RAPPORT_PAGE_CACHE", "yes"),
        ("RAPPORT_LISTEN", "no-such-host.invalid:8000"),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("RAPPORT_SECRET_KEY", "short"),
        ("RAPPORT_JWT_HS256_SECRET_FILE", missing),
        ("RAPPORT_JWT_PUBLIC_KEY_FILE", missing),
        ("RAPPORT_LOG", "rapport=loudly"),
        ("RAPPORT_TRUSTED_DOCUMENTS", "enforce"),
        ("RAPPORT_CORS_ORIGINS", "app.example.com"),
        ("RAPPORT_FILES", "ftp://x"),
    ];
    let ended = rapport(&["serve"]).envs(wrong).output().expect("runs");
    assert!(!ended.status.success());
    let told = told(&ended);
    for (name, _) in wrong {
        let name = if name == "RAPPORT_TRUSTED_DOCUMENTS" {
            "RAPPORT_TRUSTED_DOCUMENTS_FILE"
        } else {
            name
        };
        let begin = format!("rapport: {name}: ");
        let lines = told.iter().filter(|line| line.starts_with(&begin)).count();
        assert_eq!(lines, 1, "{name} in {told:#?}");
    }
    assert_eq!(told.len(), wrong.len(), "{told:#?}");
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret = "a secret that stands in a file, alone";
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writes");
        path
    };
    let token = |variables: &[(&str, &str)]| {
        let arguments = ["token", "--tenant", "t", "--subject", "s"];
        rapport(&arguments).envs(variables.iter().copied()).output().expect("runs")
    };
    const NAME: &str = "RAPPORT_JWT_HS256_SECRET_FILE";
    // The same second, mostly, so that the tokens are the same: what differs is tried again.
    let same = |file: &str| {
        (0..5).any(|_| {
            let (given, read) =
                (token(&[("RAPPORT_JWT_HS256_SECRET", secret)]), token(&[(NAME, file)]));
            assert!(given.status.success() && read.status.success(), "{:?}", told(&read));
            given.stdout == read.stdout
        })
    };
    for ending in ["", "\n", "\r\n"] {
        let file = write("secret", &format!("{secret}{ending}"));
        assert!(same(file.to_str().expect("text")), "{ending:?}");
    }
    let other = write("other", &format!("{secret}\n\n"));
    assert!(!same(other.to_str().expect("text")), "one newline is cut, not two");

    let file = write("secret", secret);
    let both = token(&[(NAME, file.to_str().expect("text")), ("RAPPORT_JWT_HS256_SECRET", secret)]);
    let empty = write("empty", "\n");
    let empty = token(&[(NAME, empty.to_str().expect("text"))]);
    let missing = token(&[(NAME, "/no/such/file")]);
    for (ended, why) in [
        (both, "RAPPORT_JWT_HS256_SECRET is set as well; leave one of them out"),
        (empty, "is empty"),
        (missing, "/no/such/file cannot be read"),
    ] {
        let told = told(&ended);
        assert!(!ended.status.success() && told.len() == 1, "{told:?}");
        assert!(
            told[0].starts_with(&format!("rapport: {NAME}: ")) && told[0].contains(why),
            "{told:?}"
        );
    }
}

/// The first line of the output of a server that has started, and the first of its log; it is stopped.
fn first_lines(arguments: &[&str], variables: &[(&str, &str)]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = rapport(&["serve", "--listen", "localhost:0"])
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let (mut line, mut log) = (String::new(), String::new());
    let output = server.stdout.take().expect("piped");
    BufReader::new(output).read_line(&mut line).expect("a line");
    let _ = server.kill();
    let errors = server.stderr.take().expect("piped");
    BufReader::new(errors).read_line(&mut log).expect("text");
    let _ = server.wait();
    (line, log)
}

#[test]
fn the_start_says_in_one_line_what_runs() {
    let version = env!("CARGO_PKG_VERSION");
    let (line, log) = first_lines(&[], &[("RAPPORT_LOG", "warn"), ("RAPPORT_LISTN", "1")]);
    assert!(line.starts_with(&format!("rapport {version} listens on http://")), "{line}");
    for fact in ["127.0.0.1:", "SQLite", "development", "US"] {
        assert!(line.contains(fact) || (fact.ends_with(':') && line.contains("[::1]:")), "{line}");
    }
    assert!(log.contains("RAPPORT_LISTN: no such setting; RAPPORT_LISTEN may be meant"), "{log}");

    let secret = ("RAPPORT_JWT_HS256_SECRET", "a secret of tests, longer than 32 bytes");
    let (line, log) = first_lines(&[], &[("RAPPORT_LOG_FORMAT", "json"), secret]);
    let said: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(said["level"], "INFO");
    let fields = &said;
    assert_eq!(fields["message"], "rapport listens");
    assert_eq!(fields["version"], version);
    assert_eq!((&fields["store"], &fields["region"]), (&"SQLite".into(), &"US".into()));
    assert_eq!(fields["mode"], "production");
    assert!(fields["address"].as_str().is_some_and(|at| at.starts_with("http://")), "{line}");
    assert!(log.is_empty() || serde_json::from_str::<Value>(&log).is_ok(), "{log}");
    let (line, _) = first_lines(&["--demo"], &[("RAPPORT_LOG_FORMAT", "json")]);
    let said: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(said["mode"], "demo");
    assert!(said["token"].is_string(), "{line}");
}
