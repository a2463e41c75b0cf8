//! The rows that a search brings of the people it found: their customers, contacts and identities, in one statement.

use sea_orm::QueryResult;
use serde::Deserialize;

use crate::domain::identifier::Identifier;
use crate::domain::model::customer::{Customer, MergedHome, Own};
use crate::entity::contact::Model as Contact;
use crate::entity::kinds::{IdentityKind, LinkPrecedence};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};
use crate::store::lines::all_lines;
use crate::store::row::{get, kind, maybe};
use crate::store::sql::Sql;

/// What a row of [`select`] tells of a person.
pub(super) const OWN: i32 = 0;
pub(super) const MERGED: i32 = 1;
pub(super) const CONTACT: i32 = 2;
pub(super) const IDENTITY: i32 = 3;

/// One row of [`select`]; what the columns hold depends on the part.
#[derive(Deserialize)]
pub(super) struct Line {
    pub part: i32,
    pub person: i64,
    pub numbers: [Option<i64>; 9],
    pub texts: [Option<String>; 4],
}

/// What [`select`] needs of a survivor's head `h`.
pub(super) const HEAD: &str =
    "h.shape, h.position, h.list_seen, h.last_inbound, h.last_outbound, h.counts";

/// The rows of all that a hit shows of these people, in no order: a row for the person, one for each home that was merged into
/// it (none where the shape never changed), one for each contact and one for each identity. As lines on SQLite only: PostgreSQL takes longer to put so many together than the server to read
/// them.
pub(super) fn statement(mut sql: Sql, tenant: TenantId, people: &[i64]) -> Sql {
    let materialized = sql.dialect.materialized();
    sql.push("WITH page AS ").push(materialized);
    sql.push(&format!("(SELECT h.number AS person, {HEAD} FROM customer_head h WHERE h.tenant = "));
    sql.bind(tenant).push(" AND h.number").among(people.iter().copied()).push(") ");
    select(&mut sql, tenant);
    sql
}

fn select(sql: &mut Sql, tenant: TenantId) {
    let select = |sql: &mut Sql| {
        sql.push(
            "SELECT 0 AS part, page.person, CAST(NULL AS BIGINT) AS n1, page.position AS n2, page.list_seen AS n3, \
             page.last_inbound AS n4, page.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, \
             CAST(c.stage AS BIGINT) AS n9, c.name AS t1, page.counts AS t2, c.tags AS t3, c.traits AS t4 \
             FROM page CROSS JOIN customer c WHERE c.tenant = ",
        );
        sql.bind(tenant).push(" AND c.number = page.person");
        sql.push(
            " UNION ALL SELECT 1, page.person, m.number, m.last_inbound, m.last_outbound, mc.updated_at, m.last_seen, NULL, NULL, NULL, \
             mc.stage, mc.name, m.counts, mc.tags, mc.traits \
             FROM page CROSS JOIN customer_head m CROSS JOIN customer mc WHERE m.tenant = ",
        );
        sql.bind(tenant).push(
            " AND page.shape > 0 AND m.merged_into = page.person AND mc.tenant = m.tenant AND mc.number = m.number",
        );
        sql.push(
            " UNION ALL SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, \
             o.link_precedence, o.email, o.phone_number, NULL, NULL FROM page CROSS JOIN contact o WHERE o.tenant = ",
        );
        sql.bind(tenant).push(" AND o.customer = page.person AND o.deleted_at IS NULL");
        for merged in [false, true] {
            sql.push(
                " UNION ALL SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, \
                 i.value, NULL FROM page CROSS JOIN ",
            );
            sql.push(if merged {
                "customer_head m CROSS JOIN identity i WHERE m.tenant = "
            } else {
                "identity i WHERE i.tenant = "
            });
            sql.bind(tenant).push(if merged {
                " AND page.shape > 0 AND m.merged_into = page.person AND i.tenant = m.tenant AND i.home = m.number"
            } else {
                " AND i.home = page.person"
            });
        }
    };
    let columns =
        "part, person, json_array(n1, n2, n3, n4, n5, n6, n7, n8, n9), json_array(t1, t2, t3, t4)";
    if sql.is_postgres() {
        select(sql);
    } else {
        sql.push("SELECT ").lines(columns, select);
    }
}

impl Line {
    /// The rows of [`select`].
    pub(super) fn read_all(rows: &[QueryResult]) -> Result<Vec<Line>> {
        if rows.first().is_some_and(|row| row.try_as_pg_row().is_some()) {
            return rows.iter().map(Line::read).collect();
        }
        all_lines(rows)
    }

    fn read(row: &QueryResult) -> Result<Line> {
        let (mut numbers, mut texts) = ([None; 9], [const { None }; 4]);
        for (n, number) in numbers.iter_mut().enumerate() {
            *number = maybe(row, 2 + n)?;
        }
        for (n, text) in texts.iter_mut().enumerate() {
            *text = maybe(row, 11 + n)?;
        }
        Ok(Line { part: get(row, 0)?, person: get(row, 1)?, numbers, texts })
    }
}

impl Line {
    /// The customer of an [`OWN`] row.
    pub(super) fn customer(self) -> Result<Customer> {
        let [
            _,
            version,
            last_seen,
            last_inbound,
            last_outbound,
            created_at,
            updated_at,
            status,
            stage,
        ] = self.numbers;
        let [name, counts, tags, traits] = self.texts;
        Customer::try_from(Own {
            id: CustomerId(self.person),
            version: number(version)?,
            last_seen,
            last_inbound,
            last_outbound,
            counts: counts.unwrap_or_default(),
            name,
            status: number(status)?,
            stage: number(stage)?,
            tags: tags.unwrap_or_default(),
            traits: traits.unwrap_or_default(),
            created_at: number(created_at)?,
            updated_at: number(updated_at)?,
        })
    }

    /// The home of a [`MERGED`] row.
    pub(super) fn merged_home(self) -> Result<MergedHome> {
        let [home, last_inbound, last_outbound, updated_at, last_seen, .., stage] = self.numbers;
        let [name, counts, tags, traits] = self.texts;
        let (counts, tags, traits) =
            (counts.unwrap_or_default(), tags.unwrap_or_default(), traits.unwrap_or_default());
        let (home, stage, updated_at) = (number(home)?, number(stage)?, number(updated_at)?);
        Ok((
            home,
            counts,
            last_inbound,
            last_outbound,
            name,
            tags,
            traits,
            stage,
            updated_at,
            last_seen,
        ))
    }

    pub(super) fn contact(self, tenant: TenantId, customer: CustomerId) -> Result<Contact> {
        let [contact, home, linked, created_at, updated_at, .., precedence] = self.numbers;
        let [email, phone_number, ..] = self.texts;
        Ok(Contact {
            tenant,
            number: ContactNumber(number(contact)?),
            home: CustomerId(number(home)?),
            customer,
            email,
            phone_number,
            linked_id: linked.map(ContactNumber),
            link_precedence: kind(number(precedence)?, LinkPrecedence::from_number)?,
            created_at: Micros(number(created_at)?),
            updated_at: Micros(number(updated_at)?),
            deleted_at: None,
        })
    }

    pub(super) fn identifier(self) -> Result<Identifier> {
        let [.., of_kind] = self.numbers;
        let [namespace, match_key, value, _] = self.texts.map(Option::unwrap_or_default);
        let kind = kind(number(of_kind)?, IdentityKind::from_number)?;
        Ok(Identifier { kind, namespace, match_key, raw: value.clone(), value })
    }
}

/// A number that is always there.
pub(super) fn number<T: TryFrom<i64>>(cell: Option<i64>) -> Result<T> {
    cell.and_then(|cell| T::try_from(cell).ok())
        .ok_or_else(|| Error::Internal("search: a cell that cannot be".into()))
}
