//! When a mail was written, as mail programs say it. Pure.

use mail_parser::DateTime;

use crate::channels::mail::read;
use crate::channels::times::{iso, rfc2822};
use crate::ids::Micros;

const SECOND: i64 = 1_000_000;

/// The time of a `Date` header: RFC 5322, what is nearly that, or ISO 8601.
pub fn date(header: &str) -> Option<Micros> {
    rfc2822(header).or_else(|| nearly(header)).or_else(|| iso(header))
}

/// Weekdays that are wrong or missing, zones in words, years of two digits.
fn nearly(header: &str) -> Option<Micros> {
    let time = read(header, |line| DateTime::parse_rfc822(std::str::from_utf8(line).ok()?))?;
    time.is_valid().then(|| Micros(time.to_timestamp().saturating_mul(SECOND)))
}

#[cfg(test)]
mod tests {
    use crate::channels::mail::dates::date;
    use crate::ids::Micros;

    #[test]
    fn dates_are_read_as_programs_write_them() {
        let time = Some(Micros(1_795_600_800_000_000));
        for text in [
            "Wed, 25 Nov 2026 11:00:00 +0100",
            "Wed, 25 Nov 2026 11:00:00 +0100 (CET)",
            "25 Nov 2026 10:00:00 GMT",
            "Mon, 25 Nov 2026 10:00:00 +0000",
            "Wed, 25 Nov 26 05:00:00 EST",
            "Wed,  25 Nov 2026 10:00:00 -0000",
            "2026-11-25T10:00:00Z",
        ] {
            assert_eq!(date(text), time, "{text}");
        }
        for text in ["", "yesterday", "Wed, 99 Foo 2026 10:00:00", "0", "::::::", "Wed, 25 Nov"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
