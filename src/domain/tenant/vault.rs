//! Seals secrets that must be read again (what providers sign with), so that a copy of the store gives none of them away:
//! ChaCha20-Poly1305 under `RAPPORT_SECRET_KEY`, which the store does not hold.

use std::fmt;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// Bytes of the key.
pub const KEY_BYTES: usize = 32;

/// The key as it is configured: 32 bytes in hex or base64.
pub fn read_key(text: &str) -> Option<[u8; KEY_BYTES]> {
    let text = text.trim();
    let bytes = hex::decode(text)
        .ok()
        .or_else(|| STANDARD.decode(text).ok())
        .or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())?;
    bytes.try_into().ok()
}

/// Seals and opens with the key, once it is known.
#[derive(Default)]
pub struct Vault(OnceLock<LessSafeKey>);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// Takes the key; a second one is ignored.
    pub fn unlock(&self, key: &[u8; KEY_BYTES]) {
        let key =
            UnboundKey::new(&CHACHA20_POLY1305, key).expect("the key has the cipher's length");
        // Whoever comes second has the same key: there is one per process.
        let _ = self.0.set(LessSafeKey::new(key));
    }

    /// Whether there is a key.
    pub fn is_unlocked(&self) -> bool {
        self.0.get().is_some()
    }

    /// The sealed text, which opens in this place alone; nothing without a key.
    pub fn seal(&self, place: &str, text: &str) -> Option<String> {
        let key = self.0.get()?;
        let mut nonce = [0u8; NONCE_LEN];
        rand::fill(&mut nonce);
        let mut bytes = text.as_bytes().to_vec();
        let sealed = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(sealed, Aad::from(place.as_bytes()), &mut bytes).ok()?;
        Some(STANDARD.encode([nonce.as_slice(), &bytes].concat()))
    }

    /// What was sealed in this place; nothing without the key with which it was.
    pub fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let key = self.0.get()?;
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut rest).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::tenant::vault::{Vault, read_key};

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_key_only() {
        let vault = Vault::default();
        assert_eq!((vault.seal("a", "secret"), vault.is_unlocked()), (None, false));
        vault.unlock(&[7; 32]);
        let sealed = vault.seal("source/1", "secret").expect("a key");
        assert!(!sealed.contains("secret"));
        assert_ne!(
            vault.seal("source/1", "secret"),
            Some(sealed.clone()),
            "each time another nonce"
        );
        assert_eq!(vault.open("source/1", &sealed).as_deref(), Some("secret"));
        assert_eq!(vault.open("source/2", &sealed), None);
        let mut forged = sealed.clone().into_bytes();
        forged[30] = if forged[30] == b'A' { b'B' } else { b'A' };
        assert_eq!(vault.open("source/1", &String::from_utf8(forged).expect("ASCII")), None);
        assert_eq!(vault.open("source/1", "AAAA"), None);
        let other = Vault::default();
        other.unlock(&[8; 32]);
        assert_eq!(other.open("source/1", &sealed), None);
    }

    #[test]
    fn a_key_is_32_bytes_in_hex_or_base64() {
        let bytes = [0xfb; 32];
        for text in [
            hex::encode(bytes),
            format!(" {} \n", hex::encode_upper(bytes)),
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=".into(),
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s".into(),
        ] {
            assert_eq!(read_key(&text), Some(bytes), "{text}");
        }
        for text in ["", "secret", &"ab".repeat(31), &"ab".repeat(33)] {
            assert_eq!(read_key(text), None, "{text}");
        }
    }
}
