//! What was sent to identify, as canonical values, or why it cannot be.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::domain::identifier::{self, BLANK, BLOCKED, Identifier, Parsed};
use crate::domain::model::customer_ref::Given;
use crate::domain::model::profile::check_traits;
use crate::domain::model::said_name::said_name;
use crate::domain::model::said_time::check_time;
use crate::domain::tenant::settings::Rules;
use crate::entity::kinds::{IdentityKind, Kinds};
use crate::error::{UserError, UserErrorCode};
use crate::ids::Micros;

/// Identities in one request.
const MOST_IDENTITIES: usize = 50;
/// Characters of a source's name.
const SOURCE_CHARS: usize = 64;
/// Characters of a value that is repeated to the caller.
const REPEATED_CHARS: usize = 100;
/// So many ignored values are named in an error.
const NAMED: usize = 3;

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
    /// What the caller sent and could not be given.
    pub ignored: Vec<Ignored>,
    /// The answer holds no email or phone number but those of this request: for callers who may send, not read.
    pub own_values_only: bool,
}

/// A request that can be worked on.
#[derive(Clone, Debug)]
pub(super) struct ValidatedRequest {
    pub identities: Vec<(Identifier, bool)>,
    /// The kinds under which each of them was sent.
    pub kinds: Vec<Kinds>,
    pub ignored: Vec<Ignored>,
    pub name: Option<String>,
    pub traits: Option<Map<String, Json>>,
    pub source: String,
    /// When it was said.
    pub occurred_at: Option<Micros>,
}

impl ValidatedRequest {
    /// Its own emails and phone numbers: what a caller may know who may send and not read.
    pub(super) fn own_values(&self) -> [Vec<String>; 2] {
        [IdentityKind::Email, IdentityKind::Phone].map(|field| self.values_of(field))
    }

    /// The values that stand in this field of a contact: emails, or phone numbers.
    fn values_of(&self, field: IdentityKind) -> Vec<String> {
        let own = |identifier: &&Identifier| identifier.contact_field() == Some(field);
        self.identities
            .iter()
            .map(|(identifier, _)| identifier)
            .filter(own)
            .map(|identifier| identifier.value.clone())
            .collect()
    }
}

impl IdentifyRequest {
    /// Before anything is done with the identities.
    pub(super) fn check_count(&self) -> Result<(), UserError> {
        if self.given.len() > MOST_IDENTITIES {
            let message = format!("at most {MOST_IDENTITIES} identities in one request");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["identities"]));
        }
        Ok(())
    }

    /// Whether anything of it is an identifier.
    pub(super) fn has_identifier(&self, rules: &Rules) -> bool {
        self.given.iter().any(|given| {
            let namespace = given.namespace.as_deref();
            let read = identifier::parse(given.kind, &given.value, namespace, &rules.identifiers);
            matches!(read, Ok(Parsed::Identifier(_)) | Err(_))
        })
    }

    pub(super) fn validate(
        &self,
        rules: &Rules,
        now: Micros,
    ) -> Result<ValidatedRequest, UserError> {
        if let Some(at) = self.occurred_at {
            check_time(at, now)?;
        }
        let mut values = Values { ignored: self.ignored.clone(), ..Values::default() };
        for given in &self.given {
            values.add(given, rules).map_err(|error| error.at(given.path.clone()))?;
        }
        if values.identities.is_empty() {
            return Err(nothing_left(&values.ignored));
        }
        let name = self.name(&values.identities).map_err(|error| error.at(["name"]))?;
        if let Some(traits) = &self.traits {
            check_traits(traits).map_err(|error| error.at(["traits"]))?;
        }
        let source = match &self.source {
            Some(source) => source_name(source).map_err(|error| error.at(["source"]))?,
            None => "api".to_string(),
        };
        Ok(ValidatedRequest {
            identities: values.identities,
            kinds: values.kinds,
            ignored: values.ignored,
            name,
            traits: self.traits.clone(),
            source,
            occurred_at: self.occurred_at,
        })
    }

    /// The name that was said, else one that stands beside an address; an address is no name.
    fn name(&self, identities: &[(Identifier, bool)]) -> Result<Option<String>, UserError> {
        let own = |name: &String| identities.iter().any(|(own, _)| own.is_called(name));
        if let Some(said) = &self.name
            && let Some(name) = said_name(said)?.filter(|name| !own(name))
        {
            return Ok(Some(name));
        }
        let beside = identities.iter().find_map(|(identifier, _)| identifier.name_beside());
        // What stands beside an address is no field of the request: a bad one is none.
        Ok(beside.and_then(|name| said_name(name).ok().flatten()))
    }
}

/// The values of a request, as they are read one by one.
#[derive(Default)]
struct Values {
    /// Each identifier, and whether the channel proved it.
    identities: Vec<(Identifier, bool)>,
    /// The kinds under which each was sent.
    kinds: Vec<Kinds>,
    ignored: Vec<Ignored>,
    /// By namespace and key: the kinds with which it was sent, and the identity that it became.
    seen: HashMap<(String, String), Vec<(IdentityKind, usize)>>,
}

impl Values {
    fn add(&mut self, given: &Given, rules: &Rules) -> Result<(), UserError> {
        let namespace = given.namespace.as_deref();
        let parsed = identifier::parse(given.kind, &given.value, namespace, &rules.identifiers)?;
        let reason = match parsed {
            Parsed::Identifier(found) => return self.add_identifier(found, given.verified),
            Parsed::Ignored { reason } => reason.to_owned(),
            Parsed::Unreadable(error) => error.message,
        };
        let value = given.value.chars().take(REPEATED_CHARS).collect();
        self.ignored.push(Ignored { path: given.path.clone(), value, reason });
        Ok(())
    }

    fn add_identifier(&mut self, found: Identifier, verified: bool) -> Result<(), UserError> {
        let key = (found.namespace.clone(), found.match_key.clone());
        let twins = self.seen.entry(key).or_default();
        if twins.iter().any(|(kind, _)| *kind == found.kind) {
            return Err(UserError::invalid("the same address stands twice in this request"));
        }
        let kind = found.kind;
        // A phone and the WhatsApp number of one line are one identity.
        if let Some((_, first)) = twins.first() {
            self.identities[*first].1 |= verified;
            self.kinds[*first] = self.kinds[*first].with(kind.into());
        } else {
            self.identities.push((found, verified));
            self.kinds.push(kind.into());
        }
        twins.push((kind, self.identities.len() - 1));
        Ok(())
    }
}

/// Says of a request without identifiers what was ignored and why.
fn nothing_left(ignored: &[Ignored]) -> UserError {
    if ignored.is_empty() {
        return UserError::invalid("at least one of email, phoneNumber and identities is needed");
    }
    let each = |value: &Ignored| {
        let verb = if [BLANK, BLOCKED].contains(&value.reason.as_str()) { " is" } else { ":" };
        format!("{}{verb} {}", value.path.join("."), value.reason)
    };
    let named: Vec<String> = ignored.iter().take(NAMED).map(each).collect();
    let more = match ignored.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let error = UserError::invalid(format!("no identifier is left: {}{more}", named.join("; ")));
    match ignored {
        [one] => error.at(one.path.clone()),
        _ => error,
    }
}

/// The name of a source: a short text.
fn source_name(text: &str) -> Result<String, UserError> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars == 0 || chars > SOURCE_CHARS || text.chars().any(char::is_control) {
        return Err(UserError::invalid(format!(
            "must be 1 to {SOURCE_CHARS} characters without control characters"
        )));
    }
    Ok(text.to_string())
}
