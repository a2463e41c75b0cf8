//! Whom an event is about, and what it links and says of that person. Pure.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json};

use crate::channels::json;
use crate::channels::segment::event::Event;
use crate::channels::segment::fields::fields;
use crate::channels::segment::kind::Kind;
use crate::channels::segment::traits::Said;
use crate::channels::segment::values::{id, object, text};
use crate::domain::identifier::{self, IdentifierRules, Parsed};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::entity::kinds::IdentityKind;
use crate::error::UserError;

/// Further ids of one event.
const MOST_EXTERNAL: usize = 40;

/// The links of an event: the person's ids first.
pub(super) struct Person {
    pub given: Vec<Given>,
}

impl Person {
    /// The ids of the event itself.
    ///
    /// # Errors
    /// An id that is none, with the path of its member.
    pub(super) fn of(event: &Event<'_>) -> Result<Self, UserError> {
        let user = usable(IdentityKind::UserId, event.user_id, "userId")?;
        let anonymous = usable(IdentityKind::AnonymousId, event.anonymous_id, "anonymousId")?;
        Ok(Person { given: user.into_iter().chain(anonymous).collect() })
    }

    /// Whose item it is.
    ///
    /// # Errors
    /// Neither id can be used.
    pub(super) fn who(&self) -> Result<Ref, UserError> {
        let first = self.given.first().cloned().map(Ref::Identity);
        first.ok_or_else(|| {
            UserError::invalid("there is no userId and no anonymousId that can be used")
                .at(["userId"])
        })
    }

    /// What else belongs to the person: an email, a phone number and ids in other systems. The traits of a group are not
    /// the person's.
    pub(super) fn add_addresses(&mut self, event: &Event<'_>, kind: Kind) {
        let own = event.traits.filter(|_| kind != Kind::Group);
        let sayings = [(own, &["traits"] as &[_]), (event.context.traits, &["context", "traits"])];
        let mut found = [None, None];
        for (raw, path) in sayings {
            let Some(values) = raw.and_then(|raw| fields(raw, ["email", "phone"])) else {
                continue;
            };
            let kinds = [(IdentityKind::Email, "email"), (IdentityKind::Phone, "phone")];
            for (found, ((kind, name), value)) in
                found.iter_mut().zip(kinds.into_iter().zip(values))
            {
                if found.is_none()
                    && let Some(value) = value.and_then(text).filter(|value| !blocked(kind, value))
                {
                    let path: Vec<&str> = path.iter().copied().chain([name]).collect();
                    *found = Some(given(kind, value, &path));
                }
            }
        }
        self.given.extend(found.into_iter().flatten());
        self.add_external(event);
    }

    fn add_external(&mut self, event: &Event<'_>) {
        let list = event.context.external_ids.and_then(json::elements).unwrap_or_default();
        for (n, raw) in list.into_iter().take(MOST_EXTERNAL).enumerate() {
            let [value, namespace] = fields(raw, ["id", "type"]).unwrap_or_default();
            let namespace = namespace.and_then(text).map(|text| text.to_ascii_lowercase());
            let (Ok(Some(value)), Some(namespace)) = (id(value), namespace) else { continue };
            let known = self.given.iter().any(|given| {
                given.value == value && given.namespace.as_deref() == Some(&namespace)
            });
            let parsed =
                identifier::parse(IdentityKind::External, &value, Some(&namespace), &IDENTIFIERS);
            if !known && matches!(parsed, Ok(Parsed::Identifier(_))) {
                let n = n.to_string();
                let path = ["context", "externalIds", &n, "id"];
                let external = given(IdentityKind::External, value, &path);
                self.given.push(Given { namespace: Some(namespace), ..external });
            }
        }
    }
}

/// The starter list, which holds for every tenant.
static IDENTIFIERS: LazyLock<IdentifierRules> = LazyLock::new(IdentifierRules::default);

/// The id in this member; nothing where it is blank or nobody's.
///
/// # Errors
/// It is none, with the member's path.
pub(super) fn usable(
    kind: IdentityKind,
    raw: Option<&str>,
    name: &'static str,
) -> Result<Option<Given>, UserError> {
    let Some(value) = id(raw).map_err(|error| error.at([name]))? else { return Ok(None) };
    let parsed = identifier::parse(kind, &value, None, &IDENTIFIERS)?;
    match parsed {
        Parsed::Identifier(_) => Ok(Some(given(kind, value, &[name]))),
        Parsed::Ignored { .. } => Ok(None),
        Parsed::Unreadable(error) => Err(error.at([name])),
    }
}

fn blocked(kind: IdentityKind, value: &str) -> bool {
    IDENTIFIERS.blocked.reason(kind, value).is_some()
}

fn given(kind: IdentityKind, value: String, path: &[&str]) -> Given {
    let path = path.iter().map(|name| (*name).to_owned()).collect();
    Given { kind, value, namespace: None, verified: false, path }
}

/// What `identify` says of the person: `traits`, else those of the context, where RudderStack's web SDK puts them.
///
/// # Errors
/// The traits cannot be read.
pub(super) fn said(event: &Event<'_>) -> Result<Said, UserError> {
    let own = values(event.traits, &["traits"])?;
    if !own.is_empty() {
        return Ok(Said::of(own));
    }
    Ok(Said::of(values(event.context.traits, &["context", "traits"])?))
}

fn values(raw: Option<&str>, path: &[&str]) -> Result<Map<String, Json>, UserError> {
    object(raw).map_err(|error| error.at(path.iter().copied()))
}
