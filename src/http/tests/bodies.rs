//! Request bodies: what is read, and what is refused before it is.

use serde_json::json;

use crate::http::tests::kit::Stand;

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";

#[tokio::test]
async fn a_broken_body_is_a_clear_400() {
    let server = Stand::default().start().await;
    let headers = [("content-type", JSON), ("authorization", "Bearer good")];
    let deep = [vec![b'['; 20_000], vec![b']'; 20_000]].concat();
    let deep_variables = format!(
        "{{\"query\":\"{{who}}\",\"variables\":{{\"a\":{}1{}}}}}",
        "[".repeat(100),
        "]".repeat(100)
    );
    let bodies: [&[u8]; 9] = [
        b"",
        b"  ",
        b"{\"query\":\"\xff\"}",
        b"{\"query\":\"{who}\0\"}",
        b"{\"query\":\"{who}\",\"variables\":{\"a\":1e999}}",
        b"\"text\"",
        b"{\"query\":\"{who}\"} trailing",
        &deep,
        deep_variables.as_bytes(),
    ];
    for body in bodies {
        let answer = server
            .send("POST", "/graphql", &[headers[0], headers[1], ("accept", RESPONSE)], body)
            .await;
        assert_eq!(
            answer.status,
            400,
            "{:?}: {}",
            String::from_utf8_lossy(&body[..body.len().min(60)]),
            answer.body
        );
        assert!(!answer.json()["errors"][0]["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn large_bodies_are_refused_told_or_not() {
    let server = Stand::default().config(|config| config.max_body_bytes = 10_000).start().await;
    let headers = [("content-type", JSON), ("authorization", "Bearer good")];
    let answer = server.send("POST", "/graphql", &headers, &vec![b' '; 10_001]).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer good\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunks = format!(
        "{head}2000\r\n{}\r\n2000\r\n{}\r\n0\r\n\r\n",
        " ".repeat(0x2000),
        " ".repeat(0x2000)
    );
    assert_eq!(server.raw(chunks.as_bytes()).await.status, 413);
    let server = Stand::default().start().await;
    let many =
        format!("{{\"query\":\"{{who}}\",\"variables\":{{\"a\":[{}0]}}}}", "0,".repeat(300_000));
    assert_eq!(server.post(JSON, &many).await.status, 413);
}

#[tokio::test]
async fn batches_are_answered_in_order_and_bounded() {
    let server = Stand::default().config(|config| config.max_batch = Some(3)).start().await;
    let answer = server
        .post(JSON, r#"[{"query":"mutation{bump}"},{"query":"{nope}"},{"query":"mutation{bump}"}]"#)
        .await;
    let body = answer.json();
    assert_eq!(
        (answer.status, &body[0], &body[2]),
        (200, &json!({ "data": { "bump": 1 } }), &json!({ "data": { "bump": 2 } }))
    );
    assert_eq!(body[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let one = r#"{"query":"{who}"}"#;
    for (body, status) in [
        ("[]".into(), 400),
        (format!("[{one},{one},{one},{one}]"), 400),
        (format!("[{one},1]"), 400),
        (format!("[{one}]"), 200),
    ] {
        assert_eq!(server.post(JSON, &body).await.status, status, "{body}");
    }
    let off = Stand::default().config(|config| config.max_batch = Some(1)).start().await;
    let refused = off.post(JSON, &format!("[{one}]")).await;
    assert_eq!((refused.status, refused.body.contains("RAPPORT_MAX_BATCH")), (400, true));
}
