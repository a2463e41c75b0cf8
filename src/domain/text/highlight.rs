//! The places of a text where a search was found.

use crate::domain::text::places::places;

/// The longest fragment, in characters.
const FRAGMENT_CHARS: usize = 160;
/// Characters shown before the first match of a fragment.
const LEAD_CHARS: usize = 40;
const FRAGMENTS: usize = 3;

/// A piece of a text. Ranges are offsets in Unicode code points of `text`: start inclusive, end exclusive, in order,
/// never overlapping.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fragment {
    pub text: String,
    pub ranges: Vec<(usize, usize)>,
}

/// At most three fragments of at most 160 characters around the words that begin with one of `words` (folded), also inside
/// of what is written without blanks. Nothing where none does. Looks at the first 64 KiB.
pub fn highlight(text: &str, words: &[String]) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    // Offset in bytes and in characters where the open fragment starts and ends, or how far the text was counted.
    let (mut open, mut at) = (Span::default(), Place::default());
    for found in places(text, words) {
        let range = found.range;
        let start = at.forward(text, range.start);
        let end = start.forward(text, range.end);
        at = start;
        if fragments.is_empty() || start.chars >= open.end.chars {
            if fragments.len() == FRAGMENTS {
                break;
            }
            open = Span::around(text, start, end, open.end);
            fragments.push(Fragment {
                text: text[open.start.byte..open.end.byte].to_owned(),
                ranges: Vec::new(),
            });
        }
        let inside =
            (start.chars - open.start.chars, end.chars.min(open.end.chars) - open.start.chars);
        if let Some(fragment) = fragments.last_mut() {
            fragment.ranges.push(inside);
        }
    }
    fragments
}

/// One place in a text, counted both ways.
#[derive(Clone, Copy, Default)]
struct Place {
    byte: usize,
    chars: usize,
}

impl Place {
    fn forward(self, text: &str, byte: usize) -> Place {
        Place { byte, chars: self.chars + text[self.byte..byte].chars().count() }
    }
}

#[derive(Clone, Copy, Default)]
struct Span {
    start: Place,
    end: Place,
}

impl Span {
    /// Around a match, not before `from`, cut between words where there is a blank to cut at.
    fn around(text: &str, start: Place, end: Place, from: Place) -> Span {
        let lead = &text[from.byte..start.byte];
        let far =
            lead.char_indices().rev().take(LEAD_CHARS).last().map_or(lead.len(), |(byte, _)| byte);
        let near = if far == 0 {
            0
        } else {
            lead[far..].find(char::is_whitespace).map_or(far, |blank| far + blank)
        };
        let trimmed = lead[near..].trim_start();
        let begin = Place {
            byte: start.byte - trimmed.len(),
            chars: start.chars - trimmed.chars().count(),
        };

        let rest = &text[begin.byte..];
        let most = rest.char_indices().nth(FRAGMENT_CHARS).map_or(rest.len(), |(byte, _)| byte);
        let matched = end.byte - begin.byte;
        let cut = if most == rest.len() || matched >= most {
            most
        } else {
            rest[matched..most].rfind(char::is_whitespace).map_or(most, |blank| matched + blank)
        };
        Span { start: begin, end: begin.forward(text, begin.byte + cut) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::fold;
    use crate::domain::text::highlight::{FRAGMENT_CHARS, FRAGMENTS, Fragment, highlight};
    use crate::domain::text::tokens;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn marked(fragment: &Fragment) -> Vec<String> {
        fragment
            .ranges
            .iter()
            .map(|(start, end)| fragment.text.chars().skip(*start).take(end - start).collect())
            .collect()
    }

    #[test]
    fn matches_are_marked_in_their_text() {
        let found = highlight("Ein Köhler 😀 traf den köhlerschen Hund", &words(&["kohler"]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "Ein Köhler 😀 traf den köhlerschen Hund");
        assert_eq!(found[0].ranges, [(4, 10), (22, 33)]);
        assert_eq!(marked(&found[0]), ["Köhler", "köhlerschen"]);
        assert_eq!(highlight("nothing here", &words(&["köhler", "zebra", ""])), []);
        for (text, word, ranges) in [
            ("ฉันกินข้าวแล้ว", "กิน", [(3, 6)]),
            ("我想预订房间", "房间", [(4, 6)]),
            ("Mr O’Connor called", "oconnor", [(3, 11)]),
            ("Mr O’Connor called", "conn", [(5, 11)]),
            ("김민수님", "민수", [(1, 3)]),
        ] {
            assert_eq!(highlight(text, &words(&[word]))[0].ranges, ranges, "{text}");
        }
    }

    #[test]
    fn far_matches_have_fragments_of_their_own() {
        let text = format!(
            "{}needle one {}needle two {}needle three {}needle four",
            "blah ".repeat(50),
            "blah ".repeat(60),
            "blah ".repeat(60),
            "blah ".repeat(60)
        );
        let found = highlight(&text, &words(&["needle"]));
        assert_eq!(found.len(), FRAGMENTS);
        for fragment in &found {
            assert_eq!(marked(fragment), ["needle"]);
            assert!(
                fragment.text.starts_with("blah") && !fragment.text.ends_with("bla"),
                "{}",
                fragment.text
            );
        }
    }

    #[test]
    fn a_word_longer_than_a_fragment_is_cut() {
        let found = highlight(&"ä".repeat(500), &words(&["aaa"]));
        assert_eq!(found[0].ranges, [(0, FRAGMENT_CHARS)]);
    }

    proptest! {
        #[test]
        fn ranges_are_inside_their_fragment(text in "(?s)([a-c]{1,9}[ \n.]|.{0,9}|é{0,60}){0,40}", pick in 0..60usize) {
            let word = tokens(&text).nth(pick).map_or_else(|| "a".to_owned(), |(word, _)| word);
            let found = highlight(&text, std::slice::from_ref(&word));
            prop_assert!(found.len() <= FRAGMENTS);
            for fragment in &found {
                let chars = fragment.text.chars().count();
                prop_assert!(chars <= FRAGMENT_CHARS && text.contains(&fragment.text) && !fragment.ranges.is_empty());
                let mut last = 0;
                for (start, end) in &fragment.ranges {
                    prop_assert!(last <= *start && start < end && *end <= chars);
                    last = *end;
                }
                let first = &marked(fragment)[0];
                prop_assert!(fold(first).chars().next() == word.chars().next() || !first.is_ascii());
            }
        }
    }
}
