//! The secrets of a source, as they are sealed.

use serde::{Deserialize, Serialize};

use crate::domain::source::key::{new_secret, new_webhook_secret};
use crate::domain::tenant::vault::Vault;
use crate::entity::kinds::SourceKind;
use crate::error::{UserError, UserErrorCode};
use crate::ids::{Micros, SourceId, TenantId};

/// How long a secret opens after it was replaced.
const FORMER: i64 = 24 * 3_600 * 1_000_000;

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// The one that rapport made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<String>,
    /// The one before, and until when it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<(String, Micros)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
}

impl Secrets {
    /// A new own secret, for kinds that have one.
    pub fn drawn(kind: SourceKind) -> Option<String> {
        let draw = if kind == SourceKind::Webhook { new_webhook_secret } else { new_secret };
        has_own_secret(kind).then(draw)
    }

    /// Takes a new own secret; the one before opens for another day.
    pub fn rotate(&mut self, secret: String, now: Micros) {
        self.former = self.own.replace(secret).map(|former| (former, Micros(now.0 + FORMER)));
    }

    /// Those that open now, the present one first.
    pub fn own(&self, now: Micros) -> Vec<String> {
        let former = self.former.as_ref().filter(|(_, until)| *until > now);
        self.own.iter().chain(former.map(|(secret, _)| secret)).cloned().collect()
    }

    fn is_empty(&self) -> bool {
        *self == Secrets::default()
    }

    /// As they are stored; nothing where there are none.
    pub fn seal(
        &self,
        vault: &Vault,
        tenant: TenantId,
        id: SourceId,
    ) -> Result<Option<String>, UserError> {
        if self.is_empty() {
            return Ok(None);
        }
        let json = serde_json::to_string(self).expect("texts and numbers are JSON");
        let sealed = vault.seal(&place(tenant, id), &json);
        sealed.map(Some).ok_or_else(no_key)
    }

    /// What was stored; nothing without the key with which it was sealed.
    pub fn open(
        vault: &Vault,
        tenant: TenantId,
        id: SourceId,
        sealed: Option<&str>,
    ) -> Option<Secrets> {
        let Some(sealed) = sealed else { return Some(Secrets::default()) };
        serde_json::from_str(&vault.open(&place(tenant, id), sealed)?).ok()
    }
}

/// Whether a source of this kind has a secret that rapport makes.
pub fn has_own_secret(kind: SourceKind) -> bool {
    !matches!(kind, SourceKind::Segment | SourceKind::Twilio | SourceKind::Meta)
}

fn place(tenant: TenantId, id: SourceId) -> String {
    format!("source/{tenant}/{id}")
}

/// The refusal of a server without a key.
pub fn no_key() -> UserError {
    let message = "this server has no RAPPORT_SECRET_KEY, and keeps no secret without one";
    UserError::new(UserErrorCode::Conflict, message)
}

#[cfg(test)]
mod tests {
    use crate::domain::source::secrets::Secrets;
    use crate::domain::tenant::vault::Vault;
    use crate::entity::kinds::SourceKind;
    use crate::ids::{Micros, SourceId, TenantId};

    #[test]
    fn a_replaced_secret_opens_for_a_day() {
        let mut secrets = Secrets { own: Some("a".into()), ..Secrets::default() };
        secrets.rotate("b".into(), Micros(1_000));
        assert_eq!(secrets.own(Micros(2_000)), ["b", "a"]);
        assert_eq!(secrets.own(Micros(1_000 + 24 * 3_600 * 1_000_000)), ["b"]);
        secrets.rotate("c".into(), Micros(3_000));
        assert_eq!(secrets.own(Micros(4_000)), ["c", "b"]);
    }

    #[test]
    fn secrets_are_sealed_and_none_are_nothing() {
        let vault = Vault::default();
        let (tenant, id) = (TenantId(1), SourceId(2));
        assert_eq!(Secrets::default().seal(&vault, tenant, id), Ok(None));
        let secrets = Secrets { own: Secrets::drawn(SourceKind::Email), ..Secrets::default() };
        assert!(secrets.seal(&vault, tenant, id).is_err());
        vault.unlock(&[1; 32]);
        let sealed = secrets.seal(&vault, tenant, id).expect("a key").expect("a text");
        assert!(Secrets::open(&vault, tenant, id, Some(&sealed)) == Some(secrets));
        assert!(Secrets::open(&vault, tenant, SourceId(3), Some(&sealed)).is_none());
        assert_eq!(Secrets::drawn(SourceKind::Segment), None);
    }
}
