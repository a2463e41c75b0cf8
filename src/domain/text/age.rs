//! How long ago a person was seen, as the index of terms orders those of one term.

use crate::ids::Micros;

/// Ten minutes: of a busy tenant's thousands with one name, few were seen in the same.
const SPAN: i64 = 10 * 60 * 1_000_000;
/// 2024-01-01T00:00:00Z.
const FIRST: i64 = 1_704_067_200_000_000;
/// How many ages there are: those of 79 years.
pub const AGES: i64 = 1 << 22;
const MOST: i64 = AGES - 1;

/// The ten minutes of the last sighting, the newest first: counted since 2024, negative. 0 for never and for times before.
///
/// The terms of a person who is seen again get the new age from a job of the server, not from the event: it would write all
/// of them anew.
pub fn age(seen: Option<Micros>) -> i32 {
    let spans = (seen.unwrap_or_default().0.saturating_sub(FIRST) / SPAN).clamp(0, MOST);
    -i32::try_from(spans).unwrap_or(i32::MAX)
}

/// The same of a column, in SQL.
pub fn age_sql(seen: &str) -> String {
    format!(
        "CASE WHEN {seen} >= {} THEN -{MOST} WHEN {seen} > {FIRST} THEN -(({seen} - {FIRST}) / {SPAN}) ELSE 0 END",
        FIRST + MOST * SPAN
    )
}

#[cfg(test)]
mod tests {
    use crate::domain::text::age::age;
    use crate::ids::Micros;

    #[test]
    fn the_newest_comes_first() {
        let (first, span) = (1_704_067_200_000_000, 600_000_000);
        for (seen, expected) in [
            (None, 0),
            (Some(i64::MIN), 0),
            (Some(first + span - 1), 0),
            (Some(first + span), -1),
            (Some(first + 2_500 * span + 7), -2_500),
            (Some(i64::MAX), -4_194_303),
        ] {
            assert_eq!(age(seen.map(Micros)), expected, "{seen:?}");
        }
    }
}
