//! Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, with a time that is near. Pure.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::signature::{hmac_sha256, same};
use crate::domain::source::OpenSource;

/// How far the sender's clock may be off, in seconds.
const TOLERANCE: i64 = 5 * 60;
/// Signatures that are looked at: a sender has one a secret, of which a rotation has two.
const MOST_SIGNATURES: usize = 10;
/// Secrets are written with the padding of base64, and without.
const PADDING: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let header = |name: &str| {
        let value = delivery.headers.get(name).map(str::trim).filter(|value| !value.is_empty());
        value.ok_or_else(|| Refusal::Unsigned(format!("{name} is missing")))
    };
    let id = header("webhook-id")?;
    let time = header("webhook-timestamp")?;
    let signatures = header("webhook-signature")?;
    let unsigned = |why: &str| Refusal::Unsigned(why.to_owned());
    let seconds: i64 =
        time.parse().map_err(|_| unsigned("webhook-timestamp is no number of seconds"))?;
    let off = seconds.saturating_sub(delivery.received.0 / 1_000_000);
    if off.saturating_abs() > TOLERANCE {
        let way = if off < 0 { "ago" } else { "ahead" };
        let off = off.unsigned_abs();
        return Err(Refusal::Unsigned(format!("webhook-timestamp is {off} s {way}, over 300")));
    }
    let given: Vec<&str> = signatures
        .split_ascii_whitespace()
        .filter_map(|one| one.strip_prefix("v1,"))
        .take(MOST_SIGNATURES)
        .collect();
    if given.is_empty() {
        return Err(unsigned("webhook-signature holds none of the version v1"));
    }
    let signed = [id.as_bytes(), b".", time.as_bytes(), b".", delivery.body];
    for key in source.secrets.iter().filter_map(|secret| key(secret)) {
        let own = STANDARD.encode(hmac_sha256(&key, &signed));
        if given.iter().any(|given| same(own.as_bytes(), given.as_bytes())) {
            return Ok(());
        }
    }
    Err(unsigned("webhook-signature is not that of the body by the secret of the source"))
}

/// The bytes of a secret; nothing where there are none.
fn key(secret: &str) -> Option<Vec<u8>> {
    let text = secret.strip_prefix("whsec_").unwrap_or(secret);
    PADDING.decode(text).ok().filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::channels::delivery::Refusal;
    use crate::channels::tests::{Request, source};
    use crate::channels::webhook::verify::verify;
    use crate::domain::source::OpenSource;
    use crate::ids::Micros;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIME: i64 = 1_614_265_330;
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn check(
        headers: &[(&str, &str)],
        body: &str,
        secrets: &[&str],
        now: i64,
    ) -> Result<(), Refusal> {
        let secrets = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        let source = OpenSource { secrets, ..source() };
        let request = Request::new(body.as_bytes()).with(headers);
        let mut delivery = request.delivery();
        delivery.received = Micros(now * 1_000_000);
        verify(&source, &delivery)
    }

    fn signed(signature: &str, secrets: &[&str], now: i64) -> Result<(), Refusal> {
        let headers = [
            ("webhook-id", ID),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", signature),
        ];
        check(&headers, BODY, secrets, now)
    }

    /// The vector of the reference libraries of Standard Webhooks.
    #[test]
    fn a_body_is_signed_as_by_the_reference_library() {
        let bare = SECRET.strip_prefix("whsec_").expect("a prefix");
        let other = "whsec_QWxsIHlvdXIgYmFzZQ==";
        let wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
        let several = format!("{wrong} v2,{} {SIGNATURE} {wrong}", &SIGNATURE[3..]);
        for (signature, secrets) in [
            (SIGNATURE, &[SECRET][..]),
            (SIGNATURE, &[bare]),
            (SIGNATURE, &[other, SECRET]),
            (&several, &[SECRET]),
        ] {
            assert_eq!(signed(signature, secrets, TIME), Ok(()), "{signature} {secrets:?}");
        }
        let partial = &SIGNATURE[..8];
        let second = format!("v2,{}", &SIGNATURE[3..]);
        for signature in
            [wrong, "v1,", partial, &second, &SIGNATURE[3..], "v1,dawfeoifkpqwoekfpqoekf"]
        {
            let refused = signed(signature, &[SECRET], TIME);
            assert!(matches!(refused, Err(Refusal::Unsigned(_))), "{signature}: {refused:?}");
        }
        for secrets in [&[][..], &[other], &["whsec_"], &[""], &["whsec_!"]] {
            assert!(signed(SIGNATURE, secrets, TIME).is_err(), "{secrets:?}");
        }
    }

    #[test]
    fn a_delivery_is_five_minutes_old_at_most() {
        for (now, good) in [
            (TIME + 300, true),
            (TIME - 300, true),
            (TIME + 301, false),
            (TIME - 301, false),
            (0, false),
        ] {
            assert_eq!(signed(SIGNATURE, &[SECRET], now).is_ok(), good, "{}", now - TIME);
        }
    }

    #[test]
    fn what_is_missing_or_changed_is_refused() {
        let all = [
            ("webhook-id", ID),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", SIGNATURE),
        ];
        assert_eq!(check(&all, BODY, &[SECRET], TIME), Ok(()));
        assert!(check(&all, "{}", &[SECRET], TIME).is_err());
        for n in 0..3 {
            let mut headers = all.to_vec();
            let (name, _) = headers.remove(n);
            let missing = Refusal::Unsigned(format!("{name} is missing"));
            assert_eq!(check(&headers, BODY, &[SECRET], TIME), Err(missing));
            for value in
                ["", "hello", "99999999999999999999999", "-9223372036854775808", "\u{1f600}"]
            {
                headers.push((name, value));
                assert!(check(&headers, BODY, &[SECRET], TIME).is_err(), "{name}: {value}");
                headers.pop();
            }
        }
    }
}
