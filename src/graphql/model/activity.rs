//! How much happened with a customer on each day, by channel.

use async_graphql::SimpleObject;
use chrono::{DateTime, Duration};
use rapport_macros::Fields;

use crate::domain::history::activity::{ActiveDay, LastDays};
use crate::error::Code;
use crate::graphql::enums::Channel;
use crate::graphql::fault::{Fault, Result};

/// Days of one chart: 53 weeks.
const MOST_DAYS: u16 = 371;
/// No clock is further from UTC, in minutes.
const MOST_MINUTES: i16 = 14 * 60;

/// A day on which something happened.
#[derive(Clone, Fields, SimpleObject)]
pub struct ActivityDay {
    /// The date at the viewer's place, as `YYYY-MM-DD`.
    day: String,
    /// Items of that day.
    count: i32,
    /// The same by channel, in the order of the enum; channels without an item are left out.
    channels: Vec<ChannelCount>,
}

/// How much came one way.
#[derive(Clone, Fields, SimpleObject)]
pub struct ChannelCount {
    /// The way it came.
    channel: Channel,
    /// Items.
    count: i32,
}

impl From<&ActiveDay> for ActivityDay {
    fn from(active: &ActiveDay) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let date = DateTime::UNIX_EPOCH.date_naive() + Duration::days(active.day);
        ActivityDay {
            day: date.to_string(),
            count: count(active.channels.values().sum()),
            channels: active
                .channels
                .iter()
                .map(|(channel, items)| ChannelCount {
                    channel: (*channel).into(),
                    count: count(*items),
                })
                .collect(),
        }
    }
}

/// Checks which days are asked for, and where the viewer is.
pub fn last_days(days: i32, offset_minutes: i32) -> Result<LastDays> {
    let days = u16::try_from(days).ok().filter(|days| (1..=MOST_DAYS).contains(days));
    let days = days.ok_or_else(|| {
        Fault::new(Code::InvalidArgument, format!("days is from 1 to {MOST_DAYS}"))
    })?;
    let minutes_east = i16::try_from(offset_minutes).ok();
    let minutes_east =
        minutes_east.filter(|minutes| (-MOST_MINUTES..=MOST_MINUTES).contains(minutes));
    let minutes_east = minutes_east.ok_or_else(|| {
        let message = format!("offsetMinutes is from -{MOST_MINUTES} to {MOST_MINUTES}");
        Fault::new(Code::InvalidArgument, message)
    })?;
    Ok(LastDays { days, minutes_east })
}

#[cfg(test)]
mod tests {
    use crate::graphql::model::activity::last_days;

    #[test]
    fn days_and_offsets_have_bounds() {
        for (days, offset, well) in [
            (1, 0, true),
            (371, 840, true),
            (182, -840, true),
            (0, 0, false),
            (-1, 0, false),
            (372, 0, false),
            (65_537, 0, false),
            (i32::MIN, 0, false),
            (1, 841, false),
            (1, -841, false),
            (1, -32_768, false),
            (1, i32::MAX, false),
        ] {
            assert_eq!(last_days(days, offset).is_ok(), well, "{days} {offset}");
        }
    }
}
