//! The orders of a list of customers, and the places in it.

use sea_orm::QueryResult;

use crate::domain::model::customer::Customer;
use crate::error::Result;
use crate::ids::{CustomerId, Micros};
use crate::store::row::maybe;
use crate::store::sql::Sql;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CustomerOrder {
    LastSeenDesc,
    CreatedDesc,
    NameAsc,
    NameDesc,
}

/// A place in a list of customers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CustomerPlace {
    Seen(Micros, CustomerId),
    Created(CustomerId),
    Name(String, CustomerId),
}

impl CustomerOrder {
    pub fn by_name(self) -> bool {
        matches!(self, CustomerOrder::NameAsc | CustomerOrder::NameDesc)
    }

    /// Whom a list in this order has at all: survivors, by name those who have one.
    pub(super) fn listed(self) -> &'static str {
        if self.by_name() {
            " AND c.tenant = s.tenant AND c.name_key IS NOT NULL AND s.list_seen IS NOT NULL"
        } else {
            " AND s.list_seen IS NOT NULL"
        }
    }

    /// In which direction the store is asked.
    pub(super) fn ascending(self, backwards: bool) -> bool {
        (self == CustomerOrder::NameAsc) != backwards
    }

    /// Adds the order of the rows.
    pub(super) fn order(self, sql: &mut Sql, backwards: bool) {
        let columns = match self {
            CustomerOrder::LastSeenDesc => ["s.list_seen", "s.number"],
            CustomerOrder::CreatedDesc => ["s.number", "s.tenant"],
            CustomerOrder::NameAsc | CustomerOrder::NameDesc => ["c.name_key", "c.number"],
        };
        let direction = if self.ascending(backwards) { " ASC" } else { " DESC" };
        sql.push(" ORDER BY ").push(columns[0]).push(direction);
        if self != CustomerOrder::CreatedDesc {
            sql.push(", ").push(columns[1]).push(direction);
        }
    }

    /// The place of a customer whose `name_key` comes first in the row.
    pub(super) fn place(self, row: &QueryResult, customer: &Customer) -> Result<CustomerPlace> {
        Ok(match self {
            CustomerOrder::LastSeenDesc => {
                CustomerPlace::Seen(customer.last_seen.unwrap_or_default(), customer.id)
            }
            CustomerOrder::CreatedDesc => CustomerPlace::Created(customer.id),
            CustomerOrder::NameAsc | CustomerOrder::NameDesc => {
                CustomerPlace::Name(maybe::<String>(row, 0)?.unwrap_or_default(), customer.id)
            }
        })
    }
}

impl CustomerPlace {
    /// Adds the condition that a row stands behind (`" > "`), before (`" < "`), or not behind this place (`" <= "`), as the
    /// store's columns grow.
    pub(super) fn compare(&self, sql: &mut Sql, sign: &str) {
        match self {
            CustomerPlace::Seen(at, id) => {
                sql.push(" AND (s.list_seen, s.number)").push(sign);
                sql.push("(").bind(*at).push(", ").bind(*id).push(")");
            }
            CustomerPlace::Created(id) => {
                sql.push(" AND s.number").push(sign).bind(*id);
            }
            CustomerPlace::Name(name, id) => {
                sql.push(" AND (c.name_key, c.number)").push(sign);
                sql.push("(").bind(name.clone()).push(", ").bind(*id).push(")");
            }
        }
    }
}
