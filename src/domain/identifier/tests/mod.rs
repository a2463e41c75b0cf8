//! Tests of how identifiers are read.

mod canonical;
mod numbers;
mod spellings;

use crate::domain::identifier::{Identifier, IdentifierRules, Parsed, parse};
use crate::entity::kinds::IdentityKind;
use crate::entity::kinds::IdentityKind::*;

fn rules(region: &str) -> IdentifierRules {
    IdentifierRules { region: region.to_owned(), ..IdentifierRules::default() }
}

fn good(kind: IdentityKind, raw: &str, region: &str) -> Identifier {
    match parse(kind, raw, (kind == External).then_some("crm"), &rules(region)) {
        Ok(Parsed::Identifier(identifier)) => identifier,
        other => panic!("{kind:?} {raw:?}: {other:?}"),
    }
}

fn phone(raw: &str, region: &str) -> String {
    good(Phone, raw, region).value
}
