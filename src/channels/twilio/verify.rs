//! Twilio's signature: HMAC-SHA1, by the account's auth token, of the address and of the form's fields. Pure.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::signature::{hmac_sha1, same};
use crate::channels::twilio::fields::{Media, media};
use crate::domain::source::OpenSource;

pub(super) fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let token = source.provider_secret.as_deref().filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| unsigned("the source has no auth token"))?;
    let signature = delivery.headers.get("x-twilio-signature");
    let signature = signature.ok_or_else(|| unsigned("X-Twilio-Signature is missing"))?.trim();
    let fields = match media(delivery) {
        Media::Form | Media::None => signed_fields(delivery.body),
        Media::Json => {
            digest_of_the_body(delivery)?;
            String::new()
        }
        Media::Other(name) => {
            return Err(Refusal::Unsupported(format!(
                "{name} is neither application/x-www-form-urlencoded nor application/json"
            )));
        }
    };
    let genuine = |address: &String| {
        let mac = hmac_sha1(token.as_bytes(), &[address.as_bytes(), fields.as_bytes()]);
        same(STANDARD.encode(mac).as_bytes(), signature.as_bytes())
    };
    if addresses(delivery.address).iter().any(genuine) {
        return Ok(());
    }
    let address = delivery.address;
    Err(unsigned(&format!("X-Twilio-Signature is not that of {address} by the auth token")))
}

fn unsigned(why: &str) -> Refusal {
    Refusal::Unsigned(why.to_owned())
}

/// The signature of JSON covers the address alone, which names the digest of the body.
fn digest_of_the_body(delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let digest = delivery.query_field("bodySHA256");
    let digest = digest.ok_or_else(|| unsigned("JSON without bodySHA256 in its address"))?;
    let own = hex::encode(Sha256::digest(delivery.body));
    if same(own.as_bytes(), digest.to_ascii_lowercase().as_bytes()) {
        return Ok(());
    }
    Err(unsigned("bodySHA256 is not that of the body"))
}

/// Each field's name and value, sorted by byte; several values of one name are sorted, and equal ones count once.
fn signed_fields(form: &[u8]) -> String {
    let mut fields: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(form) {
        fields.entry(name).or_default().insert(value);
    }
    let mut signed = String::with_capacity(form.len());
    for (name, values) in &fields {
        for value in values {
            signed.push_str(name);
            signed.push_str(value);
        }
    }
    signed
}

/// The address as it came, without its port, and with the usual one: Twilio signs the one or the other.
fn addresses(address: &str) -> Vec<String> {
    let mut all = vec![address.to_owned()];
    let Some((scheme, rest)) = address.split_once("://") else { return all };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    // The colons of a password and of an IPv6 address divide no port.
    let host = authority.rfind(['@', ']']).map_or(0, |at| at + 1);
    if let Some(at) = authority[host..].rfind(':') {
        all.push(format!("{scheme}://{}{path}", &authority[..host + at]));
    } else {
        let port = if scheme.eq_ignore_ascii_case("http") { 80 } else { 443 };
        all.push(format!("{scheme}://{authority}:{port}{path}"));
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::channels::delivery::Refusal;
    use crate::channels::tests::{Request, source};
    use crate::channels::twilio::verify::{addresses, verify};
    use crate::domain::source::OpenSource;

    const ADDRESS: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const FORM: &str = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    const DIGEST: &str = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

    fn own() -> OpenSource {
        OpenSource { provider_secret: Some("12345".into()), ..source() }
    }

    fn request(address: &str, signature: &str, media: &str, body: &str) -> Request {
        let headers = [("content-type", media), ("x-twilio-signature", signature)];
        Request::new(body.as_bytes()).at(address).with(&headers)
    }

    fn form(address: &str, signature: &str, body: &str) -> Result<(), Refusal> {
        let media = "application/x-www-form-urlencoded; charset=UTF-8";
        verify(&own(), &request(address, signature, media, body).delivery())
    }

    /// The vectors of Twilio's own SDK for Node.js.
    #[test]
    fn forms_are_signed_as_by_twilios_sdk() {
        let port = |scheme: &str| format!("{scheme}://mycompany.com:1234/myapp.php?foo=1&bar=2");
        let user = |user: &str| {
            ADDRESS
                .replace("my", &format!("{user}@my"))
                .replace("/user@myapp", "/myapp")
                .replace("/user:pass@myapp", "/myapp")
        };
        let http = ADDRESS.replace("https", "http");
        let apostrophe = format!("{ADDRESS}&Body=It%27s+amazing");
        let list =
            "MessagingBinding.Address=%2B1325xxxxxxx&MessagingBinding.Address=%2B1415xxxxxxx";
        let reversed =
            "MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx";
        let several = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
        for (address, signature, body) in [
            (ADDRESS, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", FORM),
            (&port("https"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=", FORM),
            (&port("http"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", FORM),
            (ADDRESS, "kvajT1Ptam85bY51eRf/AJRuM3w=", FORM),
            (&http, "0ZXoZLH/DfblKGATFgpif+LLRf4=", FORM),
            (&user("user:pass"), "CukzLTc1tT5dXEDIHm/tKBanW10=", FORM),
            (&user("user"), "2YRLlVAflCqxaNicjMpJcSTgzSs=", FORM),
            (&user("user:pass"), "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=", FORM),
            (&apostrophe, "TfZzewPq8wqrGlMfyAud8+/IvJ0=", FORM),
            (ADDRESS, "83O6e2vORAoJHUNzJjDWN1jz+BA=", list),
            (ADDRESS, "83O6e2vORAoJHUNzJjDWN1jz+BA=", reversed),
            (ADDRESS, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", several),
        ] {
            assert_eq!(form(address, signature, body), Ok(()), "{address} {body}");
            let other = format!("{body}&Extra=");
            assert!(form(address, signature, &other).is_err(), "an empty field counts: {body}");
            assert!(form(&format!("{address}&"), signature, body).is_err(), "{address}");
        }
    }

    #[test]
    fn json_is_signed_as_by_twilios_sdk() {
        let json = r#"{"property": "value", "boolean": true}"#;
        let address = format!("{ADDRESS}&bodySHA256={DIGEST}");
        let empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let shorter = format!("https://mycompany.com/myapp.php?bodySHA256={DIGEST}");
        let empty = format!("{ADDRESS}&bodySHA256={empty}");
        let check = |address: &str, signature: &str, body: &str| {
            verify(&own(), &request(address, signature, "application/json", body).delivery())
        };
        for (address, signature, body) in [
            (&address, "a9nBmqA0ju/hNViExpshrM61xv4=", json),
            (&shorter, "y77kIzt2vzLz71DgmJGsen2scGs=", json),
            (&empty, "Ldidvp12m26NI7eqEvxnEpkd9Hc=", "{}"),
        ] {
            assert_eq!(check(address, signature, body), Ok(()), "{address}");
            assert!(check(address, signature, r#"{"property": 1}"#).is_err(), "another body");
        }
        // A signature of the address says nothing of a body that it does not name.
        let bare = check(ADDRESS, "OfYe24j6cuCkV+6Zp/YzI2MERTM=", json);
        assert_eq!(bare, Err(Refusal::Unsigned("JSON without bodySHA256 in its address".into())));
    }

    #[test]
    fn what_twilio_did_not_sign_is_refused() {
        let good = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        let Err(Refusal::Unsigned(why)) = form(ADDRESS, "WRONG_SIGNATURE", FORM) else {
            panic!("a wrong signature is refused")
        };
        assert!(why.contains(ADDRESS) && !why.contains("12345"), "{why}");
        for media in ["text/plain", "multipart/form-data; boundary=x"] {
            let request = request(ADDRESS, good, media, FORM);
            let refused = verify(&own(), &request.delivery());
            assert!(matches!(refused, Err(Refusal::Unsupported(_))), "{media}: {refused:?}");
        }
        let unsigned = Request::new(FORM.as_bytes()).at(ADDRESS);
        assert!(matches!(verify(&own(), &unsigned.delivery()), Err(Refusal::Unsigned(_))));
        for token in [None, Some(String::new()), Some("54321".into())] {
            let other = OpenSource { provider_secret: token, ..source() };
            let request = request(ADDRESS, good, "", FORM);
            assert!(matches!(verify(&other, &request.delivery()), Err(Refusal::Unsigned(_))));
        }
    }

    #[test]
    fn an_address_is_known_with_and_without_its_port() {
        for (address, other) in [
            ("https://a.example/x", "https://a.example:443/x"),
            ("http://a.example?x=1:2", "http://a.example:80?x=1:2"),
            ("https://a.example:8443/x:1@y", "https://a.example/x:1@y"),
            ("https://u:p@a.example/x", "https://u:p@a.example:443/x"),
            ("https://[::1]:8000/x", "https://[::1]/x"),
            ("https://[::1]/x", "https://[::1]:443/x"),
            ("https://a.example", "https://a.example:443"),
        ] {
            assert_eq!(addresses(address), [address, other]);
        }
        assert_eq!(addresses("no address"), ["no address"]);
    }
}
