//! Keyed hashes by which providers sign, compared in constant time. Pure.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// HMAC-SHA256 of these bytes, one after the other.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// HMAC-SHA1 of these bytes, one after the other.
pub fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let key = b"rapport compares digests, whose bytes nobody can choose";
    hmac_sha256(key, &[a]) == hmac_sha256(key, &[b])
}

#[cfg(test)]
mod tests {
    use crate::channels::signature::{hmac_sha1, hmac_sha256, same};

    /// RFC 2202 and RFC 4231, test case 2.
    #[test]
    fn keyed_hashes_are_those_of_the_rfcs() {
        let (key, text) = (b"Jefe".as_slice(), [b"what do ya want ".as_slice(), b"for nothing?"]);
        assert_eq!(hex::encode(hmac_sha1(key, &text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(
            hex::encode(hmac_sha256(key, &text)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn secrets_are_the_same_or_not() {
        assert!(same(b"secret", b"secret") && !same(b"secret", b"secreT") && !same(b"", b"x"));
    }
}
