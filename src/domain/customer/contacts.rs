//! Contacts: the observed rows of a person.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryResult};

use crate::domain::rapport::Rapport;
use crate::entity::contact::{self, Model as Contact};
use crate::entity::kinds::LinkPrecedence;
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};
use crate::store::lines::lines;
use crate::store::row::kind;
use crate::store::sql::Sql;

impl Rapport {
    /// The contacts of these survivors, each list oldest first.
    pub async fn contacts(
        &self,
        tenant: TenantId,
        survivors: &[CustomerId],
    ) -> Result<Vec<Contact>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ").lines(COLUMNS, |sql| add(sql, tenant, survivors));
        let row = self.store.one(sql).await?;
        row.map_or_else(|| Ok(Vec::new()), |row| read_column(tenant, &row, 0))
    }

    /// The same by survivor.
    pub async fn contacts_of(
        &self,
        tenant: TenantId,
        survivors: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Vec<Contact>>> {
        Ok(by_survivor(self.contacts(tenant, survivors).await?))
    }

    pub async fn contact(
        &self,
        tenant: TenantId,
        number: ContactNumber,
    ) -> Result<Option<Contact>> {
        let query = contact::Entity::of(tenant).filter(contact::Column::Number.eq(number));
        Ok(self.store.find(query).await?.into_iter().next())
    }
}

/// The contacts of these survivors, oldest first.
fn add(sql: &mut Sql, tenant: TenantId, survivors: &[CustomerId]) {
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM contact WHERE tenant = ")
        .bind(tenant)
        .push(" AND customer");
    match survivors {
        [one] => sql.push(" = ").bind(*one),
        many => sql.among(many.iter().map(|survivor| survivor.0)),
    };
    sql.push(" AND deleted_at IS NULL ORDER BY number");
}

/// Of contacts in any order.
fn by_survivor(mut contacts: Vec<Contact>) -> HashMap<CustomerId, Vec<Contact>> {
    contacts.sort_by_key(|contact| contact.number);
    let mut lists: HashMap<CustomerId, Vec<Contact>> = HashMap::new();
    for contact in contacts {
        lists.entry(contact.customer).or_default().push(contact);
    }
    lists
}

/// Adds one column: all contacts of the survivor `s`, for [`read_column`].
pub(super) fn column(sql: &mut Sql) {
    sql.lines(COLUMNS, |sql| {
        sql.push("SELECT ").push(COLUMNS);
        sql.push(
            " FROM contact WHERE tenant = s.tenant AND customer = s.number AND deleted_at IS NULL",
        );
    });
}

const COLUMNS: &str = "number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at";

/// Number, home, customer, email, phone number, linked id, link precedence, created, updated.
type Line = (i64, i64, i64, Option<String>, Option<String>, Option<i64>, i16, i64, i64);

fn contact(tenant: TenantId, line: Line) -> Result<Contact> {
    let (number, home, customer, email, phone_number, linked_id, precedence, created, updated) =
        line;
    Ok(Contact {
        tenant,
        number: ContactNumber(number),
        home: CustomerId(home),
        customer: CustomerId(customer),
        email,
        phone_number,
        linked_id: linked_id.map(ContactNumber),
        link_precedence: kind(precedence.into(), LinkPrecedence::from_number)?,
        created_at: Micros(created),
        updated_at: Micros(updated),
        deleted_at: None,
    })
}

/// The contacts of [`column`], oldest first.
pub(super) fn read_column(tenant: TenantId, row: &QueryResult, at: usize) -> Result<Vec<Contact>> {
    let lines: Vec<Line> = lines(row, at)?;
    let mut contacts: Vec<Contact> =
        lines.into_iter().map(|line| contact(tenant, line)).collect::<Result<_>>()?;
    // Nobody promises the order of an aggregate over an ordered select.
    contacts.sort_by_key(|contact| contact.number);
    Ok(contacts)
}
