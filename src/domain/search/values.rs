//! What a person is found by.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use crate::domain::identifier::LINE;
use crate::domain::model::person_card::KnownIdentity;
use crate::domain::text::{SearchField, terms_of_identifier, terms_of_name, terms_of_traits};

/// What a person is found by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Values<'a> {
    /// Of all homes; the one that is shown first.
    pub names: Vec<Cow<'a, str>>,
    pub identities: Vec<KnownIdentity<'a>>,
    pub traits: Cow<'a, Map<String, Json>>,
}

/// In no order, and some of them more than once.
pub(super) type Terms = Vec<(SearchField, String)>;

impl Values<'_> {
    /// Numbers have terms of digits only, and cost the most to take apart.
    pub fn terms(&self, digits: bool) -> Terms {
        let names = self.names.iter().flat_map(|name| terms_of_name(name));
        let identities =
            self.identities.iter().filter(|identity| digits || identity.namespace != LINE);
        let identities =
            identities.flat_map(|identity| terms_of_identifier(&identity.identifier()));
        names.chain(identities).chain(terms_of_traits(&self.traits)).collect()
    }
}
