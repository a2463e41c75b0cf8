//! What SDKs ask before they send: where to send to. Pure.

use serde_json::{Value as Json, json};

use crate::domain::source::OpenSource;

/// The answer to `GET /v1/projects/{writeKey}/settings`, which keeps Segment's SDKs from reporting to Segment.
/// `base` is the public base, such as `https://rapport.example`.
pub fn settings(base: &str, write_key: &str) -> Json {
    let (protocol, host) = base.trim_end_matches('/').split_once("://").unwrap_or(("https", base));
    json!({
        "integrations": {
            "Segment.io": {
                "apiKey": write_key,
                "apiHost": format!("{}/v1", host.trim_end_matches('/')),
                "protocol": protocol,
            },
        },
        "metrics": { "sampleRate": 0 },
    })
}

/// The answer to `GET /sourceConfig/?writeKey=`, which RudderStack's SDKs ask. `id` is the source's id as clients see it.
pub fn source_config(source: &OpenSource, id: &str, write_key: &str) -> Json {
    json!({
        "source": {
            "id": id,
            "name": source.name,
            "writeKey": write_key,
            "enabled": true,
            "config": {},
            "destinations": [],
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::channels::segment::settings::{settings, source_config};
    use crate::domain::source::OpenSource;

    #[test]
    fn sdks_are_told_to_send_here() {
        for (base, host, protocol) in [
            ("https://rapport.example", "rapport.example/v1", "https"),
            ("http://127.0.0.1:8000/", "127.0.0.1:8000/v1", "http"),
            ("https://shop.example/rapport", "shop.example/rapport/v1", "https"),
        ] {
            let told = settings(base, "key-1");
            let of_segment = json!({ "apiKey": "key-1", "apiHost": host, "protocol": protocol });
            assert_eq!(told["integrations"], json!({ "Segment.io": of_segment }), "{base}");
            assert_eq!(told["metrics"]["sampleRate"], 0);
        }
    }

    #[test]
    fn a_source_has_no_destinations() {
        let source = OpenSource { name: "website".into(), ..OpenSource::default() };
        assert_eq!(
            source_config(&source, "T1", "key-1"),
            json!({ "source": {
                "id": "T1", "name": "website", "writeKey": "key-1", "enabled": true, "config": {}, "destinations": [],
            } })
        );
    }
}
