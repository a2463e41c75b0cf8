//! A source as its channel sees it: with its secrets in clear. Never shown, never logged.

use std::fmt;

use crate::domain::source::secrets::Secrets;
use crate::entity::source;
use crate::error::{Error, Result};
use crate::ids::{Micros, SourceId, TenantId};

/// A source with its secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OpenSource {
    pub id: SourceId,
    pub tenant: TenantId,
    /// `source` of what it records.
    pub name: String,
    /// The secret that rapport made; behind it the one before, while a rotation lets both in. Empty for kinds without one.
    pub secrets: Vec<String>,
    /// What the provider signs with: Twilio's auth token, Meta's app secret.
    pub provider_secret: Option<String>,
    /// What Meta repeats when an admin subscribes the address.
    pub verify_token: Option<String>,
    /// With which media are fetched from the provider.
    pub access_token: Option<String>,
    /// The TwiML that answers an incoming call.
    pub answer: Option<String>,
    /// The company's own mail addresses, in lower case: `support@x.com`, or `@x.com` for a whole domain.
    pub addresses: Vec<String>,
}

impl OpenSource {
    pub(super) fn new(row: &source::Model, secrets: Secrets, now: Micros) -> Result<OpenSource> {
        Ok(OpenSource {
            id: row.id,
            tenant: row.tenant,
            name: row.name.clone(),
            secrets: secrets.own(now),
            provider_secret: secrets.provider,
            verify_token: row.verify_token.clone(),
            access_token: secrets.access,
            answer: row.answer.clone(),
            addresses: addresses(row)?,
        })
    }
}

/// The company's own addresses.
pub(super) fn addresses(row: &source::Model) -> Result<Vec<String>> {
    serde_json::from_str(&row.addresses)
        .map_err(|error| Error::Internal(format!("source.addresses: {error}")))
}

impl fmt::Debug for OpenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenSource({})", self.id)
    }
}
