//! A request that is sent again under its Idempotency-Key is answered, not run, again.

use std::time::Duration;

use futures_util::future::join_all;
use rapport::auth::Role;
use rapport::domain::idempotency::{Claim, KEPT_FOR, KeyedRequest};
use rapport::ids::Micros;
use serde_json::{Value, json};

use crate::support::served::{Answer, Served};
use crate::support::stand::Stand;

const COMMENT: &str = "mutation ($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { code } } } }";
const COUNT: &str = r#"{ customer(by: { identity: { kind: EMAIL, value: "ada@example.com" } }) { stats { total } history(first: 200) { nodes { kind } } } }"#;
const PATIENCE: Duration = Duration::from_secs(40);

fn note(text: &str) -> Value {
    json!({ "inputs": [{
        "customer": { "identity": { "kind": "EMAIL", "value": "ada@example.com" } },
        "channel": "INTERNAL", "body": { "note": { "text": text } },
    }] })
}

async fn notes(server: &Served, token: &str) -> usize {
    let data = server.data(token, COUNT, json!({})).await;
    let nodes = data["customer"]["history"]["nodes"].as_array().cloned().unwrap_or_default();
    nodes.iter().filter(|node| node["kind"] == "NOTE").count()
}

fn ran(answer: &Answer) {
    assert!(answer.status == 200 && answer.body.contains("\"userErrors\":[]"), "{answer:?}");
}

#[tokio::test]
async fn the_first_outcome_is_repeated_byte_for_byte_on_every_server() {
    let stand = Stand::new().await;
    let free = ["--rate-per-second", "0"];
    let (one, two) = (Served::on(&stand.store, &free).await, Served::on(&stand.store, &free).await);
    let token = Served::token(Role::Agent, "acme", "me");
    let first = one.graphql(&token, Some("key-1"), COMMENT, note("once")).await;
    ran(&first);
    assert!(!first.replayed);
    for server in [&one, &two, &one] {
        let again = server.graphql(&token, Some("key-1"), COMMENT, note("once")).await;
        assert_eq!(again, Answer { replayed: true, ..first.clone() });
    }
    assert_eq!(notes(&one, &token).await, 1);
    // Without a key, or with another one, it is another request.
    ran(&one.graphql(&token, None, COMMENT, note("once")).await);
    ran(&one.graphql(&token, Some("key-2"), COMMENT, note("once")).await);
    assert_eq!(notes(&two, &token).await, 3);
    // Somebody else's key of the same name is somebody else's.
    for (tenant, subject) in [("acme", "you"), ("other", "me")] {
        let answer = two
            .graphql(
                &Served::token(Role::Agent, tenant, subject),
                Some("key-1"),
                COMMENT,
                note("theirs"),
            )
            .await;
        ran(&answer);
        assert!(!answer.replayed);
    }
    one.stop().await;
    two.stop().await;
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused_and_does_not_run() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &["--max-batch", "10"]).await;
    let token = Served::token(Role::Agent, "acme", "me");
    ran(&server.graphql(&token, Some("key"), COMMENT, note("this")).await);
    let other = server.graphql(&token, Some("key"), COMMENT, note("that")).await;
    assert_eq!((other.status, other.code().as_str()), (422, "IDEMPOTENCY_MISMATCH"));
    let rest =
        server.post("/identify", &token, Some("key"), &json!({ "email": "ada@example.com" })).await;
    assert_eq!((rest.status, rest.code().as_str()), (422, "IDEMPOTENCY_MISMATCH"));
    assert_eq!(notes(&server, &token).await, 1);
    // Queries write nothing and do not use up keys.
    assert_eq!(server.graphql(&token, Some("key"), COUNT, json!({})).await.status, 200);
    let spaces = server.graphql(&token, Some("two words"), COMMENT, note("this")).await;
    assert_eq!((spaces.status, spaces.code().as_str()), (400, "BAD_REQUEST"));
    let batch = server
        .post(
            "/graphql",
            &token,
            Some("batch"),
            &json!([{ "query": COMMENT, "variables": note("a") }]),
        )
        .await;
    assert_eq!((batch.status, batch.code().as_str()), (400, "BAD_REQUEST"));
    assert!(batch.body.contains("Idempotency-Key"), "{batch:?}");
    assert_eq!(notes(&server, &token).await, 1);
    server.stop().await;
}

#[tokio::test]
async fn twins_at_once_write_once_and_are_told_the_same() {
    let stand = Stand::new().await;
    let free = ["--rate-per-second", "0"];
    let (one, two) = (Served::on(&stand.store, &free).await, Served::on(&stand.store, &free).await);
    let token = Served::token(Role::Agent, "acme", "me");
    for round in 0..5 {
        let key = format!("round-{round}");
        let twins = join_all((0..12).map(|n| {
            let server = if n % 2 == 0 { &one } else { &two };
            server.graphql(&token, Some(&key), COMMENT, note(&key))
        }))
        .await;
        twins.iter().for_each(ran);
        assert!(twins.iter().all(|twin| twin.body == twins[0].body), "{twins:?}");
        assert_eq!(twins.iter().filter(|twin| !twin.replayed).count(), 1);
        assert_eq!(notes(&one, &token).await, round + 1);
    }
    one.stop().await;
    two.stop().await;
}

#[tokio::test]
async fn identify_over_rest_keeps_answers_and_refusals() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let token = Served::token(Role::Ingest, "acme", "shop");
    let body = json!({ "email": "ada@example.com", "phoneNumber": "+14155550100" });
    let first = server.post("/identify", &token, Some("r-1"), &body).await;
    assert_eq!(first.status, 200, "{first:?}");
    // Meanwhile the customer grows; the answer under the key does not.
    server
        .post(
            "/identify",
            &token,
            None,
            &json!({ "email": "lovelace@example.com", "phoneNumber": "+14155550100" }),
        )
        .await;
    let again = server.post("/identify", &token, Some("r-1"), &body).await;
    assert_eq!(again, Answer { replayed: true, ..first });
    let wrong =
        server.post("/identify", &token, Some("r-2"), &json!({ "email": "no address" })).await;
    assert_eq!((wrong.status, wrong.replayed), (400, false));
    assert_eq!(
        server.post("/identify", &token, Some("r-2"), &json!({ "email": "no address" })).await,
        Answer { replayed: true, ..wrong }
    );
    server.stop().await;
}

#[tokio::test]
async fn who_runs_elsewhere_is_waited_for_and_who_died_there_is_replaced() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let token = Served::token(Role::Agent, "acme", "me");
    // A server that died a minute ago while it held the claim: the real request takes it over.
    let tenant = stand.rapport.tenant("acme").await.expect("a tenant");
    let now = stand.rapport.clock.now();
    let request = |key: &str| KeyedRequest {
        tenant,
        subject: "me".into(),
        key: key.into(),
        request_hash: "of that server".into(),
    };
    stand.rapport.clock.set(Micros(now.0 - 60_000_000));
    assert!(matches!(stand.rapport.claim(&request("dead"), PATIENCE).await, Ok(Claim::Granted(_))));
    stand.rapport.clock.set(Micros(now.0));
    let answer = server.graphql(&token, Some("dead"), COMMENT, note("at last")).await;
    ran(&answer);
    assert!(server.graphql(&token, Some("dead"), COMMENT, note("at last")).await.replayed);

    // One that lives: the twin waits, and is told to come back; then it hears the outcome.
    let probe = server.graphql(&token, Some("probe"), COMMENT, note("slow")).await;
    ran(&probe);
    let mut sql = stand.rapport.store.sql();
    sql.push("SELECT request_hash FROM idempotency WHERE key = 'probe'");
    let hash: String = stand
        .rapport
        .store
        .one(sql)
        .await
        .expect("reads")
        .expect("a row")
        .try_get_by_index(0)
        .expect("text");
    let lease = match stand
        .rapport
        .claim(&KeyedRequest { request_hash: hash, ..request("slow") }, PATIENCE)
        .await
    {
        Ok(Claim::Granted(lease)) => lease,
        other => panic!("{other:?}"),
    };
    let twin = server.graphql(&token, Some("slow"), COMMENT, note("slow")).await;
    assert_eq!(
        (twin.status, twin.code().as_str(), twin.retry_after.as_deref()),
        (409, "IDEMPOTENCY_IN_FLIGHT", Some("1"))
    );
    let waiting = server.graphql(&token, Some("slow"), COMMENT, note("slow"));
    let (twin, kept) = tokio::join!(
        waiting,
        stand.rapport.keep_answer(&lease, 200, "{\"data\":\"of the other\"}")
    );
    kept.expect("kept");
    assert_eq!(
        (twin.status, twin.replayed, twin.body.as_str()),
        (200, true, "{\"data\":\"of the other\"}")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_claim_that_was_released_or_taken_over_keeps_nothing() {
    let stand = Stand::new().await;
    let rapport = &stand.rapport;
    let tenant = rapport.tenant("acme").await.expect("a tenant");
    let request =
        KeyedRequest { tenant, subject: "me".into(), key: "k".into(), request_hash: "h".into() };
    let start = rapport.clock.now();
    rapport.clock.set(start);
    let claim = async || rapport.claim(&request, PATIENCE).await.expect("claims");
    let mine = |claim| match claim {
        Claim::Granted(lease) => lease,
        other => panic!("{other:?}"),
    };
    let first = mine(claim().await);
    assert_eq!(claim().await, Claim::InFlight);
    rapport.release_claim(&first).await.expect("releases");
    let second = mine(claim().await);
    rapport.clock.set(Micros(start.0 + 41_000_000));
    let third = mine(claim().await);
    // The one that was taken for dead wakes up.
    rapport.keep_answer(&second, 200, "late").await.expect("no error");
    assert_eq!(claim().await, Claim::InFlight);
    rapport.keep_answer(&third, 201, "kept").await.expect("keeps");
    rapport.release_claim(&second).await.expect("no error");
    assert_eq!(claim().await, Claim::Answered { status: 201, body: "kept".into() });
    let other = KeyedRequest { request_hash: "another".into(), ..request.clone() };
    assert_eq!(rapport.claim(&other, PATIENCE).await.expect("claims"), Claim::Mismatch);
    // After a day the key is free, whether or not the row was pruned.
    let kept_for = i64::try_from(KEPT_FOR.as_micros()).expect("a day");
    rapport.clock.set(Micros(start.0 + 41_000_000 + kept_for));
    let fourth = mine(claim().await);
    rapport.keep_answer(&fourth, 200, "anew").await.expect("keeps");
    assert_eq!(rapport.prune_kept_answers(rapport.clock.now()).await.expect("prunes"), 0);
    assert_eq!(
        rapport.prune_kept_answers(Micros(rapport.clock.now().0 + 1)).await.expect("prunes"),
        1
    );
    mine(claim().await);
}
