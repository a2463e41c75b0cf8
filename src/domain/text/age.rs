//! How long ago a person was seen, as the index of terms orders those of one term.

use crate::ids::Micros;

const WEEK: i64 = 7 * 24 * 60 * 60 * 1_000_000;
/// The most weeks: the year 2598.
const MOST: i64 = i16::MAX as i64;

/// The week of the last sighting, the newest first: weeks since 1970, negative. 0 for never and for times before.
///
/// The terms of a person who is seen again get the new week from a job of the server, not from the event: it would write all
/// of them anew.
pub fn age(seen: Option<Micros>) -> i16 {
    let weeks = (seen.unwrap_or_default().0 / WEEK).clamp(0, MOST);
    -i16::try_from(weeks).unwrap_or(i16::MAX)
}

/// The same of a column, in SQL.
pub fn age_sql(seen: &str) -> String {
    format!("CASE WHEN {seen} >= {} THEN -{MOST} WHEN {seen} > 0 THEN -({seen} / {WEEK}) ELSE 0 END", MOST * WEEK)
}

#[cfg(test)]
mod tests {
    use crate::domain::text::age::age;
    use crate::ids::Micros;

    #[test]
    fn the_newest_comes_first() {
        let week = 604_800_000_000;
        for (seen, expected) in [
            (None, 0),
            (Some(-5), 0),
            (Some(week - 1), 0),
            (Some(week), -1),
            (Some(2_900 * week + 7), -2_900),
            (Some(i64::MAX), -32_767),
        ] {
            assert_eq!(age(seen.map(Micros)), expected, "{seen:?}");
        }
    }
}
