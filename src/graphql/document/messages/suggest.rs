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
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, _)| *distance <= allowed)
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
/// the whole is one.
fn distance(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    if one == other {
        return 1;
    }
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (n, letter) in one.iter().enumerate() {
        let mut row = vec![n + 1];
        for (m, against) in other.iter().enumerate() {
            let replaced = above[m] + usize::from(letter != against);
            let mut least = replaced.min(above[m + 1] + 1).min(row[m] + 1);
            if n > 0 && m > 0 && *letter == other[m - 1] && one[n - 1] == *against {
                least = least.min(before[m - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[other.len()]
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
        ] {
            assert_eq!(distance(one, other), edits, "{one} {other}");
            assert_eq!(distance(other, one), edits, "{other} {one}");
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
