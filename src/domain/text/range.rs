//! Prefixes as ranges, because an index answers a range in every plan and `LIKE` only in some.

use crate::domain::text::{SearchField, TERM_CHARS};

/// Terms of one field, `>= lower` and `< upper`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TermRange {
    pub field: SearchField,
    pub lower: String,
    pub upper: String,
}

impl TermRange {
    pub(super) fn prefix(field: SearchField, prefix: &str) -> Self {
        let (lower, upper) = prefix_range(prefix);
        TermRange { field, lower, upper }
    }
}

/// (lower, upper): exactly the terms with this prefix are `>= lower` and `< upper`, compared byte by byte
/// (`COLLATE "C"` on PostgreSQL, `BINARY` on SQLite). Terms have at most [`TERM_CHARS`] characters.
pub fn prefix_range(prefix: &str) -> (String, String) {
    let mut upper = prefix.to_owned();
    while let Some(last) = upper.pop() {
        // `char` steps over the surrogates, as UTF-8 does.
        if let Some(next) = (last..=char::MAX).nth(1) {
            upper.push(next);
            return (prefix.to_owned(), upper);
        }
    }
    (prefix.to_owned(), char::MAX.to_string().repeat(TERM_CHARS + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::range::prefix_range;

    #[test]
    fn the_upper_bound_is_the_next_prefix() {
        for (prefix, upper) in [
            ("abc", "abd"),
            ("a\u{7f}", "a\u{80}"),
            ("\u{d7ff}", "\u{e000}"),
            ("a\u{10ffff}", "b"),
            ("z", "{"),
        ] {
            assert_eq!(prefix_range(prefix), (prefix.to_owned(), upper.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn the_range_holds_exactly_the_prefixed(prefix in "[ab\u{7f}\u{7ff}\u{d7ff}\u{ffff}\u{10ffff}]{0,3}", term in "[ab\u{7f}\u{80}\u{7ff}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}]{0,5}") {
            let (lower, upper) = prefix_range(&prefix);
            prop_assert_eq!(term.starts_with(&prefix), term >= lower && term < upper);
            let longer = format!("{prefix}{term}");
            prop_assert!(longer >= lower && longer < upper);
        }

        #[test]
        fn any_text_is_told_from_any_prefix(prefix in "\\PC{0,4}", term in "\\PC{0,6}") {
            let (lower, upper) = prefix_range(&prefix);
            prop_assert_eq!(term.starts_with(&prefix), term >= lower && term < upper);
        }
    }
}
