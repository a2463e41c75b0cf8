//! "Did you mean …?" for names that are nearly right.

/// How many names are suggested.
const SUGGESTED: usize = 3;

/// Longer names are no slips of a typist; comparing costs the product of the lengths.
const LONGEST: usize = 64;

/// The names nearest to a wrong one, as an end of its message; nothing where none is near.
pub fn near<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    if wrong.len() > LONGEST {
        return String::new();
    }
    // As many mistakes as two in five letters, and one more.
    let allowed = wrong.len() * 2 / 5 + 1;
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.len().abs_diff(wrong.len()) <= allowed)
        .filter_map(|name| Some((distance(wrong, name, allowed)?, name)))
        .collect();
    near.sort_unstable();
    sentence("", near.into_iter().map(|(_, name)| name))
}

/// ` Did you mean "a", "b", or "c"?`
pub fn sentence<'n>(how: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.take(SUGGESTED).map(|name| format!("\"{name}\"")).collect();
    let list = match names.as_slice() {
        [] => return String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        [most @ .., last] => format!("{}, or {last}", most.join(", ")),
    };
    format!(" Did you mean {how}{list}?")
}

/// Letters to insert, to leave out, to replace, or to swap with their neighbour; another case of
/// the whole is one. Nothing where it is more than `allowed`.
fn distance(one: &str, other: &str, allowed: usize) -> Option<usize> {
    if one.eq_ignore_ascii_case(other) {
        return Some(usize::from(one != other)).filter(|edits| *edits <= allowed);
    }
    let same = |one: u8, other: u8| one.eq_ignore_ascii_case(&other);
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before = vec![0; other.len() + 1];
    let mut above: Vec<usize> = (0..=other.len()).collect();
    let mut row = before.clone();
    for (n, letter) in one.iter().enumerate() {
        row[0] = n + 1;
        for (m, against) in other.iter().enumerate() {
            let replaced = above[m] + usize::from(!same(*letter, *against));
            let mut least = replaced.min(above[m + 1] + 1).min(row[m] + 1);
            if n > 0 && m > 0 && same(*letter, other[m - 1]) && same(one[n - 1], *against) {
                least = least.min(before[m - 1] + 1);
            }
            row[m + 1] = least;
        }
        if row.iter().all(|edits| *edits > allowed) {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    Some(above[other.len()]).filter(|edits| *edits <= allowed)
}

#[cfg(test)]
mod tests {
    use crate::graphql::document::messages::suggest::{distance, near};

    #[test]
    fn distances_count_single_edits() {
        for (one, other, edits) in [
            ("name", "name", 0),
            ("NAME", "name", 1),
            ("nam", "name", 1),
            ("nmae", "name", 1),
            ("node", "name", 2),
            ("", "name", 4),
            ("abcd", "badc", 2),
        ] {
            assert_eq!(distance(one, other, edits), Some(edits), "{one} {other}");
            assert_eq!(distance(other, one, edits), Some(edits), "{other} {one}");
            assert!(edits == 0 || distance(one, other, edits - 1).is_none(), "{one} {other}");
        }
    }

    #[test]
    fn the_nearest_names_come_first_and_no_more_than_three() {
        let names = || ["name", "names", "game", "nme", "fame", "customer"].into_iter();
        assert_eq!(near("nam", names()), r#" Did you mean "name", "fame", or "game"?"#);
        assert_eq!(near("customr", names()), r#" Did you mean "customer"?"#);
        assert_eq!(near("somethingElse", names()), "");
        let two = ["gme", "nme"].into_iter();
        assert_eq!(near("name", two), r#" Did you mean "nme" or "gme"?"#);
    }
}
