//! GraphQL over HTTP: media types, methods, batches and statuses.

use std::sync::atomic::Ordering;

use serde_json::json;

use crate::http::tests::kit::Stand;

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";

#[tokio::test]
async fn a_document_with_hundreds_of_errors_is_told_fifty() {
    let server = Stand::default().start().await;
    let document = format!(
        "query({}) {{ who }}",
        (0..400).map(|n| format!("$v{n}: Int ")).collect::<String>()
    );
    let answer = server.query(&document).await;
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    assert_eq!((answer.status, errors.len()), (400, 51));
    assert_eq!(errors[50]["message"], "350 further errors are not shown");
}

#[tokio::test]
async fn the_status_tells_new_clients_and_not_old_ones_whether_a_document_ran() {
    let server = Stand::default().start().await;
    let table = [
        ("{ who }", 200, "none"),
        ("{ who fails }", 200, "INVALID_ARGUMENT"),
        ("{", 400, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: String!) { echo(text: $a) }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: ID!) { who }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { who } query B { who }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{...a} fragment a on Query{...a}", 400, "GRAPHQL_VALIDATION_FAILED"),
        (
            "{a:who b:who c:who d:who e:who f:who g:who h:who i:who j:who k:who l:who m:who n:who o:who p:who q:who r:who s:who t:who u:who}",
            400,
            "DOCUMENT_TOO_COMPLEX",
        ),
    ];
    for (document, status, code) in table {
        let body = json!({ "query": document }).to_string();
        let new = server.post(RESPONSE, &body).await;
        assert_eq!((new.status, new.code().as_str()), (status, code), "{document}: {}", new.body);
        assert_eq!(new.headers["content-type"], "application/graphql-response+json; charset=utf-8");
        let old = server.post(JSON, &body).await;
        assert_eq!((old.status, old.code().as_str()), (200, code), "{document}");
        assert_eq!(old.headers["content-type"], "application/json; charset=utf-8");
        assert_eq!(new.json(), old.json());
        assert_eq!(new.json().get("data").is_some(), status == 200, "{}", new.body);
    }
}

#[tokio::test]
async fn a_document_over_a_limit_is_told_the_limit_and_the_value() {
    let server = Stand::default().start().await;
    let answer = server
        .query(&format!("{{ {} }}", (0..61).map(|n| format!("a{n}: who ")).collect::<String>()))
        .await;
    assert_eq!(
        answer.json()["errors"][0]["extensions"],
        json!({ "code": "DOCUMENT_TOO_COMPLEX", "limit": "aliases", "allowed": 60, "value": 61 })
    );
}

#[tokio::test]
async fn get_runs_queries_and_never_mutations() {
    let server = Stand::default().start().await;
    let query = server.get("/graphql?query=query($t:String!){echo(text:$t)}&variables=%7B%22t%22%3A%22h%C3%A9%22%7D").await;
    assert_eq!((query.status, query.json()), (200, json!({ "data": { "echo": "hé" } })));
    let mutation = server.get("/graphql?query=mutation%7Bbump%7D").await;
    assert_eq!(
        (mutation.status, mutation.headers["allow"].as_str(), mutation.code().as_str()),
        (405, "POST", "METHOD_NOT_ALLOWED")
    );
    assert_eq!(server.traces.bumps.load(Ordering::SeqCst), 0);
    for (target, status) in [
        ("/graphql", 400),
        ("/graphql?query=%FF", 400),
        ("/graphql?query=%7Bwho%7D&variables=1", 400),
        ("/graphql?query=a&query=b", 400),
    ] {
        assert_eq!(server.get(target).await.status, status, "{target}");
    }
    let other = server.send("DELETE", "/graphql", &[("authorization", "Bearer good")], b"").await;
    assert_eq!((other.status, other.headers["allow"].as_str()), (405, "GET, POST"));
}

#[tokio::test]
async fn what_a_form_of_another_page_can_send_is_refused() {
    let server = Stand::default().demo().start().await;
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/jsonp",
        "",
    ] {
        let answer = server
            .send("POST", "/graphql", &[("content-type", media)], br#"{"query":"mutation{bump}"}"#)
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            "{media}"
        );
    }
    assert_eq!(
        server.send("POST", "/graphql", &[], br#"{"query":"mutation{bump}"}"#).await.status,
        415
    );
    let packed = [("content-type", JSON), ("content-encoding", "gzip")];
    assert_eq!(server.send("POST", "/graphql", &packed, b"{}").await.status, 415);
    assert_eq!(server.traces.bumps.load(Ordering::SeqCst), 0);
    let answer = server
        .send(
            "POST",
            "/graphql",
            &[("content-type", "Application/JSON;Charset=\"UTF-8\"")],
            br#"{"query":"mutation{bump}"}"#,
        )
        .await;
    assert_eq!((answer.status, server.traces.bumps.load(Ordering::SeqCst)), (200, 1));
}

#[tokio::test]
async fn only_media_types_that_can_be_served_are_taken() {
    let server = Stand::default().start().await;
    for accept in ["text/html", "application/json;q=0", "application/json;charset=latin1"] {
        let answer = server.post(accept, r#"{"query":"{who}"}"#).await;
        assert_eq!((answer.status, answer.code().as_str()), (406, "NOT_ACCEPTABLE"), "{accept}");
    }
    let answer = server.post("*/*", r#"{"query":"subscription{count(to:1)}"}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn introspection_that_is_off_is_refused_and_told() {
    let server = Stand { introspection: false, ..Stand::default() }.start().await;
    for document in [
        "{__schema{types{name}}}",
        "{__type(name:\"Query\"){name}}",
        "{...a} fragment a on Query{__schema{types{name}}}",
    ] {
        let answer = server.query(document).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "GRAPHQL_VALIDATION_FAILED"),
            "{document}"
        );
        assert!(answer.body.contains("introspection is switched off"));
    }
    assert_eq!(server.query("{__typename}").await.status, 200);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_a_timeout() {
    let server = Stand::default().config(|config| config.execution_seconds = 1).start().await;
    let answer = server.query("{hangs}").await;
    assert_eq!((answer.status, answer.code().as_str()), (504, "TIMEOUT"));
}
