//! Conversations by mail: which thread an email belongs to, by the messages to which it answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::history::record::batch::Batch;
use crate::domain::history::record::details::Details;
use crate::domain::history::record::input::NewBody;
use crate::domain::model::item::{Body, Item};
use crate::entity::mail_thread;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::Dialect;
use crate::store::row::get;
use crate::store::sql::{Sql, insert};

/// Messages to which one email answers, the nearest last.
const MOST_REFERENCES: usize = 100;

impl NewBody {
    /// The Message-IDs to which it answers, as they are kept.
    pub(super) fn references(&self, details: &mut Details) -> Vec<String> {
        let NewBody::Email { references, .. } = self else { return Vec::new() };
        let skipped = references.len().saturating_sub(MOST_REFERENCES);
        let path = ["body", "email", "references"];
        let kept = references.iter().skip(skipped);
        kept.filter_map(|id| details.message_id(Some(id), &path)).collect()
    }
}

impl Batch<'_, '_> {
    /// Puts each email into its thread: that of the newest message known of those to which it answers, through whatever
    /// source that came; else the oldest of them begins one; else the email does.
    pub(super) async fn thread(&self, items: &mut BTreeMap<usize, Item>) -> Result<()> {
        let asked: BTreeSet<&str> = items
            .keys()
            .flat_map(|n| self.inputs[n].references.iter().map(String::as_str))
            .collect();
        let mut known = self.threads(&asked).await?;
        for (n, item) in items {
            let Body::Engagement(email) = &mut item.body else { continue };
            let references = &self.inputs[n].references;
            let own = email.data.message_id().map(str::to_owned);
            let answered = references.iter().rev().find_map(|id| known.get(id.as_str()));
            let thread = answered.or(references.first()).or(own.as_ref()).cloned();
            if let (Some(id), Some(thread)) = (own, &thread) {
                // For an answer to it in this very batch.
                known.entry(id).or_insert_with(|| thread.clone());
            }
            if thread.is_some() {
                email.data.mail.get_or_insert_default().thread_id = thread;
            }
        }
        Ok(())
    }

    /// The threads of the messages that are known.
    async fn threads(&self, asked: &BTreeSet<&str>) -> Result<HashMap<String, String>> {
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = self.unit.sql();
        sql.push("SELECT message_id, thread_id FROM mail_thread WHERE tenant = ");
        sql.bind(self.unit.tenant()).push(" AND message_id").among_texts(asked.iter().copied());
        sql.push(" ORDER BY item");
        self.unit.all(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }
}

/// The rows by which new emails are found by their Message-IDs.
pub(super) fn mail_threads(dialect: Dialect, tenant: TenantId, items: &[&Item]) -> Option<Sql> {
    let row = |item: &&Item| {
        let data = &item.engagement()?.data;
        Some(mail_thread::Model {
            tenant,
            message_id: data.message_id()?.to_owned(),
            item: item.id,
            thread_id: data.thread_id()?.to_owned(),
        })
    };
    let rows: Vec<_> = items.iter().filter_map(row).collect();
    (!rows.is_empty()).then(|| {
        let mut sql = insert::<mail_thread::Entity>(dialect, &rows);
        sql.push(" ON CONFLICT DO NOTHING");
        sql
    })
}
