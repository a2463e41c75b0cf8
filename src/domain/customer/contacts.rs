//! Contacts: the observed rows of a person.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryResult};

use crate::domain::rapport::Rapport;
use crate::entity::contact::{self, Model as Contact};
use crate::entity::kinds::LinkPrecedence;
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};
use crate::store::row::{get, kind, maybe};
use crate::store::sql::Sql;

impl Rapport {
    /// The contacts of these survivors, each list oldest first.
    pub async fn contacts(
        &self,
        tenant: TenantId,
        survivors: &[CustomerId],
    ) -> Result<Vec<Contact>> {
        if self.store.is_postgres() {
            let rows = self.store.all(select(self.store.sql(), tenant, survivors)).await?;
            return rows.iter().map(|row| read(tenant, row)).collect();
        }
        let mut sql = self.store.sql();
        sql.push("SELECT '[' || ")
            .lines(COLUMNS, |sql| add(sql, tenant, survivors))
            .push(" || ']'");
        let row = self.store.one(sql).await?;
        parse(tenant, row.map(|row| maybe::<String>(&row, 0)).transpose()?.flatten().as_deref())
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

/// Rows for [`read`]: the contacts of these survivors, oldest first.
pub(super) fn select(mut sql: Sql, tenant: TenantId, survivors: &[CustomerId]) -> Sql {
    add(&mut sql, tenant, survivors);
    sql
}

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

/// Rows of [`select`].
pub(super) fn read(tenant: TenantId, row: &QueryResult) -> Result<Contact> {
    contact(tenant, line(row, [0, 1, 2, 3, 4, 5, 6, 7, 8])?)
}

/// The columns of a contact by their places: by name, each column of each row would be looked up.
fn line(row: &QueryResult, at: [usize; 9]) -> Result<Line> {
    let [number, home, customer, email, phone_number, linked_id, precedence, created, updated] = at;
    Ok((
        get(row, number)?,
        get(row, home)?,
        get(row, customer)?,
        get(row, email)?,
        get(row, phone_number)?,
        get(row, linked_id)?,
        get(row, precedence)?,
        get(row, created)?,
        get(row, updated)?,
    ))
}

/// Of contacts in any order.
pub(super) fn by_survivor(mut contacts: Vec<Contact>) -> HashMap<CustomerId, Vec<Contact>> {
    contacts.sort_by_key(|contact| contact.number);
    let mut lists: HashMap<CustomerId, Vec<Contact>> = HashMap::new();
    for contact in contacts {
        lists.entry(contact.customer).or_default().push(contact);
    }
    lists
}

/// A contact `o` in the columns of a customer (see `customer::columns`), for [`read_beside`]; its email comes before them.
pub(super) const BESIDE_CUSTOMERS: &str = "o.customer, o.number, o.home, o.linked_id, NULL, o.phone_number, NULL, o.link_precedence, \
     NULL, NULL, NULL, o.created_at, o.updated_at, NULL";

pub(super) fn read_beside(tenant: TenantId, row: &QueryResult, at: usize) -> Result<Contact> {
    let places = [2, 3, 1, 0, 6, 4, 8, 12, 13].map(|place| at + place);
    contact(tenant, line(row, places)?)
}

/// Adds one column: all contacts of the survivor `s`, for [`parse`].
pub(super) fn column(sql: &mut Sql) {
    let columns = "o.number, o.home, o.customer, o.email, o.phone_number, o.linked_id, o.link_precedence, o.created_at, o.updated_at";
    let lists = sql.dialect.json_lists(columns, "o.number");
    sql.push("(SELECT ").push(&lists);
    sql.push(" FROM contact o WHERE o.tenant = s.tenant AND o.customer = s.number AND o.deleted_at IS NULL)");
}

const COLUMNS: &str = "number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at";

/// Number, home, customer, email, phone number, linked id, link precedence, created, updated: from a row or from JSON.
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
pub(super) fn parse(tenant: TenantId, json: Option<&str>) -> Result<Vec<Contact>> {
    let lines: Vec<Line> = match json {
        None => Vec::new(),
        Some(json) => serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("contacts: {error}")))?,
    };
    let mut contacts: Vec<Contact> =
        lines.into_iter().map(|line| contact(tenant, line)).collect::<Result<_>>()?;
    // Nobody promises the order of an aggregate over an ordered select.
    contacts.sort_by_key(|contact| contact.number);
    Ok(contacts)
}
