//! The rows that go with a person.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter};

use crate::domain::privacy::kept_events;
use crate::domain::write::forget_search::forget_search_rows;
use crate::domain::write::label_rows::LabelRows;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::table::Table;
use crate::entity::{
    comment, contact, customer, customer_head, deleted_item, engagement, idempotency, identity,
    link_evidence, merge_edge, newest_items, page_view, person_card, removed_identity,
};
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId};
use crate::store::sql::{Sql, among};

/// The homes and the identities whose rows go.
pub(super) struct Erased<'a> {
    pub homes: &'a BTreeSet<CustomerId>,
    pub identities: &'a [IdentityId],
    /// Keyed hashes of the identities, by which kept events are found.
    pub hashes: &'a [String],
}

impl Erased<'_> {
    /// Deletes everything, one statement for each table, those that others are found by last. How many rows, by table.
    pub(super) async fn delete(
        &self,
        unit: &mut UnitOfWork<'_>,
    ) -> Result<Vec<(&'static str, u64)>> {
        if !unit.dialect().is_postgres() {
            self.forget_item_words(unit).await?;
        }
        let threads = self.mail_threads(unit);
        let mut rows = vec![
            ("mail_thread", unit.run(threads).await?),
            self.of_homes::<comment::Entity>(unit, comment::Column::Home).await?,
            self.of_homes::<page_view::Entity>(unit, page_view::Column::Home).await?,
            self.of_homes::<engagement::Entity>(unit, engagement::Column::Home).await?,
            self.of_homes::<deleted_item::Entity>(unit, deleted_item::Column::Home).await?,
            self.of_homes::<newest_items::Entity>(unit, newest_items::Column::Customer).await?,
            self.of_homes::<person_card::Entity>(unit, person_card::Column::Customer).await?,
        ];
        rows.push(("search_term", forget_search_rows(unit, self.homes).await?));
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
            self.of_homes::<removed_identity::Entity>(unit, removed_identity::Column::Home).await?,
            // Of all homes of the person: who has them is indexed, where they came to it is not.
            self.of_homes::<contact::Entity>(unit, contact::Column::Customer).await?,
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
