//! Erasing a person: everything that says something about them goes; ids stay where the log and the audit need them,
//! and a keyed hash of each address, so that an import or a late event does not rebuild the person.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};

use crate::domain::file::{FilesOf, take_files};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::privacy::kept_events;
use crate::domain::rapport::Rapport;
use crate::domain::write::identity_rows::{IdentityRow, identities_of, lock_identities};
use crate::domain::write::label_rows::LabelRows;
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::search_rows::SearchRows;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::ChangeKind;
use crate::entity::table::Table;
use crate::entity::{
    comment, contact, customer, customer_head, engagement, erased_key, idempotency, identity,
    link_evidence, merge_edge, page_view,
};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId, Micros};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::{Sql, among, insert};

/// What went, or would go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    pub customer: CustomerId,
    /// Every home of the customer: all these ids answer like ones that never were.
    pub homes: Vec<CustomerId>,
    /// Rows by table.
    pub rows: Vec<(&'static str, u64)>,
    pub at: Micros,
    pub dry_run: bool,
}

impl Rapport {
    /// Erases a customer with all its homes. With `dry_run` it is rehearsed, and the receipt says what would go.
    pub async fn erase_customer(
        &self,
        scope: &Scope,
        customer: CustomerId,
        expected_version: Option<i64>,
        dry_run: bool,
    ) -> Result<Receipt> {
        let ending = if dry_run { Ending::RollBack } else { Ending::Commit };
        let erase = EraseCustomer { customer, expected_version, dry_run };
        let (receipt, objects) = self.write(scope, ending, &erase).await?;
        if dry_run {
            return Ok(receipt);
        }
        // The erasure is committed, whatever becomes of this.
        self.remove_objects(scope.tenant, objects).await;
        if let Err(error) = self.store.checkpoint().await {
            tracing::warn!(
                error = error.detail(),
                "the write-ahead log could not be emptied after an erasure; the next checkpoint does it"
            );
        }
        Ok(receipt)
    }
}

/// Erases a customer.
struct EraseCustomer {
    customer: CustomerId,
    expected_version: Option<i64>,
    dry_run: bool,
}

impl Write for EraseCustomer {
    /// What went, and the objects of the files that went with it.
    type Done = (Receipt, Vec<String>);
    const AUDIT: Option<AuditAction> = Some(AuditAction::Erase);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Self::Done> {
        // Identities before heads, the order in which identify takes them; read again when nobody can add one.
        let before = self.identities(unit).await?;
        lock_identities(unit, &before).await.map_err(gone_is_retry)?;
        let locked = LockedCustomers::read(unit, &[self.customer]).await?;
        let survivor = locked.survivor(self.customer).ok_or(Error::Retry)?;
        expect_version(unit, survivor, self.expected_version)?;
        let homes = &locked.sides[&survivor];
        let identities = identities_of(unit, homes).await?;
        let ids: Vec<IdentityId> = identities.iter().map(|identity| identity.id).collect();
        if ids != before {
            return Err(Error::Retry);
        }

        let hashes = remember(unit, &identities);
        // The log says it while there still is a head to say it of.
        unit.changes.log(survivor, ChangeKind::Erased, None)?;
        unit.run_changes().await?;
        let files = take_files(unit, FilesOf::Homes(homes)).await?;
        let erased = Erased { homes, identities: &ids, hashes: &hashes };
        let mut rows = erased.delete(unit).await?;
        rows.extend([("file", files.files), ("file_content", files.contents)]);
        let counts: Map<String, Json> =
            rows.iter().map(|(table, n)| ((*table).to_string(), json!(n))).collect();
        let detail = json!({ "homes": homes, "rows": counts });
        unit.audit(AuditAction::Erase, Some(survivor), &detail);
        let homes = homes.iter().copied().collect();
        let (at, dry_run) = (unit.now, self.dry_run);
        Ok((Receipt { customer: survivor, homes, rows, at, dry_run }, files.objects))
    }
}

impl EraseCustomer {
    /// The identities of the customer to whom the home belongs, as they are now.
    async fn identities(&self, unit: &UnitOfWork<'_>) -> Result<Vec<IdentityId>> {
        let mut homes = BTreeSet::from([self.customer]);
        let mut sql = unit.sql();
        sql.push("SELECT m.number FROM customer_head h JOIN customer_head m ON m.tenant = h.tenant ")
            .push("AND (m.number = COALESCE(h.merged_into, h.number) OR m.merged_into = COALESCE(h.merged_into, h.number)) WHERE h.tenant = ")
            .bind(unit.tenant())
            .push(" AND h.number = ")
            .bind(self.customer);
        for row in unit.all(sql).await? {
            homes.insert(get(&row, 0)?);
        }
        Ok(identities_of(unit, &homes).await?.into_iter().map(|identity| identity.id).collect())
    }
}

/// What was there a moment ago was moved or erased meanwhile.
fn gone_is_retry(error: Error) -> Error {
    match error {
        Error::User(_) => Error::Retry,
        error => error,
    }
}

/// Keeps a hash of each identity.
fn remember(unit: &mut UnitOfWork<'_>, identities: &[IdentityRow]) -> Vec<String> {
    if identities.is_empty() {
        return Vec::new();
    }
    let (secret, tenant) = (&unit.rapport.secret, unit.tenant());
    let rows: Vec<_> = identities
        .iter()
        .map(|IdentityRow { identifier, .. }| erased_key::Model {
            tenant,
            hash: secret.hash(tenant, &identifier.namespace, &identifier.match_key),
            at: unit.now,
        })
        .collect();
    let mut sql = insert::<erased_key::Entity>(unit.dialect(), &rows);
    sql.push(" ON CONFLICT (tenant, hash) DO NOTHING");
    unit.push(sql);
    rows.into_iter().map(|row| row.hash).collect()
}

/// The homes and the identities whose rows go.
struct Erased<'a> {
    homes: &'a BTreeSet<CustomerId>,
    identities: &'a [IdentityId],
    /// What is remembered of the identities.
    hashes: &'a [String],
}

impl Erased<'_> {
    /// Deletes everything, one statement for each table, those that others are found by last. How many rows, by table.
    async fn delete(&self, unit: &mut UnitOfWork<'_>) -> Result<Vec<(&'static str, u64)>> {
        if !unit.dialect().is_postgres() {
            self.forget_item_words(unit).await?;
        }
        let threads = self.mail_threads(unit);
        let mut rows = vec![
            ("mail_thread", unit.run(threads).await?),
            self.of_homes::<comment::Entity>(unit, comment::Column::Home).await?,
            self.of_homes::<page_view::Entity>(unit, page_view::Column::Home).await?,
            self.of_homes::<engagement::Entity>(unit, engagement::Column::Home).await?,
        ];
        let mut terms = 0;
        for sql in SearchRows::forget(unit.dialect(), unit.tenant(), self.homes) {
            terms += unit.run(sql).await?;
        }
        rows.push(("search_term", terms));
        let labels = LabelRows::forget(unit.dialect(), unit.tenant(), self.homes);
        for (table, sql) in ["customer_tag", "customer_trait"].into_iter().zip(labels) {
            rows.push((table, unit.run(sql).await?));
        }
        let ids = || self.identities.iter().map(|id| id.0);
        let (table, older) =
            delete::<link_evidence::Entity>(unit, link_evidence::Column::A, ids()).await?;
        let (_, younger) =
            delete::<link_evidence::Entity>(unit, link_evidence::Column::B, ids()).await?;
        rows.push((table, older + younger));
        let reviews = self.reviews(unit);
        rows.push(("link_review", unit.run(reviews).await?));
        rows.extend([
            self.of_homes::<identity::Entity>(unit, identity::Column::Home).await?,
            self.of_homes::<contact::Entity>(unit, contact::Column::Home).await?,
            self.of_homes::<customer::Entity>(unit, customer::Column::Number).await?,
            self.of_homes::<customer_head::Entity>(unit, customer_head::Column::Number).await?,
        ]);
        rows.push(("source_event", kept_events::forget(unit, self.hashes).await?));
        let reasons = self.reasons(unit);
        unit.run(reasons).await?;
        // Kept answers are whole pages: nobody can tell which of them speak of this person.
        let answers = idempotency::Entity::delete_of(unit.tenant())
            .filter(idempotency::Column::Body.is_not_null());
        let answers = unit.run(Sql::from_query(unit.dialect(), &answers)).await?;
        rows.push(("idempotency", answers));
        Ok(rows)
    }

    fn homes(&self) -> impl Iterator<Item = i64> {
        self.homes.iter().map(|home| home.0)
    }

    async fn of_homes<E: Table>(
        &self,
        unit: &mut UnitOfWork<'_>,
        column: E::Column,
    ) -> Result<(&'static str, u64)> {
        delete::<E>(unit, column, self.homes()).await
    }

    /// Emails by their Message-IDs.
    fn mail_threads(&self, unit: &UnitOfWork<'_>) -> Sql {
        let mut sql = unit.sql();
        sql.push("DELETE FROM mail_thread WHERE tenant = ").bind(unit.tenant());
        sql.push(" AND item IN (SELECT id FROM engagement WHERE tenant = ").bind(unit.tenant());
        sql.push(" AND home").among(self.homes()).push(")");
        sql
    }

    /// SQLite: a contentless index keeps the words of deleted rows until its segments are merged.
    async fn forget_item_words(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let mut sql = unit.sql();
        sql.push("DELETE FROM item_words WHERE rowid IN (");
        for (n, table) in ["engagement", "page_view"].into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT id FROM " } else { " UNION ALL SELECT id FROM " })
                .push(table)
                .push(" WHERE tenant = ")
                .bind(unit.tenant())
                .push(" AND home")
                .among(self.homes());
        }
        sql.push(")");
        unit.run(sql).await?;
        let mut sql = unit.sql();
        sql.push("INSERT INTO item_words (item_words) VALUES ('optimize')");
        unit.run(sql).await?;
        Ok(())
    }

    /// Held links in which the customer has a part.
    fn reviews(&self, unit: &UnitOfWork<'_>) -> Sql {
        let dialect = unit.dialect();
        let mut sql = unit.sql();
        sql.push("DELETE FROM link_review WHERE tenant = ").bind(unit.tenant());
        sql.push(" AND (EXISTS (SELECT 1 FROM ")
            .push(&dialect.json_numbers("link_review.homes"))
            .push(" AS j WHERE j.value")
            .among(self.homes());
        sql.push(") OR EXISTS (SELECT 1 FROM ")
            .push(&dialect.json_numbers("link_review.identities"))
            .push(" AS j WHERE j.value")
            .among(self.identities.iter().map(|id| id.0))
            .push("))");
        sql
    }

    /// Edges stay as ids; what somebody wrote beside them goes.
    fn reasons(&self, unit: &UnitOfWork<'_>) -> Sql {
        use merge_edge::Column;
        let dialect = unit.dialect();
        let end = |column| among(dialect, column, self.homes());
        let update = merge_edge::Entity::update_of(unit.tenant())
            .col_expr(Column::Reason, Expr::value(None::<String>))
            .filter(Column::Reason.is_not_null())
            .filter(end(Column::A).or(end(Column::B)));
        Sql::from_query(dialect, &update)
    }
}

/// Deletes the rows of a table in which the column is one of these: the table's name, and how many rows.
async fn delete<E: Table>(
    unit: &mut UnitOfWork<'_>,
    column: E::Column,
    ids: impl Iterator<Item = i64>,
) -> Result<(&'static str, u64)> {
    let dialect = unit.dialect();
    let delete = E::delete_of(unit.tenant()).filter(among(dialect, column, ids));
    let sql = Sql::from_query(dialect, &delete);
    Ok((E::shape().table, unit.run(sql).await?))
}
