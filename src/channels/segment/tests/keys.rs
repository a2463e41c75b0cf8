//! Where the write key stands.

use crate::channels::delivery::Headers;
use crate::channels::segment::key::key_of;
use crate::channels::segment::tests::delivery;

fn key(authorization: &str, body: &[u8], query: &str) -> Option<String> {
    let headers = match authorization {
        "" => Headers::default(),
        value => Headers(vec![("authorization".into(), value.into())]),
    };
    let mut delivery = delivery("/v1/b", body, &headers);
    delivery.query = query;
    key_of(&delivery)
}

#[test]
fn the_key_is_the_user_else_in_the_body_else_in_the_query() {
    let body = br#"{"batch":[{"writeKey":"inner"}],"writeKey":"body"}"#.as_slice();
    for (authorization, body, query, is) in [
        // user: , user:secret, user, without padding
        ("Basic dXNlcjo=", body, "writeKey=query", Some("user")),
        ("basic dXNlcjpzZWNyZXQ=", body, "", Some("user")),
        ("Basic dXNlcg==", body, "", Some("user")),
        ("Basic  dXNlcjo", body, "", Some("user")),
        ("Basic Og==", body, "", Some("body")),
        ("Basic ???", body, "", Some("body")),
        ("Bearer dXNlcjo=", body, "", Some("body")),
        ("", body, "writeKey=query", Some("body")),
        ("", br#"{"writeKey":null,"batch":[]}"#, "a=b&writeKey=qu%65ry", Some("query")),
        ("", br#"{"writeKey":["x"]}"#, "", None),
        ("", br#"{"a":NaN,"writeKey":"k"}"#, "", Some("k")),
        ("", b"{\"a\":\"\xff\",\"writeKey\":\"k\"}", "", Some("k")),
        ("", br#"{"a":"\ud83d","b":1e999,"writeKey":" k "}"#, "", Some("k")),
        ("", b"not json", "writeKey=query", Some("query")),
        ("", b"[]", "", None),
        ("", b"", "writeKey=", None),
    ] {
        assert_eq!(key(authorization, body, query).as_deref(), is, "{authorization} {query}");
    }
}

#[test]
fn a_hostile_body_has_no_key() {
    let long = format!(r#"{{"writeKey":"{}"}}"#, "k".repeat(300));
    let deep = format!(r#"{{"a":{}{},"writeKey":"k"}}"#, "[".repeat(200_000), "]".repeat(200_000));
    let open = "{\"a\":".repeat(100_000);
    let large = format!(r#"{{"a":"{}","writeKey":"k"}}"#, "x".repeat(600_000));
    for (body, is) in [(long, None), (deep, Some("k")), (open, None), (large, None)] {
        assert_eq!(key("", body.as_bytes(), "").as_deref(), is, "{}", &body[..20]);
    }
    assert_eq!(key(&format!("Basic {}", "A".repeat(1_000)), b"", ""), None);
}
