//! Pages and counts whose filter asks for words.

use crate::domain::history::page::{Page, PageRequest, read_items};
use crate::domain::history::page_sql;
use crate::domain::model::item_columns::Columns;
use crate::domain::rapport::Rapport;
use crate::domain::search::ByWords;
use crate::domain::text::{AskedWord, asked_words, fts_query_postgres};
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;
use crate::store::sql::Sql;

impl PageRequest {
    /// The words that the filter asks for; nothing where it has none, or where it admits nothing.
    pub(super) fn words(&self) -> Option<Vec<AskedWord>> {
        let admits = self.filter.admits_engagements() || self.filter.admits_page_views();
        let words = asked_words(self.filter.text.as_deref().filter(|_| admits)?);
        fts_query_postgres(&words).is_some().then_some(words)
    }

    pub(super) fn by_words<'a>(
        &'a self,
        tenant: TenantId,
        homes: Option<&'a [CustomerId]>,
        words: &'a [AskedWord],
    ) -> ByWords<'a> {
        ByWords {
            tenant,
            words,
            homes,
            filter: &self.filter,
            after: self.after,
            before: self.before,
            backwards: self.backwards,
            limit: self.limit + 1,
        }
    }
}

impl Rapport {
    pub(super) async fn page_by_words(
        &self,
        wanted: &ByWords<'_>,
        request: &PageRequest,
    ) -> Result<Page> {
        let mut sql = self.store.sql();
        if !sql.is_postgres() {
            let ids = self.ids_by_words(wanted).await?;
            return Ok(Page::of(self.items(wanted.tenant, &ids).await?, request));
        }
        self.settle_words(wanted).await;
        lines(&mut sql, wanted, request.columns);
        let rows = self.store.search(sql).await?;
        let items = rows.first().map(|row| read_items(row, 0, request.columns));
        Ok(Page::of(items.transpose()?.unwrap_or_default(), request))
    }

    /// How many there are, counted no further than the limit.
    pub(super) async fn count_by_words(&self, wanted: &ByWords<'_>) -> Result<u64> {
        let mut sql = self.store.sql();
        if !sql.is_postgres() {
            return Ok(self.ids_by_words(wanted).await?.len() as u64);
        }
        self.settle_words(wanted).await;
        wanted.page(&mut sql);
        sql.push(" SELECT COUNT(*) FROM page");
        let rows = self.store.search(sql).await?;
        Ok(rows.first().map(|row| get::<i64>(row, 0)).transpose()?.unwrap_or(0).unsigned_abs())
    }
}

/// The lines of a page.
fn lines(sql: &mut Sql, wanted: &ByWords<'_>, columns: Columns) {
    wanted.page(sql);
    sql.push(" SELECT ").lines(columns.places(), |sql| {
        page_sql::of_page(sql, wanted.tenant, columns);
    });
}
