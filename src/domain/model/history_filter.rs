//! Which items of a history are meant: the filter of history pages, counts and subscriptions.

use crate::domain::model::item::{Body, Item};
use crate::domain::text::{asked_words, fts_words};
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::ids::Micros;

/// Which items.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct HistoryFilter {
    pub kinds: Vec<HistoryKind>,
    pub record_types: Vec<String>,
    pub channels: Vec<Channel>,
    pub direction: Option<Direction>,
    pub since: Option<Micros>,
    pub until: Option<Micros>,
    pub text: Option<String>,
    /// From one of these sources.
    pub sources: Vec<String>,
    /// Records in one of these states.
    pub record_states: Vec<String>,
    /// Page views of one category.
    pub category: Option<String>,
}

impl HistoryFilter {
    /// Whether every item passes.
    pub fn is_open(&self) -> bool {
        self.kinds.is_empty() && self.record_types.is_empty() && self.is_counted()
    }

    /// Whether kept counts answer it.
    pub fn is_counted(&self) -> bool {
        let HistoryFilter {
            kinds: _,
            record_types: _,
            channels,
            direction,
            since,
            until,
            text,
            sources,
            record_states,
            category,
        } = self;
        let lists = channels.is_empty() && sources.is_empty() && record_states.is_empty();
        let times = since.is_none() && until.is_none();
        lists && times && direction.is_none() && text.is_none() && category.is_none()
    }

    /// Whether an item passes: what the conditions of a statement say, asked in memory.
    pub fn admits(&self, item: &Item) -> bool {
        let category = || match &item.body {
            Body::PageView(page) => page.category.as_ref(),
            Body::Engagement(_) => None,
        };
        (self.kinds.is_empty() || self.kinds.contains(&item.kind))
            && (self.record_types.is_empty()
                || item
                    .record_type()
                    .is_some_and(|name| self.record_types.iter().any(|wanted| wanted == name)))
            && (self.channels.is_empty() || self.channels.contains(&item.channel))
            && (self.direction.is_none() || self.direction == item.direction)
            && self.since.is_none_or(|since| item.occurred_at >= since)
            && self.until.is_none_or(|until| item.occurred_at < until)
            && (self.sources.is_empty() || self.sources.contains(&item.source))
            && (self.record_states.is_empty() || self.has_state(item))
            && (self.category.is_none() || self.category.as_ref() == category())
            && self.text.as_deref().is_none_or(|text| has_words(item, text))
    }

    fn has_state(&self, item: &Item) -> bool {
        let state = item.engagement().and_then(|engagement| engagement.data.record_state.as_ref());
        state.is_some_and(|state| self.record_states.contains(state))
    }

    /// Whether an engagement can pass.
    pub fn admits_engagements(&self) -> bool {
        self.category.is_none()
            && (self.kinds.is_empty()
                || self.kinds.iter().any(|kind| *kind != HistoryKind::PageView))
    }

    /// Whether a page view can pass.
    pub fn admits_page_views(&self) -> bool {
        self.record_types.is_empty()
            && self.record_states.is_empty()
            && (self.kinds.is_empty() || self.kinds.contains(&HistoryKind::PageView))
    }
}

/// Whether an item has all these words; the last one may be the beginning of one.
fn has_words(item: &Item, text: &str) -> bool {
    let words = fts_words(&item.text_for_search());
    asked_words(text).iter().all(|asked| words.iter().any(|word| asked.is(word)))
}
