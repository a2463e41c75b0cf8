//! Erasing a person: everything that says something about them goes; ids stay where the log and the audit need them,
//! and a keyed hash of each address, so that an import or a late event does not rebuild the person.

use std::collections::BTreeSet;
use std::sync::Arc;

use sea_orm::Value;
use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::index::Index;
use crate::domain::ledger::Ledger;
use crate::domain::locked::{Locked, expect_version};
use crate::domain::owned::{Owned, lock_identities, owned};
use crate::domain::rapport::Rapport;
use crate::domain::scope::Scope;
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::{Ending, Tx};
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId, Micros, TenantId};

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
        let work = Arc::new((self.clone(), scope.clone()));
        let ending = if dry_run { Ending::RollBack } else { Ending::Commit };
        let (mut receipt, ledger) = self
            .store
            .transact_to(ending, move |tx| {
                let work = work.clone();
                Box::pin(async move { work.0.erase(tx, &work.1, customer, expected_version).await })
            })
            .await?;
        receipt.dry_run = dry_run;
        if !dry_run {
            self.publish(scope.tenant, &ledger);
            // The erasure is committed, whatever becomes of this.
            if let Err(error) = self.store.checkpoint().await {
                tracing::warn!(
                    error = error.detail(),
                    "the write-ahead log could not be emptied after an erasure; the next checkpoint does it"
                );
            }
        }
        Ok(receipt)
    }

    async fn erase(
        &self,
        tx: &Tx,
        scope: &Scope,
        customer: CustomerId,
        expected_version: Option<i64>,
    ) -> Result<(Receipt, Ledger)> {
        let (tenant, now) = (scope.tenant, self.clock.now());
        let mut ledger = Ledger::new(tenant, now);
        // Addresses before heads, the order in which identify takes them; read again when nobody can add one.
        let before = addresses(tx, tenant, customer).await?;
        lock_identities(tx, tenant, &before).await.map_err(|_| Error::Moved)?;
        let locked = Locked::read(tx, &mut ledger, tenant, &[customer]).await?;
        let survivor = locked.survivor(customer).ok_or(Error::Moved)?;
        expect_version(&ledger, survivor, expected_version)?;
        let homes = &locked.sides[&survivor];
        let identities = owned(tx, tenant, homes).await?;
        if identities.iter().map(|owned| owned.id).ne(before.iter().copied()) {
            return Err(Error::Moved);
        }

        self.remember(tx, tenant, now, &identities).await?;
        // The log says it while there still is a head to say it of.
        ledger.log(survivor, ChangeKind::Erased, None)?;
        tx.run_together(ledger.flush(tx)).await?;
        let ids: Vec<IdentityId> = identities.iter().map(|owned| owned.id).collect();
        let erasing = Erasing { tx, tenant, homes, identities: &ids };
        let rows = erasing.run().await?;
        let counts: serde_json::Map<String, serde_json::Value> =
            rows.iter().map(|(table, n)| ((*table).to_string(), json!(n))).collect();
        let detail = json!({ "homes": homes, "rows": counts });
        tx.run(audit(tx, scope, &self.clock, AuditAction::Erase, Some(survivor), &detail)).await?;
        let receipt = Receipt {
            customer: survivor,
            homes: homes.iter().copied().collect(),
            rows,
            at: now,
            dry_run: false,
        };
        Ok((receipt, ledger))
    }

    async fn remember(
        &self,
        tx: &Tx,
        tenant: TenantId,
        now: Micros,
        identities: &[Owned],
    ) -> Result<()> {
        if identities.is_empty() {
            return Ok(());
        }
        let hash = |owned: &Owned| {
            self.seal.hash(tenant, &owned.identifier.namespace, &owned.identifier.match_key)
        };
        let rows: Vec<Vec<Value>> = identities
            .iter()
            .map(|owned| vec![tenant.0.into(), hash(owned).into(), now.0.into()])
            .collect();
        let names = [("tenant", Column::Big), ("hash", Column::Text), ("at", Column::Big)];
        let mut sql = insert(tx.backend, "erased_key", &names, &rows);
        sql.push(" ON CONFLICT (tenant, hash) DO NOTHING");
        tx.run(sql).await?;
        Ok(())
    }
}

/// The addresses of the customer to whom a home belongs, as they are now.
async fn addresses(tx: &Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<IdentityId>> {
    let mut homes = BTreeSet::from([customer]);
    let mut sql = tx.sql();
    sql.push("SELECT m.number FROM customer_head h JOIN customer_head m ON m.tenant = h.tenant ");
    sql.push("AND (m.number = COALESCE(h.merged_into, h.number) OR m.merged_into = COALESCE(h.merged_into, h.number)) WHERE h.tenant = ");
    sql.bind(tenant).push(" AND h.number = ").bind(customer);
    for row in tx.all(sql).await? {
        homes.insert(crate::domain::item::get(&row, 0)?);
    }
    Ok(owned(tx, tenant, &homes).await?.into_iter().map(|owned| owned.id).collect())
}

struct Erasing<'a> {
    tx: &'a Tx,
    tenant: TenantId,
    homes: &'a BTreeSet<CustomerId>,
    identities: &'a [IdentityId],
}

impl Erasing<'_> {
    /// One statement for each table, those that others are found by last.
    async fn run(&self) -> Result<Vec<(&'static str, u64)>> {
        let mut rows = Vec::new();
        if !self.tx.is_postgres() {
            self.forget_item_words().await?;
        }
        rows.push(("comment", self.tx.run(self.of_homes("comment", "home")).await?));
        rows.push(("page_view", self.tx.run(self.of_homes("page_view", "home")).await?));
        rows.push(("engagement", self.tx.run(self.of_homes("engagement", "home")).await?));
        let mut words = 0;
        for sql in Index::forget(self.tx, self.tenant, self.homes) {
            words += self.tx.run(sql).await?;
        }
        rows.push(("search_term", words));
        let mut evidence = 0;
        for column in ["a", "b"] {
            evidence += self
                .tx
                .run(self.of("link_evidence", column, self.identities.iter().map(|id| id.0)))
                .await?;
        }
        rows.push(("link_evidence", evidence));
        rows.push(("link_review", self.tx.run(self.reviews()).await?));
        rows.push(("identity", self.tx.run(self.of_homes("identity", "home")).await?));
        rows.push(("contact", self.tx.run(self.of_homes("contact", "home")).await?));
        rows.push(("customer", self.tx.run(self.of_homes("customer", "number")).await?));
        rows.push(("customer_head", self.tx.run(self.of_homes("customer_head", "number")).await?));
        self.tx.run(self.reasons()).await?;
        // Kept answers are whole pages: nobody can tell which of them speak of this person.
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM idempotency WHERE tenant = ")
            .bind(self.tenant)
            .push(" AND body IS NOT NULL");
        rows.push(("idempotency", self.tx.run(sql).await?));
        Ok(rows)
    }

    fn of(&self, table: &str, column: &str, ids: impl IntoIterator<Item = i64>) -> Sql {
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM ")
            .push(table)
            .push(" WHERE tenant = ")
            .bind(self.tenant)
            .push(" AND ")
            .push(column)
            .among(ids);
        sql
    }

    fn of_homes(&self, table: &str, column: &str) -> Sql {
        self.of(table, column, self.homes.iter().map(|home| home.0))
    }

    /// SQLite: a contentless index keeps the words of deleted rows until its segments are merged.
    async fn forget_item_words(&self) -> Result<()> {
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM item_words WHERE rowid IN (");
        for (n, table) in ["engagement", "page_view"].into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT id FROM " } else { " UNION ALL SELECT id FROM " })
                .push(table)
                .push(" WHERE tenant = ")
                .bind(self.tenant);
            sql.push(" AND home").among(self.homes.iter().map(|home| home.0));
        }
        sql.push(")");
        self.tx.run(sql).await?;
        let mut sql = self.tx.sql();
        sql.push("INSERT INTO item_words (item_words) VALUES ('optimize')");
        self.tx.run(sql).await?;
        Ok(())
    }

    /// Held links in which the customer has a part.
    fn reviews(&self) -> Sql {
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM link_review WHERE tenant = ").bind(self.tenant).push(" AND (");
        for (n, (column, ids)) in [
            ("homes", self.homes.iter().map(|home| home.0).collect::<Vec<_>>()),
            ("identities", self.identities.iter().map(|id| id.0).collect()),
        ]
        .into_iter()
        .enumerate()
        {
            sql.push(if n == 0 { "EXISTS (SELECT 1 FROM " } else { " OR EXISTS (SELECT 1 FROM " });
            if self.tx.is_postgres() {
                sql.push("json_array_elements_text(")
                    .push(column)
                    .push("::json) AS j(value) WHERE CAST(j.value AS BIGINT)");
            } else {
                sql.push("json_each(link_review.").push(column).push(") AS j WHERE j.value");
            }
            sql.among(ids).push(")");
        }
        sql.push(")");
        sql
    }

    /// Edges stay as ids; what somebody wrote beside them goes.
    fn reasons(&self) -> Sql {
        let homes = || self.homes.iter().map(|home| home.0);
        let mut sql = self.tx.sql();
        sql.push("UPDATE merge_edge SET reason = NULL WHERE tenant = ")
            .bind(self.tenant)
            .push(" AND reason IS NOT NULL AND (a");
        sql.among(homes()).push(" OR b").among(homes()).push(")");
        sql
    }
}
