//! How long ago a person was seen, as the index of terms orders those of one term.

use crate::ids::Micros;

/// Three hours: of a busy tenant's thousands with one name, few were seen in the same.
const SPAN: i64 = 3 * 60 * 60 * 1_000_000;
/// 2024-01-01T00:00:00Z.
const FIRST: i64 = 1_704_067_200_000_000;
/// The most spans: March 2035. Who is seen later comes in the order of the exact time, which takes a look at each.
const MOST: i64 = i16::MAX as i64;

/// The three hours of the last sighting, the newest first: counted since 2024, negative. 0 for never and for times before.
///
/// The terms of a person who is seen again get the new age from a job of the server, not from the event: it would write all
/// of them anew.
pub fn age(seen: Option<Micros>) -> i16 {
    let spans = (seen.unwrap_or_default().0.saturating_sub(FIRST) / SPAN).clamp(0, MOST);
    -i16::try_from(spans).unwrap_or(i16::MAX)
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
        let (first, span) = (1_704_067_200_000_000, 10_800_000_000);
        for (seen, expected) in [
            (None, 0),
            (Some(i64::MIN), 0),
            (Some(first + span - 1), 0),
            (Some(first + span), -1),
            (Some(first + 2_500 * span + 7), -2_500),
            (Some(i64::MAX), -32_767),
        ] {
            assert_eq!(age(seen.map(Micros)), expected, "{seen:?}");
        }
    }
}
