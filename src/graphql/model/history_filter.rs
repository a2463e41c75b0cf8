//! The input that says which items of a history are wanted.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};

use crate::domain::model::history_filter::HistoryFilter;
use crate::error::Code;
use crate::graphql::enums::{Channel, Direction, HistoryKind};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::scalars::micros;

/// Values in one list of a filter.
const LIST: usize = 50;
/// Bytes of one of them.
const VALUE_BYTES: usize = 1_000;

/// Which items of a history; every condition must hold.
#[derive(Clone, Default, InputObject)]
#[graphql(name = "HistoryFilter")]
pub struct HistoryFilterInput {
    /// Of these kinds.
    pub kinds: Option<Vec<HistoryKind>>,
    /// Records of these types.
    pub record_types: Option<Vec<String>>,
    /// That came these ways.
    pub channels: Option<Vec<Channel>>,
    /// In this direction.
    pub direction: Option<Direction>,
    /// That happened then or later.
    pub since: Option<DateTime<Utc>>,
    /// That happened before then.
    pub until: Option<DateTime<Utc>>,
    /// With all of these words; the last one may be cut off.
    pub text: Option<String>,
    /// From one of these sources, by the names under which they were recorded.
    pub sources: Option<Vec<String>>,
    /// Records in one of these states, written as they were recorded.
    pub record_states: Option<Vec<String>>,
}

impl HistoryFilterInput {
    pub fn read(input: Option<HistoryFilterInput>) -> Result<HistoryFilter> {
        let input = input.unwrap_or_default();
        let too_long = [
            input.kinds.as_ref().map(Vec::len),
            input.record_types.as_ref().map(Vec::len),
            input.channels.as_ref().map(Vec::len),
            input.sources.as_ref().map(Vec::len),
            input.record_states.as_ref().map(Vec::len),
        ];
        if too_long.into_iter().flatten().any(|length| length > LIST)
            || input.text.as_ref().is_some_and(|text| text.len() > 1_000)
        {
            return Err(Fault::new(
                Code::InvalidArgument,
                format!("a filter has at most {LIST} values of a kind and 1,000 bytes of text"),
            ));
        }
        let texts = [&input.record_types, &input.sources, &input.record_states];
        let wrong = |text: &String| text.len() > VALUE_BYTES || text.contains('\0');
        if texts.into_iter().flatten().flatten().any(wrong) {
            return Err(Fault::new(
                Code::InvalidArgument,
                format!("a value of a filter has at most {VALUE_BYTES} bytes, and no NUL"),
            ));
        }
        Ok(HistoryFilter {
            kinds: input.kinds.into_iter().flatten().map(Into::into).collect(),
            record_types: input
                .record_types
                .into_iter()
                .flatten()
                .map(|name| name.trim().to_lowercase())
                .collect(),
            channels: input.channels.into_iter().flatten().map(Into::into).collect(),
            direction: input.direction.map(Into::into),
            since: input.since.map(micros),
            until: input.until.map(micros),
            text: input
                .text
                .map(|text| text.replace('\0', " "))
                .filter(|text| !text.trim().is_empty()),
            sources: input.sources.unwrap_or_default(),
            record_states: input.record_states.unwrap_or_default(),
            category: None,
        })
    }
}
