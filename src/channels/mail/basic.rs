//! The secret as the password of HTTP's Basic scheme, as mail servers can send it (RFC 7617). Pure.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::signature::same;
use crate::domain::source::OpenSource;

/// Whether the password is one of the source's secrets; the user may be anybody.
pub fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::Unsigned(why.to_owned()));
    let Some(header) = delivery.headers.get("authorization") else {
        return refused(
            "the Authorization header is missing: Basic, with the source's secret as password",
        );
    };
    let Some(password) = password(header) else {
        return refused("the Authorization header is not of the Basic scheme");
    };
    // All are compared, so that the time tells nothing.
    let known = source.secrets.iter().filter(|secret| !secret.is_empty());
    match known.filter(|secret| same(secret.as_bytes(), &password)).count() {
        0 => refused("the password is not the source's secret"),
        _ => Ok(()),
    }
}

fn password(header: &str) -> Option<Vec<u8>> {
    let (scheme, credentials) = header.trim().split_once(char::is_whitespace)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = credentials.trim();
    let decoded =
        STANDARD.decode(credentials).or_else(|_| STANDARD_NO_PAD.decode(credentials)).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    Some(decoded[colon + 1..].to_vec())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use crate::channels::delivery::{Delivery, Headers, Refusal};
    use crate::channels::mail::basic::verify;
    use crate::domain::source::OpenSource;
    use crate::ids::Micros;

    fn sent(header: Option<&str>, secrets: &[&str]) -> Result<(), Refusal> {
        let source = OpenSource {
            secrets: secrets.iter().map(|secret| (*secret).to_owned()).collect(),
            ..OpenSource::default()
        };
        let headers = header.map(|value| ("authorization".to_owned(), value.to_owned()));
        let headers = Headers(headers.into_iter().collect());
        verify(
            &source,
            &Delivery {
                address: "",
                path: "",
                query: "",
                headers: &headers,
                body: b"",
                received: Micros(0),
            },
        )
    }

    #[test]
    fn the_password_opens_whoever_the_user_is() {
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for (header, secrets, opens) in [
            // RFC 7617, section 2 and 2.1.
            ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned(), &["open sesame"][..], true),
            ("Basic dGVzdDoxMjPCow==".to_owned(), &["123£"], true),
            (basic("rapport:new"), &["new", "old"], true),
            (basic(":old"), &["new", "old"], true),
            (basic("a:b:c"), &["b:c"], true),
            (basic("a:new").replace("Basic", "bAsIc "), &["new"], true),
            (basic("a:older"), &["new", "old"], false),
            (basic("new"), &["new"], false),
            (basic("new:"), &["new"], false),
            (basic("a:"), &[""], false),
            (basic("a:new"), &[], false),
            ("Bearer new".to_owned(), &["new"], false),
            ("Basic".to_owned(), &["new"], false),
            ("Basic ???".to_owned(), &["new"], false),
            (String::new(), &["new"], false),
        ] {
            assert_eq!(sent(Some(&header), secrets).is_ok(), opens, "{header} for {secrets:?}");
        }
        assert!(
            matches!(sent(None, &["new"]), Err(Refusal::Unsigned(why)) if why.contains("missing"))
        );
    }

    #[test]
    fn a_refusal_never_tells_a_secret() {
        let header = format!("Basic {}", STANDARD.encode("user:guess"));
        let Err(Refusal::Unsigned(why)) = sent(Some(&header), &["secret"]) else {
            panic!("it opened")
        };
        assert!(
            !why.contains("guess") && !why.contains("user:") && !why.contains(&header),
            "{why}"
        );
    }
}
