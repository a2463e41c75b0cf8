//! The old contact rows of a split: they lose the values of the identities that leave.

use sea_orm::{ColumnTrait, QueryFilter, Value};

use crate::domain::identifier::{Identifier, IdentifierRules, Parsed, parse};
use crate::domain::write::identity_rows::IdentityRow;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::contact::{self, Column};
use crate::entity::kinds::IdentityKind;
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::CustomerId;
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;

/// The old contact rows lose what went; a row that holds nothing any more is deleted, but for a home's first.
pub(super) async fn strip_contacts(
    unit: &mut UnitOfWork<'_>,
    survivor: CustomerId,
    leaving: &[IdentityRow],
    staying: &[IdentityRow],
    rules: &IdentifierRules,
) -> Result<()> {
    let contacts = contact::Entity::of(unit.tenant())
        .filter(Column::Customer.eq(survivor))
        .filter(Column::DeletedAt.is_null());
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for contact in unit.find(contacts).await? {
        let keep = |kind: IdentityKind, value: &Option<String>| {
            value.clone().filter(|value| !left_with(leaving, staying, kind, value, rules))
        };
        let email = keep(IdentityKind::Email, &contact.email);
        let phone = keep(IdentityKind::Phone, &contact.phone_number);
        if (&email, &phone) == (&contact.email, &contact.phone_number) {
            continue;
        }
        let first = contact.number.0 == contact.home.0;
        let deleted = (email.is_none() && phone.is_none() && !first).then_some(unit.now.0);
        rows.push(vec![
            contact.number.into(),
            email.into(),
            phone.into(),
            deleted.into(),
            unit.now.into(),
        ]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let (text, number) = (CellType::TextOrNull, CellType::BigOrNull);
    let types = [CellType::Big, text, text, number, CellType::Big];
    let set = "email = v.column2, phone_number = v.column3, deleted_at = v.column4, updated_at = v.column5";
    let joined = (unit.tenant(), "contact.number = v.column1");
    unit.gather(RowStatement::update("contact", set, &types, rows, joined));
    Ok(())
}

/// Whether a contact's value is that of an identity that leaves. Rows keep values as they were sent: another spelling of
/// one identifier is that identifier.
fn left_with(
    leaving: &[IdentityRow],
    staying: &[IdentityRow],
    kind: IdentityKind,
    value: &str,
    rules: &IdentifierRules,
) -> bool {
    let written = |known: &Identifier| known.value == value || known.match_key == value;
    let key = match parse(kind, value, None, rules) {
        Ok(Parsed::Identifier(now)) => Some((now.namespace, now.match_key)),
        _ => None,
    };
    let read = |known: &Identifier| {
        key.as_ref().is_some_and(|(of, key)| *of == known.namespace && *key == known.match_key)
    };
    let any = |side: &[IdentityRow], is: &dyn Fn(&Identifier) -> bool| {
        let mut known = side.iter().map(|row| &row.identifier);
        known.any(|known| known.contact_field() == Some(kind) && is(known))
    };
    // What stands there first: digits that no region could read, today's may read as another's number.
    let ways: [&dyn Fn(&Identifier) -> bool; 2] = [&written, &read];
    let side = ways.into_iter().find_map(|is| {
        any(staying, is).then_some(false).or_else(|| any(leaving, is).then_some(true))
    });
    side.unwrap_or(false)
}
