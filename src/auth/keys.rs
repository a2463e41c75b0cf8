//! Keys, each bound to its one algorithm.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use crate::auth::claims::Claims;

/// Shorter HS256 secrets can be guessed offline from one token.
const SECRET_BYTES: usize = 32;
/// 2048 to 4096 bits: shorter is broken, longer only costs time.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// One key and the only algorithm under which it checks a signature.
pub(crate) struct Key {
    pub id: Option<String>,
    pub algorithm: Algorithm,
    decoding: DecodingKey,
    validation: Validation,
}

impl Key {
    fn new(id: Option<String>, algorithm: Algorithm, key: DecodingKey) -> Key {
        let mut validation = Validation::new(algorithm);
        // The claims are judged in one place, `Policy::admit`; here only the signature and the algorithm are.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Key { id, algorithm, decoding: key, validation }
    }

    /// An HS256 key of at least 32 bytes.
    pub fn from_secret(secret: &[u8]) -> Result<Key, String> {
        if secret.len() < SECRET_BYTES {
            return Err(format!("must be at least {SECRET_BYTES} bytes long"));
        }
        Ok(Key::new(None, Algorithm::HS256, DecodingKey::from_secret(secret)))
    }

    /// The RSA, P-256 or Ed25519 public key of a PEM text.
    pub fn from_pem(pem: &str) -> Result<Key, String> {
        if pem.contains("PRIVATE KEY-----") {
            return Err(
                "holds a private key; give the server the public one only (openssl pkey -pubout)"
                    .into(),
            );
        }
        if pem.matches("-----BEGIN ").count() != 1 || !pem.contains("PUBLIC KEY-----") {
            return Err("must hold exactly one PEM block, a PUBLIC KEY".into());
        }
        let pem = pem.as_bytes();
        let key = DecodingKey::from_rsa_pem(pem)
            .or_else(|_| DecodingKey::from_ec_pem(pem))
            .or_else(|_| DecodingKey::from_ed_pem(pem))
            .map_err(|_| "is not an RSA, P-256 or Ed25519 public key in PEM form")?;
        let jwk = Jwk::from_decoding_key(&key, None)
            .map_err(|_| "is not a public key that can be read")?;
        let algorithm = strength(&jwk)?;
        Ok(Key::new(None, algorithm, key))
    }

    /// A key of a JWKS document: asymmetric, for signatures, of a supported kind and size.
    pub fn from_jwk(jwk: &Jwk) -> Result<Key, String> {
        if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
            return Err("is not for signatures".into());
        }
        if jwk
            .common
            .key_operations
            .as_ref()
            .is_some_and(|operations| !operations.contains(&KeyOperations::Verify))
        {
            return Err("is not for verifying".into());
        }
        let algorithm = strength(jwk)?;
        let named = match algorithm {
            Algorithm::RS256 => KeyAlgorithm::RS256,
            Algorithm::ES256 => KeyAlgorithm::ES256,
            _ => KeyAlgorithm::EdDSA,
        };
        if jwk.common.key_algorithm.is_some_and(|own| own != named) {
            return Err("is for an algorithm that is not supported".into());
        }
        let key = DecodingKey::from_jwk(jwk).map_err(|_| "is not readable")?;
        Ok(Key::new(jwk.common.key_id.clone(), algorithm, key))
    }

    /// The claims of a token that this key signed; `None` for any other token.
    pub fn open(&self, token: &str) -> Option<Result<Claims, String>> {
        use jsonwebtoken::errors::ErrorKind;
        match jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation) {
            Ok(data) => Some(Ok(data.claims)),
            // Claims are only read under a good signature, so this token is ours and malformed.
            Err(error) if matches!(error.kind(), ErrorKind::Json(_)) => {
                Some(Err("the token's claims are not a JSON object, or one stands twice".into()))
            }
            Err(_) => None,
        }
    }
}

/// The algorithm for a key's kind, when the key is strong enough.
fn strength(jwk: &Jwk) -> Result<Algorithm, String> {
    let length = |part: &str| {
        URL_SAFE_NO_PAD
            .decode(part)
            .map_or(0, |bytes| bytes.iter().skip_while(|byte| **byte == 0).count())
    };
    match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa)
            if RSA_BYTES.contains(&length(&rsa.n)) && (1..=4).contains(&length(&rsa.e)) =>
        {
            Ok(Algorithm::RS256)
        }
        AlgorithmParameters::RSA(_) => Err("is an RSA key outside 2048 to 4096 bits".into()),
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => {
            Ok(Algorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(okp) if okp.curve == EllipticCurve::Ed25519 => {
            Ok(Algorithm::EdDSA)
        }
        _ => Err("is not an RSA, P-256 or Ed25519 public key".into()),
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::Algorithm;
    use jsonwebtoken::jwk::Jwk;
    use serde_json::json;

    use crate::auth::keys::Key;

    #[test]
    fn a_public_key_file_decides_the_algorithm() {
        for (pem, algorithm) in [
            (include_str!("testdata/test-only-rsa.public.pem"), Algorithm::RS256),
            (include_str!("testdata/test-only-p256.public.pem"), Algorithm::ES256),
            (include_str!("testdata/test-only-ed25519.public.pem"), Algorithm::EdDSA),
        ] {
            assert_eq!(Key::from_pem(pem).ok().map(|key| key.algorithm), Some(algorithm));
        }
    }

    #[test]
    fn a_weak_private_or_foreign_key_file_is_refused() {
        for (pem, word) in [
            (include_str!("testdata/test-only-rsa.private.pem"), "private key"),
            (include_str!("testdata/test-only-rsa1024.public.pem"), "2048"),
            (include_str!("testdata/test-only-p384.public.pem"), "P-256"),
            ("hello", "one PEM block"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "PUBLIC KEY"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "public key"),
        ] {
            let error = Key::from_pem(pem).err().expect("refused");
            assert!(error.contains(word), "{error}");
        }
        assert!(Key::from_secret(b"too short").is_err());
    }

    #[test]
    fn only_strong_keys_for_signatures_are_taken_from_a_provider() {
        let good = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a"});
        let take = |patch: serde_json::Value| {
            let mut jwk = good.clone();
            jwk.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
            Key::from_jwk(&serde_json::from_value::<Jwk>(jwk).unwrap()).is_ok()
        };
        assert!(take(json!({})));
        assert!(take(json!({"use": "sig", "alg": "EdDSA", "key_ops": ["verify"]})));
        assert!(!take(json!({"use": "enc"})));
        assert!(!take(json!({"use": "anything"})));
        assert!(!take(json!({"key_ops": ["sign"]})));
        assert!(!take(json!({"alg": "HS256"})));
        assert!(!take(json!({"alg": "RS256"})));
        assert!(!take(json!({"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"})));
        assert!(!take(json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"})));
    }
}
