//! The tour of the README is run by a shell against a real server, and answers as it is printed there.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::docs::{fenced, page};
use crate::support::stand::EmptyStore;

/// The address of the README.
const PRINTED: &str = "http://127.0.0.1:8000";
/// Only a failing test waits that long.
const LONG: Duration = Duration::from_mins(1);

/// Ends with the test.
struct Demo {
    child: Child,
    address: String,
}

impl Demo {
    fn start(store: &EmptyStore) -> Demo {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rapport"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0"])
            .env_clear()
            .env("DATABASE_URL", &store.url)
            .env("RAPPORT_FILES", store.files_flag())
            .env("RAPPORT_SECRET_KEY", "00".repeat(32))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://127.0.0.1:")?;
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            Some(format!("http://127.0.0.1:{port}"))
        });
        // Nobody may find the pipe closed or full.
        std::thread::spawn(move || lines.for_each(drop));
        Demo { child, address: address.expect("it says where it listens") }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the tour says: the script that a shell runs, and what each part of it prints.
struct Tour {
    script: String,
    /// Printed by the parts that answer at once, one after the other.
    answers: Vec<Value>,
    /// Printed by the part that stays open.
    stream: String,
}

fn tour(readme: &str, address: &str) -> Tour {
    let (_, from) = readme.split_once("## A tour in five steps").expect("a tour");
    let section = from.split("\n## ").next().expect("a section");
    let mut tour = Tour { script: "set -e\n".into(), answers: Vec::new(), stream: String::new() };
    for (language, block) in fenced(section) {
        match language {
            "sh" if block.contains("curl -sN") => {
                let open = block.trim_end().replace(PRINTED, address);
                tour.script.extend([open.as_str(), " > live 2>&1 &\nlive=$!\n"]);
                tour.script.push_str("until grep -q CaughtUp live; do sleep 0.1; done\n");
            }
            "sh" => tour.script.push_str(&block.replace(PRINTED, address)),
            "json" => {
                let told = serde_json::Deserializer::from_str(&block).into_iter();
                tour.answers.extend(told.map(|value| value.expect("JSON")));
            }
            "text" => {
                let events = block.matches("data: ").count();
                let wait = format!("until [ $(grep -c '^data: ' live) -ge {events} ]");
                tour.script.extend([wait.as_str(), "; do sleep 0.1; done\nkill $live\n"]);
                tour.stream = block;
            }
            other => panic!("a block of {other}"),
        }
    }
    tour
}

/// What the shell printed.
fn run(script: &str, folder: &std::path::Path) -> String {
    let mut child = Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let deadline = Instant::now() + LONG;
    while child.try_wait().expect("is there").is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("ends");
    let told = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "the tour (it needs sh and curl): {told}\n{printed}");
    printed
}

/// Whether an answer is what is printed: all that is printed is there, lists are as long, ids differ.
fn same(printed: &Value, answered: &Value, key: &str) -> bool {
    match (printed, answered) {
        (Value::Object(printed), Value::Object(answered)) => printed
            .iter()
            .all(|(key, value)| answered.get(key).is_some_and(|other| same(value, other, key))),
        (Value::Array(printed), Value::Array(answered)) => {
            printed.len() == answered.len()
                && printed.iter().zip(answered).all(|(one, other)| same(one, other, key))
        }
        (Value::Number(_), Value::Number(_)) if key.ends_with("ContactId") => true,
        (Value::Number(_), Value::Number(_)) if key.ends_with("ContactIds") => true,
        _ => printed == answered,
    }
}

/// The events of a stream: everything but their ids, and that they have some.
fn events(stream: &str) -> Vec<(bool, String, Value)> {
    let blocks = stream.split("\n\n").filter(|block| block.contains("data: "));
    let field = |block: &str, name: &str| {
        block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned()
    };
    blocks
        .map(|block| {
            let data = serde_json::from_str(&field(block, "data: ")).expect("JSON");
            (field(block, "id: ").len() > 20, field(block, "event: "), data)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_of_the_tour_answers_as_printed() {
    let store = EmptyStore::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_path_buf();
    let (tour, printed) = tokio::task::spawn_blocking(move || {
        let demo = Demo::start(&store);
        let tour = tour(&page("README.md"), &demo.address);
        let printed = run(&tour.script, &path);
        (tour, printed)
    })
    .await
    .expect("runs");
    let answers: Vec<Value> = serde_json::Deserializer::from_str(&printed)
        .into_iter()
        .map(|value| value.expect("JSON"))
        .collect();
    assert_eq!(
        answers.len(),
        tour.answers.len() + 1,
        "one more, of the second terminal: {printed}"
    );
    let ended = answers.iter().position(|answer| !answer["data"]["updateCall"].is_null());
    let ended = ended.expect("the call is ended in a second terminal");
    assert_eq!(answers[ended]["data"]["updateCall"]["userErrors"], serde_json::json!([]));
    let rest = answers[..ended].iter().chain(&answers[ended + 1..]);
    for (expected, answered) in tour.answers.iter().zip(rest) {
        assert!(same(expected, answered, ""), "printed:\n{expected}\nanswered:\n{answered}");
    }
    let live = std::fs::read_to_string(folder.path().join("live")).expect("a stream");
    assert_eq!(events(&live), events(&tour.stream), "{live}");
}
