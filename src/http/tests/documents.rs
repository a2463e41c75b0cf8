//! Trusted documents and automatic persisted queries.

use std::collections::HashMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::config::TrustedDocuments;
use crate::http::Manifest;
use crate::http::tests::kit::{Answer, Stand};

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";

fn persisted(hash: &str, query: Option<&str>) -> String {
    let mut body =
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    if let Some(query) = query {
        body["query"] = query.into();
    }
    body.to_string()
}

#[tokio::test]
async fn a_persisted_query_is_asked_for_kept_and_found() {
    let server = Stand::default().start().await;
    let hash = hex::encode(Sha256::digest("{who}"));
    let missed = server.post(RESPONSE, &persisted(&hash, None)).await;
    assert_eq!((missed.status, missed.code().as_str()), (200, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(missed.json()["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(server.post(JSON, &persisted(&hash, Some("{who }"))).await.status, 400);
    assert_eq!(
        server.post(JSON, &persisted(&hash, Some("{who}"))).await.json(),
        json!({ "data": { "who": "good" } })
    );
    assert_eq!(
        server.post(JSON, &persisted(&hash, None)).await.json(),
        json!({ "data": { "who": "good" } })
    );
    let found =
        server.get(&format!("/graphql?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{hash}%22%7D%7D")).await;
    assert_eq!(found.json(), json!({ "data": { "who": "good" } }));
    // What is no document is not kept.
    let wrong = hex::encode(Sha256::digest("{"));
    server.post(JSON, &persisted(&wrong, Some("{"))).await;
    assert_eq!(
        server.post(JSON, &persisted(&wrong, None)).await.code(),
        "PERSISTED_QUERY_NOT_FOUND"
    );
}

#[tokio::test]
async fn trusted_documents_run_and_others_only_where_that_is_allowed() {
    let manifest = || Manifest::new(HashMap::from([("abc1".to_owned(), "{who}".to_owned())]));
    let start = async |policy| {
        let mut stand = Stand::default().config(|config| config.trusted_documents = policy);
        stand.manifest = manifest();
        stand.start().await
    };
    let (enforce, log, off) = (
        start(TrustedDocuments::Enforce).await,
        start(TrustedDocuments::Log).await,
        start(TrustedDocuments::Off).await,
    );
    let outcome = |answer: Answer| answer.code();
    let table = [
        (r#"{"documentId":"abc1"}"#.to_owned(), ["none", "none", "DOCUMENT_NOT_TRUSTED"]),
        (
            r#"{"documentId":"other"}"#.to_owned(),
            ["DOCUMENT_NOT_TRUSTED", "DOCUMENT_NOT_TRUSTED", "DOCUMENT_NOT_TRUSTED"],
        ),
        (persisted("abc1", None), ["none", "none", "PERSISTED_QUERY_NOT_FOUND"]),
        (r#"{"query":"{who}"}"#.to_owned(), ["none", "none", "none"]),
        (r#"{"query":"{ who }"}"#.to_owned(), ["DOCUMENT_NOT_TRUSTED", "none", "none"]),
    ];
    for (body, expected) in table {
        let found = [
            outcome(enforce.post(JSON, &body).await),
            outcome(log.post(JSON, &body).await),
            outcome(off.post(JSON, &body).await),
        ];
        assert_eq!(found, expected, "{body}");
    }
    assert!(log.get("/metrics").await.body.contains("rapport_untrusted_documents_total 1"));
}
