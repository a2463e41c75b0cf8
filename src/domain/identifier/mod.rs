//! Identities as people and programs write them → one canonical form each. Pure: nothing here reads or writes.

mod blocked;
mod blocked_rule;
mod email;
mod kind;
mod line;
mod mailbox;
mod phone;
mod plan;
mod reading;
mod reread;
mod spelling;
mod starter;
mod text;
mod whatsapp;

pub use crate::entity::kinds::IdentityKind;
pub use blocked::BlockedValues;
pub use blocked_rule::{BlockedMatch, BlockedRule};
pub(crate) use line::without_extension;
pub(crate) use phone::{decimal, in_a_number, national};
pub use phone::{known_region, warm_up};
pub(crate) use reread::{former_keys, opaque, reread};
pub use starter::STARTER;
pub(crate) use text::{invisible, without_case};

use crate::error::UserError;
use text::{VALUE_CHARS, at_most, canonical, caseless, clean};

/// The namespace that PHONE and WHATSAPP numbers share: a call and a message from one number are one line.
pub const LINE: &str = "line";

/// One address of a person on one channel. (`namespace`, `match_key`) is what the store holds unique in a tenant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Identifier {
    pub kind: IdentityKind,
    /// `email`, `line`, `whatsapp` (opaque WhatsApp ids), `facebook`, …, `user_id`, …, `external:<namespace>`.
    pub namespace: String,
    /// What is compared: every spelling of one address has this one.
    pub match_key: String,
    /// The canonical form that people see; it parses to itself.
    pub value: String,
    /// As it was sent.
    pub raw: String,
}

impl Identifier {
    /// The name that was sent beside an email: `Eve <eve@x.example>`.
    pub(crate) fn name_beside(&self) -> Option<&str> {
        let wrapped = self.kind == IdentityKind::Email && self.raw.contains(['<', '(']);
        if wrapped { mailbox::unwrap(&self.raw).name } else { None }
    }

    /// Whether a text that stands for a name is this address itself: `@marty`, `u-88`. A person may be called as a handle is.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let same = name == self.raw.trim() || name == self.value;
        let no_name = name.starts_with('@') || name.contains(|c: char| c.is_ascii_digit());
        (same && no_name) || name.strip_prefix('@').is_some_and(|name| name == self.value)
    }

    /// Which column of a contact it fills, if any.
    pub(crate) fn contact_field(&self) -> Option<IdentityKind> {
        match self.kind {
            IdentityKind::Email => Some(IdentityKind::Email),
            _ if self.namespace == LINE => Some(IdentityKind::Phone),
            _ => None,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Parsed {
    Identifier(Identifier),
    /// No identifier, and no mistake either: `blank`, or `blocked`.
    Ignored {
        reason: &'static str,
    },
    /// No identifier of its kind, and why; the message never repeats the value.
    Unreadable(UserError),
}

pub const BLANK: &str = "blank";
pub const BLOCKED: &str = "blocked";

/// A tenant's settings for identities.
#[derive(Clone, Debug)]
pub struct IdentifierRules {
    /// ISO 3166 country whose numbers are written without a country code; see [`known_region`].
    pub region: String,
    pub blocked: BlockedValues,
}

impl Default for IdentifierRules {
    fn default() -> Self {
        IdentifierRules { region: "US".to_owned(), blocked: BlockedValues::default() }
    }
}

/// Reads one value. `external_namespace` names the system of an EXTERNAL id and is refused for every other kind.
///
/// # Errors
/// An EXTERNAL id without a good namespace, another kind with one: who asks has to mend that, whatever the value is.
pub fn parse(
    kind: IdentityKind,
    raw: &str,
    external_namespace: Option<&str>,
    rules: &IdentifierRules,
) -> Result<Parsed, UserError> {
    let namespace = external(kind, external_namespace)?;
    Ok(read(kind, raw, namespace, rules).unwrap_or_else(Parsed::Unreadable))
}

fn read(
    kind: IdentityKind,
    raw: &str,
    namespace: Option<String>,
    rules: &IdentifierRules,
) -> Result<Parsed, UserError> {
    let given = clean(raw)?;
    if canonical(given).is_empty() {
        return Ok(Parsed::Ignored { reason: BLANK });
    }
    if rules.blocked.reason(kind, given).is_some() {
        return Ok(Parsed::Ignored { reason: BLOCKED });
    }
    let (own, match_key, value) = canonical_form(kind, given, rules)?;
    if match_key.is_empty() {
        return Ok(Parsed::Ignored { reason: BLANK });
    }
    let other = (value != match_key).then_some(&value);
    for form in std::iter::once(&match_key).chain(other) {
        at_most(form, VALUE_CHARS, "the value has more than 255 characters")?;
        if form.contains(char::is_control) {
            return Err(UserError::invalid("the value contains a control character"));
        }
        // What was lost on the way may have been any character: two such values are not one.
        if form.contains(char::REPLACEMENT_CHARACTER) {
            return Err(UserError::invalid("the value contains half a character"));
        }
        if form != given && rules.blocked.reason(kind, form).is_some() {
            return Ok(Parsed::Ignored { reason: BLOCKED });
        }
    }
    Ok(Parsed::Identifier(Identifier {
        kind,
        namespace: namespace.unwrap_or_else(|| own.to_owned()),
        match_key,
        value,
        raw: raw.to_owned(),
    }))
}

/// The kind's own namespace, the key that is compared, and the value that people see.
fn canonical_form(
    kind: IdentityKind,
    value: &str,
    rules: &IdentifierRules,
) -> Result<(&'static str, String, String), UserError> {
    Ok(match kind {
        IdentityKind::Email => {
            let (key, value) = email::parse(value)?;
            (kind::namespace(kind), key, value)
        }
        IdentityKind::Phone => {
            let line = phone::parse(value, &rules.region)?;
            (LINE, line::match_key(&line), line)
        }
        IdentityKind::Whatsapp => match whatsapp::parse(value, &rules.region)? {
            whatsapp::Whatsapp::Line(line) => (LINE, line::match_key(&line), line),
            whatsapp::Whatsapp::Opaque(id) => (kind::namespace(kind), id.clone(), id),
        },
        IdentityKind::Twitter | IdentityKind::Instagram | IdentityKind::Telegram => {
            let text = canonical(value);
            let handle =
                canonical(text.trim_start_matches(|c: char| c == '@' || c.is_whitespace()));
            if handle.contains(char::is_whitespace) {
                return Err(UserError::invalid("a handle has no blanks inside"));
            }
            (kind::namespace(kind), caseless(&handle), handle)
        }
        IdentityKind::Facebook => (kind::namespace(kind), canonical(value), canonical(value)),
        IdentityKind::UserId
        | IdentityKind::AnonymousId
        | IdentityKind::Device
        | IdentityKind::External => (kind::namespace(kind), value.to_owned(), value.to_owned()),
    })
}

fn external(kind: IdentityKind, namespace: Option<&str>) -> Result<Option<String>, UserError> {
    let namespace = namespace
        .map(|namespace| namespace.trim().to_ascii_lowercase())
        .filter(|namespace| !namespace.is_empty());
    match (kind, namespace) {
        (IdentityKind::External, None) => {
            Err(UserError::invalid("an EXTERNAL id needs a namespace"))
        }
        (IdentityKind::External, Some(namespace)) => {
            let good = namespace.len() <= 64
                && namespace
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-'));
            if good {
                Ok(Some(format!("external:{namespace}")))
            } else {
                Err(UserError::invalid("a namespace is 1 to 64 of a-z, 0-9, _ . and -"))
            }
        }
        (_, Some(_)) => Err(UserError::invalid("only an EXTERNAL id has a namespace")),
        (_, None) => Ok(None),
    }
}

/// Whether a text is an address by itself: an email, or digits that can be a number.
pub(crate) fn is_address(text: &str) -> bool {
    let number = || {
        text.chars().all(in_a_number) && phone::parse(text, "").is_ok_and(|digits| digits.len() > 4)
    };
    (text.contains('@') && email::parse(text).is_ok()) || number()
}

/// A key that addresses of probably one person share (Gmail's dots, plus tags): for a suggestion to a person, never for
/// a link by itself.
pub fn suggestion_key(identifier: &Identifier) -> Option<String> {
    match identifier.kind {
        IdentityKind::Email => email::suggestion_key(&identifier.match_key),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
