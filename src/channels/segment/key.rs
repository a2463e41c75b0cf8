//! The write key of a delivery: read before its source is known. Pure.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::channels::delivery::Delivery;
use crate::channels::segment::body::{MOST_BYTES, mended, text};
use crate::channels::segment::fields::fields;
use crate::channels::segment::values;

/// The longest key that is looked at, in bytes.
const MOST_KEY: usize = 200;

/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The user of Basic authorization, else `writeKey` in the body, else in the query. One pass over the body, which is not
/// looked at beyond what a delivery may have.
pub fn key_of(delivery: &Delivery<'_>) -> Option<String> {
    basic_user(delivery)
        .or_else(|| body_key(delivery.body))
        .or_else(|| delivery.query_field("writeKey").and_then(|key| usable(&key)))
}

fn basic_user(delivery: &Delivery<'_>) -> Option<String> {
    let (scheme, credentials) = delivery.headers.get("authorization")?.trim().split_once(' ')?;
    let credentials = credentials.trim();
    if !scheme.eq_ignore_ascii_case("basic") || credentials.len() > 2 * MOST_KEY {
        return None;
    }
    let text = String::from_utf8(BASE64.decode(credentials).ok()?).ok()?;
    usable(text.split(':').next().unwrap_or_default())
}

fn body_key(body: &[u8]) -> Option<String> {
    if body.len() > MOST_BYTES {
        return None;
    }
    let key = |text: &str| fields(text, ["writeKey"]).map(|[key]| key.and_then(values::text));
    let found = text(body).and_then(key).or_else(|| key(&mended(body)?)).flatten()?;
    usable(&found)
}

fn usable(key: &str) -> Option<String> {
    let key = key.trim();
    (!key.is_empty() && key.len() <= MOST_KEY).then(|| key.to_owned())
}
