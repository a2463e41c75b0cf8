//! The filter of a history as conditions on the tables of its items, but for its words.

use crate::domain::model::history_filter::HistoryFilter;
use crate::ids::{ItemId, Micros};
use crate::store::sql::Sql;

/// The conditions that lie in the order of a history.
pub(crate) fn range(
    sql: &mut Sql,
    filter: &HistoryFilter,
    after: Option<(Micros, ItemId)>,
    before: Option<(Micros, ItemId)>,
) {
    for (place, sign) in [(after, "<"), (before, ">")] {
        if let Some((at, id)) = place {
            sql.push(" AND (occurred_at, id) ")
                .push(sign)
                .push(" (")
                .bind(at)
                .push(", ")
                .bind(id)
                .push(")");
        }
    }
    if let Some(since) = filter.since {
        sql.push(" AND occurred_at >= ").bind(since);
    }
    if let Some(until) = filter.until {
        sql.push(" AND occurred_at < ").bind(until);
    }
}

/// The other conditions of a filter on one of the two tables, but for its words.
pub(crate) fn conditions(sql: &mut Sql, filter: &HistoryFilter, page_views: bool) {
    if !page_views {
        if !filter.kinds.is_empty() {
            sql.push(" AND kind").among(filter.kinds.iter().map(|kind| i64::from(kind.number())));
        }
        if !filter.record_types.is_empty() {
            sql.push(" AND record_type")
                .among_texts(filter.record_types.iter().map(String::as_str));
        }
    }
    if !filter.record_states.is_empty() && !page_views {
        let state = sql.dialect.json_text("data", "record_state");
        sql.push(" AND ").push(&state).among_texts(filter.record_states.iter().map(String::as_str));
    }
    if !filter.sources.is_empty() {
        sql.push(" AND source").among_texts(filter.sources.iter().map(String::as_str));
    }
    if let (true, Some(category)) = (page_views, &filter.category) {
        sql.push(" AND category = ").bind(category.clone());
    }
    if !filter.channels.is_empty() {
        sql.push(" AND channel")
            .among(filter.channels.iter().map(|channel| i64::from(channel.number())));
    }
    if let Some(direction) = filter.direction {
        sql.push(" AND direction = ").bind(direction.number());
    }
}
