//! Backup and restore as `docs/backup.md` says: taken while a server serves and somebody writes, restored whole, and
//! whoever has a live cursor of the lost time reads again instead of missing something.

use std::path::{Path, PathBuf};
use std::process::Command;

use rapport::auth::Role;
use rapport::config::FilesPlace;
use rapport::domain::model::scope::Scope;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::files::{PUBLIC, incoming, keep, mail, record, urls};
use crate::support::postgres::programs;
use crate::support::server::{Client, Server, by_email, http};
use crate::support::stand::{EmptyStore, open};
use crate::support::subscriber::{End, FEED, HISTORY, Subscriber};

const ADA: &str = "ada@acme.example";
const BUSY: &str = "busy@acme.example";
const BYTES: &[u8] = b"PK\x03\x04 a file that was mailed";

const PAGE: &str = "query($by: CustomerRef!) { customer(by: $by) { stats { total } history(first: 200) { liveCursor totalCount { count } \
                    nodes { kind sourceId } } } feed(first: 1) { liveCursor } }";

/// Runs a program that must succeed.
fn run(program: &Path, arguments: &[&str], variables: &[(&str, &str)]) {
    let mut command = Command::new(program);
    let ended = command.args(arguments).env_clear().envs(variables.iter().copied()).output();
    let ended = ended.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{} {arguments:?}: {told}", program.display());
}

/// The store as it is at one moment.
async fn back_up(store: &EmptyStore, folder: &Path) -> PathBuf {
    let file = folder.join("backup");
    let shown = file.display().to_string();
    if store.url.starts_with("sqlite") {
        let connection = Database::connect(&store.url).await.expect("connects");
        let vacuum = format!("VACUUM INTO '{shown}'");
        connection.execute_unprepared(&vacuum).await.expect("backs up");
        connection.close().await.expect("closes");
    } else {
        let to = format!("--file={shown}");
        run(&programs().join("pg_dump"), &["--format=custom", &to, &store.url], &[]);
    }
    file
}

/// Another store, as it was then.
async fn restore(backup: &Path) -> EmptyStore {
    let restored = EmptyStore::new().await;
    if let Some(file) = restored.url.strip_prefix("sqlite://") {
        std::fs::copy(backup, file).expect("copies");
    } else {
        let (to, from) = (format!("--dbname={}", restored.url), backup.display().to_string());
        let arguments = ["--no-owner", "--exit-on-error", &to, &from];
        run(&programs().join("pg_restore"), &arguments, &[]);
    }
    restored
}

/// As if the dump came from a cluster that had seen more transactions than this one will for a long time.
async fn from_an_older_cluster(store: &EmptyStore) {
    let connection = Database::connect(&store.url).await.expect("connects");
    for table in ["change SET xid = xid", "tenant SET floor_xid = floor_xid"] {
        let later = format!("UPDATE {table} + 1000000000");
        connection.execute_unprepared(&later).await.expect("writes");
    }
    connection.close().await.expect("closes");
}

fn copy_files(from: &EmptyStore, to: &EmptyStore) {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let path = entry.expect("an entry").path();
            let target = to.join(path.file_name().expect("a name"));
            if path.is_dir() {
                copy(&path, &target);
            } else {
                std::fs::copy(&path, &target).expect("copies");
            }
        }
    }
    let (FilesPlace::Folder(from), FilesPlace::Folder(to)) = (from.files(), to.files()) else {
        panic!("this test keeps its files in a folder");
    };
    copy(&from, &to);
}

async fn serve(store: &EmptyStore) -> Server {
    Server::start_with(&store.url, None, &[("RAPPORT_FILES", &store.files_flag())]).await
}

/// A mail with a file, recorded beside the server: the path of the file.
async fn mailed_file(store: &EmptyStore) -> String {
    let rapport = open(store, None).await;
    let tenant = rapport.tenant("acme").await.expect("a tenant");
    let scope = Scope { tenant, actor: "tester".into(), request_id: "test".into() };
    let kept = keep(&rapport, &scope, vec![incoming("a.zip", "application/zip", BYTES)]).await;
    let item = record(&rapport, &scope, mail(ADA, "mail-1", kept)).await;
    urls(&item)[0].strip_prefix(PUBLIC).expect("an address of ours").to_owned()
}

/// A page of somebody, and the live cursors of the customer and of the feed.
async fn look(client: &Client, email: &str) -> (Value, [(&'static str, Value); 2]) {
    let data = client.gql(PAGE, json!({ "by": by_email(email) })).await;
    let cursor = |of: &Value, query| {
        let after = of["liveCursor"].clone();
        assert!(after.is_string(), "{of}");
        (query, json!({ "customer": by_email(ADA), "after": after }))
    };
    let cursors = [cursor(&data["customer"]["history"], HISTORY), cursor(&data["feed"], FEED)];
    (data["customer"].clone(), cursors)
}

/// A subscription with these variables; the feed takes no customer.
async fn subscribe(client: &Client, query: &str, mut variables: Value) -> Subscriber {
    if query == FEED {
        variables.as_object_mut().expect("an object").remove("customer");
    }
    Subscriber::start(client, query, variables).await
}

fn source_ids(customer: &Value) -> Vec<String> {
    let nodes = customer["history"]["nodes"].as_array().expect("nodes");
    assert_eq!(customer["history"]["totalCount"]["count"], nodes.len());
    assert_eq!(customer["stats"]["total"], nodes.len());
    let ids = nodes.iter().filter_map(|node| node["sourceId"].as_str());
    ids.filter(|id| *id != "mail-1").map(str::to_owned).rev().collect()
}

fn numbered(word: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{word}-{n}")).collect()
}

/// Writes until it is dropped; tells after each.
fn writer(client: &Client) -> (tokio::task::JoinHandle<()>, tokio::sync::mpsc::Receiver<()>) {
    let (tell, told) = tokio::sync::mpsc::channel(1_000);
    let client = client.clone();
    let task = tokio::spawn(async move {
        for n in 0.. {
            client.note(by_email(BUSY), &format!("busy-{n}")).await;
            if tell.send(()).await.is_err() {
                return;
            }
        }
    });
    (task, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_store_is_whole_and_sends_back_who_knows_more() {
    let (store, folder) = (EmptyStore::migrated().await, tempfile::tempdir().expect("a folder"));
    let server = serve(&store).await;
    let client = server.client(Role::Agent, "acme");
    for source_id in numbered("before", 3) {
        client.note(by_email(ADA), &source_id).await;
    }
    let file = mailed_file(&store).await;
    let (_, before) = look(&client, ADA).await;
    let (task, mut told) = writer(&client);
    for _ in 0..5 {
        told.recv().await.expect("it writes");
    }
    let backup = back_up(&store, folder.path()).await;
    told.recv().await.expect("it goes on writing");
    task.abort();
    let _ = task.await;
    for source_id in numbered("lost", 3) {
        client.note(by_email(ADA), &source_id).await;
    }
    let (_, lost) = look(&client, ADA).await;
    drop(server);

    let restored = restore(&backup).await;
    copy_files(&store, &restored);
    from_an_older_cluster(&restored).await;
    let url = [("DATABASE_URL", restored.url.as_str())];
    run(Path::new(env!("CARGO_BIN_EXE_rapport")), &["restored"], &url);

    let server = serve(&restored).await;
    let client = server.client(Role::Agent, "acme");
    let (ada, _) = look(&client, ADA).await;
    assert_eq!(source_ids(&ada), numbered("before", 3), "what was lost is lost, all else is there");
    let busy = source_ids(&look(&client, BUSY).await.0);
    assert!(busy.len() >= 5 && busy == numbered("busy", busy.len()), "one moment: {busy:?}");
    let bytes = http().get(format!("{}{file}", server.address)).bearer_auth(&client.token);
    let bytes = bytes.send().await.expect("an answer").bytes().await.expect("bytes");
    assert_eq!(&bytes[..], BYTES);

    // The restored store comes past the places of the lost time.
    for source_id in numbered("after", 10) {
        client.note(by_email(ADA), &source_id).await;
    }
    for (query, variables) in before.into_iter().chain(lost) {
        let mut subscriber = subscribe(&client, query, variables).await;
        assert_eq!(subscriber.event().await["__typename"], "HistoryReset", "{query}");
        assert_eq!(subscriber.end().await, End::Complete);
    }
    let (ada, now) = look(&client, ADA).await;
    assert_eq!(source_ids(&ada).len(), 13);
    for (n, (query, variables)) in now.into_iter().enumerate() {
        let mut subscriber = subscribe(&client, query, variables).await;
        subscriber.replay().await;
        let id = client.note(by_email(ADA), &format!("live-{n}")).await;
        // On a busy cluster a feed may begin with what was written just before.
        while subscriber.event().await["item"]["id"] != id {
            assert_eq!(query, FEED, "a customer's history begins where the page ends");
        }
    }
}
