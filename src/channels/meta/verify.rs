//! Whether a delivery is Meta's: the signature of the app over the bytes, and the answer to a subscription. Pure.

use std::borrow::Cow;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::signature::{hmac_sha256, same};
use crate::domain::source::OpenSource;

/// Of a POST: `X-Hub-Signature-256`, with the app's secret as key.
pub fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::Unsigned(why.to_owned()));
    let Some(secret) = source.provider_secret.as_deref().filter(|secret| !secret.is_empty()) else {
        return refused("the source has no app secret");
    };
    let Some(header) = delivery.headers.get("x-hub-signature-256") else {
        return match delivery.headers.get("x-hub-signature") {
            Some(_) => {
                refused("X-Hub-Signature-256 is missing; the SHA-1 signature alone proves nothing")
            }
            None => refused("X-Hub-Signature-256 is missing"),
        };
    };
    let signature = hex::encode(hmac_sha256(secret.as_bytes(), &[delivery.body]));
    match header.strip_prefix("sha256=") {
        Some(said) if same(said.as_bytes(), signature.as_bytes()) => Ok(()),
        Some(_) => refused("X-Hub-Signature-256 is not that of these bytes with the app's secret"),
        None => refused("X-Hub-Signature-256 does not begin with sha256="),
    }
}

/// The answer to the GET by which an admin subscribes the address: what Meta sent along, where it knows the verify token.
pub fn challenge<'q>(
    source: &OpenSource,
    query: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
) -> Option<String> {
    let query: Vec<(Cow<'q, str>, Cow<'q, str>)> = query.collect();
    let field = |name: &str| query.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
    let token = source.verify_token.as_deref().filter(|token| !token.is_empty())?;
    let knows = same(field("hub.verify_token")?.as_bytes(), token.as_bytes());
    (knows && field("hub.mode") == Some("subscribe"))
        .then(|| field("hub.challenge"))?
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::channels::delivery::{Delivery, Headers};
    use crate::channels::meta::verify::{challenge, verify};
    use crate::domain::source::OpenSource;
    use crate::ids::Micros;

    fn opens(secret: Option<&str>, headers: &[(&str, &str)], body: &str) -> bool {
        let source =
            OpenSource { provider_secret: secret.map(str::to_owned), ..OpenSource::default() };
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let headers = Headers(headers.iter().map(own).collect());
        let body = body.as_bytes();
        let (address, path, query, received) = ("", "", "", Micros(0));
        verify(&source, &Delivery { address, path, query, headers: &headers, body, received })
            .is_ok()
    }

    #[test]
    fn the_signature_is_over_the_bytes_as_they_came() {
        // The vector that GitHub publishes for this header, "Validating webhook deliveries".
        let (secret, body) = (Some("It's a Secret to Everybody"), "Hello, World!");
        let digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let signature = format!("sha256={digest}");
        let name = "x-hub-signature-256";
        assert!(opens(secret, &[(name, &signature)], body));
        for (secret, header, body) in [
            (secret, (name, signature.as_str()), "Hello, World"),
            (Some("another"), (name, &signature), body),
            (None, (name, &signature), body),
            (Some(""), (name, &signature), body),
            (secret, (name, digest), body),
            (secret, (name, &signature.to_uppercase()), body),
            (secret, (name, "sha256="), body),
            (secret, (name, ""), body),
            // HMAC-SHA1 of the same.
            (secret, ("x-hub-signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"), body),
            (secret, ("x-hub-signature", &signature), body),
        ] {
            assert!(!opens(secret, &[header], body), "{header:?} of {body} with {secret:?}");
        }
    }

    #[test]
    fn a_body_that_was_written_again_is_none_of_metas() {
        let body = r#"{"name":"Gr\u00fc\u00dfe","url":"https:\/\/x.example"}"#;
        // openssl dgst -sha256 -hmac app-secret
        let signature = "sha256=f50875fe70e613d788ec11c754f23b06a9f8385566e663a071a8dafe028cd045";
        let header = [("x-hub-signature-256", signature)];
        assert!(opens(Some("app-secret"), &header, body));
        let again: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert!(!opens(Some("app-secret"), &header, &again.to_string()));
    }

    #[test]
    fn a_subscription_is_answered_to_who_knows_the_token() {
        let all = "hub.mode=subscribe&hub.verify_token=to%2Bken&hub.challenge=1158201444";
        for (token, query, answer) in [
            (Some("to+ken"), all, Some("1158201444")),
            (
                Some("to+ken"),
                "hub.challenge=a%3Cb&hub.verify_token=to%2Bken&hub.mode=subscribe",
                Some("a<b"),
            ),
            (Some("token"), all, None),
            (None, all, None),
            (Some(""), "hub.mode=subscribe&hub.verify_token=&hub.challenge=1", None),
            (Some("t"), "hub.mode=unsubscribe&hub.verify_token=t&hub.challenge=1", None),
            (Some("t"), "hub.verify_token=t&hub.challenge=1", None),
            (Some("t"), "hub.mode=subscribe&hub.challenge=1", None),
            (Some("t"), "hub.mode=subscribe&hub.verify_token=t", None),
            (Some("t"), "", None),
        ] {
            let source =
                OpenSource { verify_token: token.map(str::to_owned), ..OpenSource::default() };
            let fields = url::form_urlencoded::parse(query.as_bytes());
            assert_eq!(challenge(&source, fields).as_deref(), answer, "{query}");
        }
    }
}
