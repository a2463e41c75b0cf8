//! The real binary as child processes, over real HTTP.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rapport::auth::{Role, sign};
use serde_json::{Value, json};

/// Only a failing test waits that long.
pub const LONG: Duration = Duration::from_mins(1);

const SECRET: &str = "the tests sign their tokens with this";

/// A token of a tenant that lasts for the whole test.
pub fn token(role: Role, tenant: &str) -> String {
    short_token(role, tenant, Duration::from_hours(1))
}

pub fn short_token(role: Role, tenant: &str, lasts: Duration) -> String {
    sign(SECRET.as_bytes(), "tester", tenant, role, lasts, None, None).expect("signs")
}

/// One client for all: it keeps its connections.
pub fn http() -> &'static reqwest::Client {
    static TLS: LazyLock<()> =
        LazyLock::new(|| drop(rustls::crypto::ring::default_provider().install_default()));
    thread_local! {
        // A connection belongs to the runtime of the test that opened it.
        static CLIENT: &'static reqwest::Client = {
            LazyLock::force(&TLS);
            Box::leak(Box::new(reqwest::Client::builder().timeout(LONG).build().expect("a client")))
        };
    }
    CLIENT.with(|client| *client)
}

/// A running server. It is killed with the value.
pub struct Server {
    pub address: String,
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(database: &str, redis: Option<&str>) -> Server {
        Server::start_with(database, redis, &[]).await
    }

    /// Returns when `/readyz` says yes.
    pub async fn start_with(
        database: &str,
        redis: Option<&str>,
        settings: &[(&str, &str)],
    ) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
        for (name, _) in std::env::vars().filter(|(name, _)| {
            name.starts_with("RAPPORT_") || name == "DATABASE_URL" || name == "REDIS_URL"
        }) {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", "127.0.0.1:0"]).envs([
            ("DATABASE_URL", database),
            ("RAPPORT_JWT_HS256_SECRET", SECRET),
            ("RAPPORT_RATE_PER_SECOND", "0"),
            ("RAPPORT_LOG", "warn"),
        ]);
        if let Some(redis) = redis {
            command.env("REDIS_URL", redis);
        }
        command
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let errors = BufReader::new(child.stderr.take().expect("piped"));
        let lines = said.clone();
        // A full pipe would stop it.
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| lines.lock().push(line));
        });
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let (tell, told) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut lines = output.lines().map_while(Result::ok);
            let address = lines.by_ref().find_map(|line| {
                // With RAPPORT_LOG_FORMAT=json it is an object.
                let object: Option<Value> = serde_json::from_str(&line).ok();
                let address = object.as_ref().and_then(|object| object["address"].as_str());
                let plain = || line.split_once(" listens on ")?.1.split(' ').next();
                Some(address.or_else(plain)?.to_owned())
            });
            let _ = tell.send(address);
            lines.for_each(drop);
        });
        let address = tokio::time::timeout(LONG, told)
            .await
            .expect("the server starts in time")
            .expect("its output ends");
        let Some(address) = address else {
            panic!("the server did not start:\n{}", said.lock().join("\n"))
        };
        let server = Server { address, child, said };
        let ready = http().get(format!("{}/readyz", server.address)).send().await.expect("answers");
        assert_eq!(ready.status(), 200, "/readyz");
        server
    }

    /// What it wrote to its log so far, a line each.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().clone()
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM; see [`Server::ended`].
    pub fn term(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    }

    /// The exit status, and how long it took from now.
    pub async fn ended(&mut self, within: Duration) -> (ExitStatus, Duration) {
        let start = Instant::now();
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return (status, start.elapsed());
            }
            assert!(start.elapsed() < within, "the server still runs after {within:?}");
            looks.tick().await;
        }
    }

    /// The first line of its log, which is JSON, that is meant; lines come a moment after what they tell of.
    pub async fn log_line(&self, meant: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        loop {
            let lines = self.log_lines();
            if let Some(line) = lines.iter().find(|line| meant(line)) {
                return line.clone();
            }
            assert!(start.elapsed() < LONG, "it is not in the log: {lines:#?}");
            looks.tick().await;
        }
    }

    /// The log so far, of a server that writes JSON.
    pub fn log_lines(&self) -> Vec<Value> {
        let said = self.said.lock();
        let read = |line: &String| {
            serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))
        };
        said.iter().map(read).collect()
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> u64 {
        let text =
            std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).expect("runs");
        text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("pages")
            * 4096
    }

    pub fn client(&self, role: Role, tenant: &str) -> Client {
        Client { address: self.address.clone(), token: token(role, tenant), patient: false }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let said = self.said.lock();
            eprintln!(
                "---- {} said ----\n{}",
                self.address,
                said[said.len().saturating_sub(30)..].join("\n")
            );
        }
    }
}

/// Somebody with a token, at one server.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    pub token: String,
    /// Whether "the store is away" is an answer to come back after, and not a failure.
    pub patient: bool,
}

/// Why there is no answer.
pub type Away = String;

/// Names people by address.
pub fn by_email(email: &str) -> Value {
    json!({ "identity": { "kind": "EMAIL", "value": email } })
}

const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate item { id } userErrors { code message } } } }";

const IDENTIFY: &str = "mutation($input: IdentifyInput!) { identify(input: $input) { outcome primaryContactId emails phoneNumbers \
                        secondaryContactIds userErrors { code message } } }";

impl Client {
    /// The data of an answer without errors; `Err` where the server went away.
    pub async fn try_gql(&self, query: &str, variables: &Value) -> Result<Value, Away> {
        let away = |error: reqwest::Error| error.to_string();
        let request = http().post(format!("{}/graphql", self.address)).bearer_auth(&self.token);
        let answer: Value = request
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .map_err(away)?
            .json()
            .await
            .map_err(away)?;
        if self.patient && answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE" {
            return Err("UNAVAILABLE".into());
        }
        assert!(answer.get("errors").is_none(), "errors reached a client: {answer}");
        Ok(answer["data"].clone())
    }

    pub async fn gql(&self, query: &str, variables: Value) -> Value {
        self.try_gql(query, &variables).await.expect("the server answers")
    }

    /// The id of a note that was recorded under this source id, once or again.
    pub async fn try_note(&self, customer: Value, source_id: &str) -> Result<String, Away> {
        let input = json!({ "customer": customer, "channel": "INTERNAL", "sourceId": source_id, "body": { "note": { "text": source_id } } });
        let data = self.try_gql(RECORD, &json!({ "inputs": [input] })).await?;
        let result = &data["recordEngagements"]["results"][0];
        Ok(result["item"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("a note was refused: {result}"))
            .to_owned())
    }

    pub async fn note(&self, customer: Value, source_id: &str) -> String {
        self.try_note(customer, source_id).await.expect("the server answers")
    }

    /// Records one engagement; its id.
    pub async fn record(&self, input: Value) -> String {
        let data = self.gql(RECORD, json!({ "inputs": [input] })).await;
        let result = &data["recordEngagements"]["results"][0];
        result["item"]["id"].as_str().unwrap_or_else(|| panic!("refused: {result}")).to_owned()
    }

    pub async fn try_identify(&self, input: Value) -> Result<Value, Away> {
        let data = self.try_gql(IDENTIFY, &json!({ "input": input })).await?;
        assert_eq!(data["identify"]["userErrors"], json!([]), "{input}");
        Ok(data["identify"].clone())
    }

    pub async fn identify(&self, input: Value) -> Value {
        self.try_identify(input).await.expect("the server answers")
    }
}
