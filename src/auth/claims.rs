//! What a token must claim: pure rules over claims whose signature was checked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value;

use crate::auth::{Role, Viewer};

/// How far the clocks of the issuer and of this server may be apart.
pub(crate) const LEEWAY: Duration = Duration::from_secs(5);

/// 9999-12-31T23:59:59Z: a time above it is a mistake (milliseconds, mostly).
const LATEST: f64 = 253_402_300_799.0;

/// The claims as they came. A claim that stands twice is refused while parsing.
#[derive(Deserialize, Default, Debug)]
pub(crate) struct Claims {
    sub: Option<Value>,
    tenant: Option<Value>,
    role: Option<Value>,
    exp: Option<Value>,
    nbf: Option<Value>,
    iss: Option<Value>,
    aud: Option<Value>,
}

/// What this server asks of every token, beyond its signature.
#[derive(Clone, Default, Debug)]
pub(crate) struct Policy {
    pub issuer: Option<String>,
    pub audience: Option<String>,
}

impl Policy {
    /// The viewer whom the claims describe, or a sentence that says what is wrong with them. The sentence never repeats
    /// a claim's value.
    pub fn admit(&self, claims: Claims, now: SystemTime) -> Result<Viewer, String> {
        let exp = time("exp", claims.exp)?.ok_or("the token has no `exp` claim")?;
        if ended(exp, now) {
            return Err("the token has expired".into());
        }
        if time("nbf", claims.nbf)?.is_some_and(|nbf| nbf > now + LEEWAY) {
            return Err("the token is not valid yet (`nbf`)".into());
        }
        if let Some(issuer) = &self.issuer
            && text("iss", claims.iss)? != *issuer
        {
            return Err("the token's `iss` is not the issuer that this server trusts".into());
        }
        if let Some(audience) = &self.audience
            && !audiences(claims.aud)?.contains(audience)
        {
            return Err("the token's `aud` does not name this server".into());
        }
        let subject = text("sub", claims.sub)?;
        check_subject(&subject)?;
        let tenant = text("tenant", claims.tenant)?;
        check_tenant(&tenant)?;
        let role = Role::parse(&text("role", claims.role)?)
            .ok_or("the token's `role` must be viewer, agent, ingest or admin")?;
        Ok(Viewer { subject: subject.into(), tenant: tenant.into(), role, expires_at: Some(exp) })
    }
}

/// Whether a token that ends at `exp` is refused at `now`.
pub(crate) fn ended(exp: SystemTime, now: SystemTime) -> bool {
    exp + LEEWAY <= now
}

/// 1 to 255 characters, none of them a control character.
pub(crate) fn check_subject(subject: &str) -> Result<(), String> {
    match subject.chars().take(256).count() {
        1..=255 if !subject.chars().any(char::is_control) => Ok(()),
        _ => Err("the token's `sub` must be 1 to 255 printable characters".into()),
    }
}

/// 1 to 64 of `A-Z a-z 0-9 _ . -`.
pub(crate) fn check_tenant(tenant: &str) -> Result<(), String> {
    let plain = tenant.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    if (1..=64).contains(&tenant.len()) && plain {
        Ok(())
    } else {
        Err("the token's `tenant` must be 1 to 64 letters, digits, `_`, `.` or `-`".into())
    }
}

fn text(name: &str, claim: Option<Value>) -> Result<String, String> {
    match claim {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("the token's `{name}` claim must be a string")),
        None => Err(format!("the token has no `{name}` claim")),
    }
}

fn audiences(claim: Option<Value>) -> Result<Vec<String>, String> {
    match claim {
        Some(Value::Array(list)) => list.into_iter().map(|one| text("aud", Some(one))).collect(),
        one => Ok(vec![text("aud", one)?]),
    }
}

/// Seconds since 1970, whole or not, as the standard's NumericDate.
fn time(name: &str, claim: Option<Value>) -> Result<Option<SystemTime>, String> {
    match claim {
        None => Ok(None),
        Some(Value::Number(number)) => match number.as_f64() {
            Some(seconds) if (0.0..=LATEST).contains(&seconds) => {
                Ok(Some(UNIX_EPOCH + Duration::from_secs_f64(seconds)))
            }
            _ => Err(format!(
                "the token's `{name}` claim is out of range: it counts seconds since 1970"
            )),
        },
        Some(_) => Err(format!("the token's `{name}` claim must be a number of seconds")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use serde_json::{Value, json};

    use crate::auth::Role;
    use crate::auth::Viewer;
    use crate::auth::claims::{Claims, Policy};

    const NOW: u64 = 1_800_000_000;

    /// Claims that pass, changed by `patch` (null takes a claim away).
    fn admit(patch: &Value) -> Result<Viewer, String> {
        let mut claims = json!({"sub": "me", "tenant": "acme", "role": "agent", "exp": NOW + 60, "iss": "https://id", "aud": ["other", "rapport"]});
        claims.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        let policy = Policy { issuer: Some("https://id".into()), audience: Some("rapport".into()) };
        policy.admit(
            serde_json::from_value::<Claims>(claims).unwrap(),
            UNIX_EPOCH + Duration::from_secs(NOW),
        )
    }

    #[test]
    fn good_claims_become_a_viewer() {
        let viewer = admit(&json!({})).unwrap();
        assert_eq!((&*viewer.subject, &*viewer.tenant, viewer.role), ("me", "acme", Role::Agent));
        assert_eq!(viewer.expires_at, Some(UNIX_EPOCH + Duration::from_secs(NOW + 60)));
        for patch in [
            json!({"aud": "rapport"}),
            json!({"nbf": NOW}),
            json!({"nbf": NOW + 5}),
            json!({"exp": NOW - 4}),
            json!({"exp": 1_800_000_000.5}),
            json!({"tenant": "a"}),
            json!({"tenant": "A_b.c-9".repeat(9)}),
            json!({"sub": "ü".repeat(255)}),
            json!({"role": "ingest"}),
        ] {
            admit(&patch).unwrap_or_else(|error| panic!("{patch} was refused: {error}"));
        }
    }

    #[test]
    fn bad_claims_are_refused_and_the_message_names_the_claim() {
        for (patch, word) in [
            (json!({"exp": null}), "no `exp`"),
            (json!({"exp": (NOW + 60).to_string()}), "`exp` claim must be a number"),
            (json!({"exp": true}), "`exp` claim must be a number"),
            (json!({"exp": NOW - 5}), "expired"),
            (json!({"exp": -1}), "`exp` claim is out of range"),
            (json!({"exp": (NOW + 60) * 1000}), "`exp` claim is out of range"),
            (json!({"exp": 1e300}), "`exp` claim is out of range"),
            (json!({"nbf": NOW + 6}), "not valid yet"),
            (json!({"nbf": "0"}), "`nbf` claim must be a number"),
            (json!({"iss": null}), "no `iss`"),
            (json!({"iss": "https://id/"}), "`iss` is not"),
            (json!({"iss": ["https://id"]}), "`iss` claim must be a string"),
            (json!({"aud": null}), "no `aud`"),
            (json!({"aud": []}), "`aud` does not"),
            (json!({"aud": "Rapport"}), "`aud` does not"),
            (json!({"aud": [1, "rapport"]}), "`aud` claim must be a string"),
            (json!({"sub": null}), "no `sub`"),
            (json!({"sub": 7}), "`sub` claim must be a string"),
            (json!({"sub": ""}), "`sub` must be"),
            (json!({"sub": "a\u{0}b"}), "`sub` must be"),
            (json!({"sub": "x".repeat(256)}), "`sub` must be"),
            (json!({"tenant": null}), "no `tenant`"),
            (json!({"tenant": 7}), "`tenant` claim must be a string"),
            (json!({"tenant": {"name": "acme"}}), "`tenant` claim must be a string"),
            (json!({"tenant": ""}), "`tenant` must be"),
            (json!({"tenant": "a b"}), "`tenant` must be"),
            (json!({"tenant": "acme:feed"}), "`tenant` must be"),
            (json!({"tenant": "äcme"}), "`tenant` must be"),
            (json!({"tenant": "x".repeat(65)}), "`tenant` must be"),
            (json!({"role": null}), "no `role`"),
            (json!({"role": "root"}), "`role` must be"),
            (json!({"role": "Admin"}), "`role` must be"),
            (json!({"role": ["admin"]}), "`role` claim must be a string"),
        ] {
            let error = admit(&patch).expect_err(&format!("{patch} was let in"));
            assert!(error.contains(word), "{patch}: {error}");
        }
    }

    #[test]
    fn a_claim_that_stands_twice_is_refused() {
        assert!(
            serde_json::from_str::<Claims>(r#"{"tenant": "mine", "tenant": "yours"}"#).is_err()
        );
    }
}
