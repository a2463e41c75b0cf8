//! `Range: bytes=…`: the one part of a file that a request asks for. Pure.

use std::ops::Range;

/// What of a file is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    Whole,
    Some(Range<u64>),
    /// What is asked for lies behind its end.
    Beyond,
}

/// What this header asks of so many bytes. Several parts, other units and what is no range are answered with the whole.
pub fn part(header: Option<&str>, size: u64) -> Part {
    let range = header.and_then(|header| header.trim().strip_prefix("bytes="));
    let Some((first, last)) = range.and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let number = |text: &str| -> Option<Option<u64>> {
        let text = text.trim();
        if text.is_empty() {
            return Some(None);
        }
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| Some(text.parse().unwrap_or(u64::MAX)))
    };
    match (number(first), number(last)) {
        (Some(Some(first)), Some(last)) if last.is_none_or(|last| last >= first) => {
            let end = last.map_or(size, |last| last.saturating_add(1).min(size));
            if first < size { Part::Some(first..end) } else { Part::Beyond }
        }
        // The last so many.
        (Some(None), Some(Some(count))) => {
            if count > 0 && size > 0 {
                Part::Some(size.saturating_sub(count)..size)
            } else {
                Part::Beyond
            }
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use crate::http::byte_range::{Part, part};

    #[test]
    fn one_part_is_asked_for_by_its_ends() {
        for (header, size, wanted) in [
            ("bytes=0-4", 10, Part::Some(0..5)),
            ("bytes=5-", 10, Part::Some(5..10)),
            ("bytes=-3", 10, Part::Some(7..10)),
            ("bytes=-30", 10, Part::Some(0..10)),
            ("bytes=9-99999999999999999999999", 10, Part::Some(9..10)),
            ("bytes=0-18446744073709551615", 10, Part::Some(0..10)),
            ("bytes=10-", 10, Part::Beyond),
            ("bytes=99999999999999999999999-", 10, Part::Beyond),
            ("bytes=-0", 10, Part::Beyond),
            ("bytes=0-", 0, Part::Beyond),
            ("bytes=-5", 0, Part::Beyond),
            ("bytes=4-2", 10, Part::Whole),
            ("bytes=0-1,3-4", 10, Part::Whole),
            ("bytes=-", 10, Part::Whole),
            ("bytes=a-b", 10, Part::Whole),
            ("bytes=+1-2", 10, Part::Whole),
            ("lines=0-1", 10, Part::Whole),
            ("", 10, Part::Whole),
        ] {
            assert_eq!(part(Some(header), size), wanted, "{header} of {size}");
        }
        assert_eq!(part(None, 10), Part::Whole);
    }
}
