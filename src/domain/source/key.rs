//! Keys of sources: the part of an address that nobody guesses. A key carries a tag of the store, so that one that was
//! never made here is refused without asking the store. Pure.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::domain::tenant::secret::StoreSecret;

const DRAWN: usize = 16;
const DOMAIN: &[u8] = b"source key";

/// A new key: 32 characters of `A-Za-z0-9_-`.
pub fn new_key(secret: &StoreSecret) -> String {
    sealed(secret, &drawn::<DRAWN>())
}

/// Whether a key was made by this store, for a source that is or was there.
pub fn is_own(secret: &StoreSecret, key: &str) -> bool {
    let drawn = BASE64.decode(key).ok().filter(|bytes| bytes.len() == DRAWN + 8);
    drawn.is_some_and(|bytes| sealed(secret, &bytes[..DRAWN]) == key)
}

fn sealed(secret: &StoreSecret, drawn: &[u8]) -> String {
    BASE64.encode([drawn, &secret.tag(&[DOMAIN, drawn]).to_be_bytes()].concat())
}

/// A secret that nobody guesses: 43 characters of `A-Za-z0-9_-`.
pub fn new_secret() -> String {
    BASE64.encode(drawn::<32>())
}

/// The same as Standard Webhooks write it.
pub fn new_webhook_secret() -> String {
    format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(drawn::<32>()))
}

/// Random bytes whose text begins with a letter: programs take an argument that begins with `-` for an option.
fn drawn<const N: usize>() -> [u8; N] {
    let mut drawn = [0u8; N];
    rand::fill(&mut drawn);
    drawn[0] &= 0x7f;
    drawn
}

#[cfg(test)]
mod tests {
    use crate::domain::source::key::{is_own, new_key, new_secret, new_webhook_secret};
    use crate::domain::tenant::secret::StoreSecret;

    #[test]
    fn a_key_that_was_not_made_here_is_none() {
        let (own, other) = (StoreSecret::new([7; 32], 1), StoreSecret::new([8; 32], 1));
        let key = new_key(&own);
        assert!(key.len() == 32 && is_own(&own, &key) && !is_own(&other, &key));
        assert_ne!(new_key(&own), key);
        let letter = |text: String| text.starts_with(|first: char| first.is_ascii_alphabetic());
        assert!((0..500).all(|_| letter(new_key(&own)) && letter(new_secret())));
        for end in ["A", "AA", "="] {
            assert!(!is_own(&own, &format!("{}{end}", &key[..31])) || key.ends_with(end));
        }
        assert!(!is_own(&own, "") && !is_own(&own, &"A".repeat(32)) && !is_own(&own, "é"));
    }

    #[test]
    fn secrets_are_written_as_their_providers_take_them() {
        assert_eq!(new_secret().len(), 43);
        assert_eq!(new_webhook_secret().len(), "whsec_".len() + 44);
    }
}
