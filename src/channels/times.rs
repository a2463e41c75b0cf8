//! Times as devices and providers write them, and the correction of clocks that are wrong. Pure.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value as Json;

use crate::ids::Micros;

const SECOND: i64 = 1_000_000;
/// How far a provider's clock may be ahead.
const DAY: i64 = 86_400 * SECOND;
/// A clock that is off by less than this is taken as right: that long a request may travel, and correcting it would only
/// reorder what it says.
const TRANSIT: i64 = 60 * SECOND;

/// An ISO 8601 or RFC 3339 time, as text; one without a zone is UTC, and a day is its beginning.
pub fn iso(text: &str) -> Option<Micros> {
    let text = text.trim();
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%z"));
    if let Ok(time) = zoned {
        return Some(Micros(time.timestamp_micros()));
    }
    let of_day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(of_day)
        .map(|time| Micros(time.and_utc().timestamp_micros()))
}

/// An RFC 2822 time, as in mail.
pub fn rfc2822(text: &str) -> Option<Micros> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|time| Micros(time.timestamp_micros()))
}

/// Seconds since 1970, as a number or its text.
pub fn unix_seconds(value: &Json) -> Option<Micros> {
    number(value)?.checked_mul(SECOND).map(Micros)
}

/// Milliseconds since 1970, as a number or its text.
pub fn unix_milliseconds(value: &Json) -> Option<Micros> {
    number(value)?.checked_mul(1_000).map(Micros)
}

fn number(value: &Json) -> Option<i64> {
    match value {
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// When something happened, by a provider whose clock is right. What it does not say, or what cannot be (before 1970, over
/// a day ahead), is when it told.
pub fn provider_time(said: Option<Micros>, received: Micros) -> Micros {
    said.filter(|at| (0..=received.0.saturating_add(DAY)).contains(&at.0)).unwrap_or(received)
}

/// When something happened, by a device whose clock may be wrong: what it says, moved by how far its clock was off when it
/// sent, and never later than the arrival. Without a readable time it happened when it arrived; without a time of sending
/// nothing is corrected.
pub fn device_time(at: Option<Micros>, sent_at: Option<Micros>, received: Micros) -> Micros {
    let Some(at) = at else { return received };
    let off = sent_at.map_or(0, |sent| received.0.saturating_sub(sent.0));
    let corrected = if off.abs() > TRANSIT { at.0.saturating_add(off) } else { at.0 };
    Micros(corrected.min(received.0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::channels::times::{
        device_time, iso, provider_time, rfc2822, unix_milliseconds, unix_seconds,
    };
    use crate::ids::Micros;

    #[test]
    fn times_are_read_as_they_are_written() {
        let time = Some(Micros(1_795_600_800_500_000));
        for text in [
            "2026-11-25T10:00:00.500Z",
            "2026-11-25T10:00:00.5",
            "2026-11-25 11:00:00.5+01:00",
            "2026-11-25T11:00:00.500+0100",
        ] {
            assert_eq!(iso(text), time, "{text}");
        }
        assert_eq!(iso("2026-11-25"), Some(Micros(1_795_564_800_000_000)));
        assert_eq!(rfc2822("Wed, 25 Nov 2026 11:00:00 +0100"), Some(Micros(1_795_600_800_000_000)));
        assert_eq!(unix_seconds(&json!("1795600800")), Some(Micros(1_795_600_800_000_000)));
        assert_eq!(unix_milliseconds(&json!(1_795_600_800_500_i64)), time);
        assert_eq!((iso("yesterday"), unix_seconds(&json!("9223372036854775807"))), (None, None));
    }

    #[test]
    fn a_provider_is_believed_what_can_be() {
        let received = Micros(1_795_600_800_000_000);
        for (said, is) in [
            (Some(Micros(0)), Micros(0)),
            (Some(Micros(received.0 + 86_400_000_000)), Micros(received.0 + 86_400_000_000)),
            (Some(Micros(received.0 + 86_400_000_001)), received),
            (Some(Micros(-1)), received),
            (None, received),
        ] {
            assert_eq!(provider_time(said, received), is, "{said:?}");
        }
    }

    #[test]
    fn a_clock_that_is_wrong_is_corrected_and_one_that_is_slow_to_send_is_not() {
        let minutes = |minutes: i64| Micros(minutes * 60_000_000);
        let received = minutes(1_000);
        for (at, sent, is) in [
            (Some(minutes(990)), Some(received), minutes(990)),
            (Some(minutes(90)), Some(minutes(100)), minutes(990)),
            (Some(minutes(1_990)), Some(minutes(2_000)), minutes(990)),
            (Some(minutes(999)), Some(Micros(received.0 - 50_000_000)), minutes(999)),
            (Some(minutes(1_010)), None, received),
            (Some(minutes(20)), None, minutes(20)),
            (None, Some(minutes(10)), received),
            (Some(Micros(i64::MAX)), Some(Micros(i64::MIN)), received),
        ] {
            assert_eq!(device_time(at, sent, received), is, "{at:?} sent {sent:?}");
        }
    }
}
