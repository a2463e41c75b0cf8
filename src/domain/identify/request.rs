//! What was sent, as canonical values, or why it cannot be.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::domain::identifier::{self, Identifier, Parsed};
use crate::domain::settings::Rules;
use crate::entity::kinds::IdentityKind;
use crate::error::{UserError, UserErrorCode};
use crate::ids::Micros;

/// Addresses in one request.
const MOST_IDENTITIES: usize = 50;
const NAME_CHARS: usize = 200;
const TRAITS: usize = 100;
const TRAITS_BYTES: usize = 16 * 1024;
const SOURCE_CHARS: usize = 64;

/// One address as it was sent.
#[derive(Clone, Debug)]
pub struct Given {
    pub kind: IdentityKind,
    pub value: String,
    pub namespace: Option<String>,
    /// The channel proved it.
    pub verified: bool,
    /// Where it stood in the request.
    pub path: Vec<String>,
}

/// A value that was no identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ignored {
    pub path: Vec<String>,
    pub value: String,
    pub reason: String,
}

#[derive(Clone, Debug, Default)]
pub struct IdentifyRequest {
    pub given: Vec<Given>,
    pub name: Option<String>,
    pub traits: Option<Map<String, Json>>,
    pub source: Option<String>,
    /// When it was said; now, where it is left out.
    pub occurred_at: Option<Micros>,
    pub dry_run: bool,
}

/// A request that can be worked on.
#[derive(Clone, Debug)]
pub struct Checked {
    pub identities: Vec<(Identifier, bool)>,
    pub ignored: Vec<Ignored>,
    pub name: Option<String>,
    pub traits: Option<Map<String, Json>>,
    pub source: String,
}

impl IdentifyRequest {
    pub fn check(&self, rules: &Rules) -> Result<Checked, UserError> {
        if self.given.len() > MOST_IDENTITIES {
            let message = format!("at most {MOST_IDENTITIES} identities in one request");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["identities"]));
        }
        let mut identities: Vec<(Identifier, bool)> = Vec::new();
        let mut ignored = Vec::new();
        let mut seen: HashMap<(String, String), Vec<(IdentityKind, usize)>> = HashMap::new();
        for given in &self.given {
            let parsed = identifier::parse(
                given.kind,
                &given.value,
                given.namespace.as_deref(),
                &rules.identifiers,
            );
            match parsed.map_err(|error| error.at(given.path.clone()))? {
                Parsed::Ignored { reason } => {
                    let value: String = given.value.chars().take(100).collect();
                    ignored.push(Ignored {
                        path: given.path.clone(),
                        value,
                        reason: reason.into(),
                    });
                }
                Parsed::Identifier(found) => {
                    let twins =
                        seen.entry((found.namespace.clone(), found.match_key.clone())).or_default();
                    if twins.iter().any(|(kind, _)| *kind == found.kind) {
                        return Err(UserError::invalid(
                            "the same address stands twice in this request",
                        )
                        .at(given.path.clone()));
                    }
                    // A phone and the WhatsApp number of one line are one identity.
                    match twins.first() {
                        Some((_, first)) => identities[*first].1 |= given.verified,
                        None => identities.push((found.clone(), given.verified)),
                    }
                    twins.push((found.kind, identities.len() - 1));
                }
            }
        }
        if identities.is_empty() {
            let message = match ignored.as_slice() {
                [] => "at least one of email, phoneNumber and identities is needed".to_string(),
                all => format!(
                    "no identifier is left: {}",
                    all.iter()
                        .map(|value| format!("{} is {}", value.path.join("."), value.reason))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            };
            return Err(UserError::invalid(message));
        }
        Ok(Checked {
            identities,
            ignored,
            name: self
                .name
                .as_deref()
                .map(|name| person_name(name).map_err(|error| error.at(["name"])))
                .transpose()?
                .flatten(),
            traits: self
                .traits
                .as_ref()
                .map(|traits| {
                    check_traits(traits)
                        .map_err(|error| error.at(["traits"]))
                        .map(|()| traits.clone())
                })
                .transpose()?,
            source: self.source.as_deref().map_or(Ok("api".to_string()), |source| {
                word(source, SOURCE_CHARS).map_err(|error| error.at(["source"]))
            })?,
        })
    }
}

/// A name with its blanks put right; nothing where it is blank.
pub(crate) fn person_name(name: &str) -> Result<Option<String>, UserError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().any(char::is_control) {
        return Err(UserError::invalid("the name contains a control character"));
    }
    if name.chars().count() > NAME_CHARS {
        return Err(UserError::invalid(format!("the name has more than {NAME_CHARS} characters")));
    }
    Ok((!name.is_empty()).then_some(name))
}

pub(crate) fn check_traits(traits: &Map<String, Json>) -> Result<(), UserError> {
    if traits.len() > TRAITS {
        return Err(UserError::invalid(format!("at most {TRAITS} traits")));
    }
    let text = serde_json::to_string(traits).expect("a JSON object is JSON");
    if text.len() > TRAITS_BYTES {
        return Err(UserError::invalid(format!("traits are at most {TRAITS_BYTES} bytes of JSON")));
    }
    if text.contains("\\u0000") {
        return Err(UserError::invalid("traits contain a NUL character"));
    }
    Ok(())
}

/// A short word such as a source's name.
pub(crate) fn word(text: &str, most: usize) -> Result<String, UserError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(UserError::invalid(format!(
            "must be 1 to {most} characters without control characters"
        )));
    }
    Ok(text.to_string())
}
