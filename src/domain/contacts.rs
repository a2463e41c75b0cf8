//! Contacts: the observed rows of a person.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryResult};

use crate::domain::item::{get, kind, maybe};
use crate::domain::rapport::Rapport;
use crate::domain::sql::Sql;
use crate::entity::contact::{self, Model as Contact};
use crate::entity::kinds::LinkPrecedence;
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};

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
        let query = contact::Entity::find()
            .filter(contact::Column::Tenant.eq(tenant).and(contact::Column::Number.eq(number)));
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

/// By place: by name, each column of each row would be looked up.
pub(super) fn read(tenant: TenantId, row: &QueryResult) -> Result<Contact> {
    Ok(Contact {
        tenant,
        number: get(row, 0)?,
        home: get(row, 1)?,
        customer: get(row, 2)?,
        email: maybe(row, 3)?,
        phone_number: maybe(row, 4)?,
        linked_id: maybe(row, 5)?.map(ContactNumber),
        link_precedence: kind(get::<i16>(row, 6)?.into(), LinkPrecedence::from_number)?,
        created_at: get(row, 7)?,
        updated_at: get(row, 8)?,
        deleted_at: None,
    })
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
    Ok(Contact {
        tenant,
        email: maybe(row, at)?,
        customer: get(row, at + 1)?,
        number: get(row, at + 2)?,
        home: get(row, at + 3)?,
        linked_id: maybe(row, at + 4)?.map(ContactNumber),
        phone_number: maybe(row, at + 6)?,
        link_precedence: kind(get::<i16>(row, at + 8)?.into(), LinkPrecedence::from_number)?,
        created_at: get(row, at + 12)?,
        updated_at: get(row, at + 13)?,
        deleted_at: None,
    })
}

/// Adds one column: all contacts of the survivor `s`, for [`parse`].
pub(super) fn column(sql: &mut Sql) {
    let (array, end) = if sql.is_postgres() {
        ("CAST(json_agg(json_build_array(", ") AS TEXT)")
    } else {
        ("json_group_array(json_array(", ")")
    };
    sql.push("(SELECT ").push(array);
    sql.push("o.number, o.home, o.customer, o.email, o.phone_number, o.linked_id, o.link_precedence, o.created_at, o.updated_at)");
    sql.push(end);
    sql.push(" FROM contact o WHERE o.tenant = s.tenant AND o.customer = s.number AND o.deleted_at IS NULL)");
}

const COLUMNS: &str = "number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at";

type Line = (i64, i64, i64, Option<String>, Option<String>, Option<i64>, i16, i64, i64);

/// The contacts of [`column`], oldest first.
pub(super) fn parse(tenant: TenantId, json: Option<&str>) -> Result<Vec<Contact>> {
    let lines: Vec<Line> = match json {
        None => Vec::new(),
        Some(json) => serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("contacts: {error}")))?,
    };
    let contact = |(
        number,
        home,
        customer,
        email,
        phone_number,
        linked,
        precedence,
        created,
        updated,
    ): Line| {
        Ok(Contact {
            tenant,
            number: ContactNumber(number),
            home: CustomerId(home),
            customer: CustomerId(customer),
            email,
            phone_number,
            linked_id: linked.map(ContactNumber),
            link_precedence: kind(precedence.into(), LinkPrecedence::from_number)?,
            created_at: Micros(created),
            updated_at: Micros(updated),
            deleted_at: None,
        })
    };
    let mut contacts: Vec<Contact> = lines.into_iter().map(contact).collect::<Result<_>>()?;
    contacts.sort_by_key(|contact| contact.number);
    Ok(contacts)
}
