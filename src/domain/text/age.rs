//! How long ago a person was seen, as the index of terms orders those of one term.

use crate::ids::Micros;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// 2020-01-01T00:00:00Z.
const FIRST: i64 = 18_262 * DAY;
/// The most days: the year 2109.
const MOST: i64 = i16::MAX as i64;

/// The day of the last sighting, the newest first: days since 2020, negative. 0 for never and for times before.
///
/// The terms of a person who is seen again get the new day from a job of the server, not from the event: it would write all
/// of them anew.
pub fn age(seen: Option<Micros>) -> i16 {
    let days = (seen.unwrap_or_default().0.saturating_sub(FIRST) / DAY).clamp(0, MOST);
    -i16::try_from(days).unwrap_or(i16::MAX)
}

/// The same of a column, in SQL.
pub fn age_sql(seen: &str) -> String {
    format!(
        "CASE WHEN {seen} >= {} THEN -{MOST} WHEN {seen} > {FIRST} THEN -(({seen} - {FIRST}) / {DAY}) ELSE 0 END",
        FIRST + MOST * DAY
    )
}

#[cfg(test)]
mod tests {
    use crate::domain::text::age::age;
    use crate::ids::Micros;

    #[test]
    fn the_newest_comes_first() {
        let (first, day) = (1_577_836_800_000_000, 86_400_000_000);
        for (seen, expected) in [
            (None, 0),
            (Some(i64::MIN), 0),
            (Some(first + day - 1), 0),
            (Some(first + day), -1),
            (Some(first + 2_500 * day + 7), -2_500),
            (Some(i64::MAX), -32_767),
        ] {
            assert_eq!(age(seen.map(Micros)), expected, "{seen:?}");
        }
    }
}
