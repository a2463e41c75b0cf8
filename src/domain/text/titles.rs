//! Titles and forms of address, which people type and names seldom have.

use crate::domain::text::fold;

/// Words by themselves, folded, without their full stop.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "mister",
    "sir",
    "madam",
    "maam",
    "dame",
    "lady",
    "lord",
    "dr",
    "doctor",
    "prof",
    "professor",
    "rev",
    "fr",
    "hon",
    "capt",
    "herr",
    "herrn",
    "hr",
    "frau",
    "fraulein",
    "doktor",
    "ing",
    "mag",
    "dhr",
    "mevr",
    "mevrouw",
    "meneer",
    "monsieur",
    "madame",
    "mademoiselle",
    "mme",
    "mlle",
    "mm",
    "me",
    "senor",
    "senora",
    "senorita",
    "sr",
    "sra",
    "srta",
    "don",
    "dona",
    "senhor",
    "senhora",
    "signor",
    "signore",
    "signora",
    "signorina",
    "sig",
    "sigra",
    "dott",
    "dottoressa",
    "pan",
    "pani",
    "pane",
    "gospodin",
    "gospodja",
    "г-н",
    "г-жа",
    "господин",
    "госпожа",
    "пан",
    "пані",
    "bay",
    "bayan",
    "sayin",
    "السيد",
    "السيده",
    "استاذ",
    "الاستاذ",
    "دكتور",
    "الدكتور",
    "اقاي",
    "خانم",
    "shri",
    "smt",
    "श्री",
    "श्रीमती",
    "คุณ",
    "นาย",
    "นาง",
    "นางสาว",
    "さん",
    "様",
    "先生",
    "小姐",
    "女士",
    "씨",
    "님",
];

/// What is written behind a name, and together with it.
const BEHIND: &[&str] = &[
    "さん",
    "さま",
    "様",
    "くん",
    "君",
    "ちゃん",
    "氏",
    "先生",
    "小姐",
    "女士",
    "太太",
    "선생님",
    "님",
    "씨",
];
/// What is written before a name, and together with it.
const BEFORE: &[&str] = &["นางสาว", "นาง", "นาย", "คุณ"];

/// The text without its titles; nothing where it has none, or nothing else.
pub(super) fn without_titles(text: &str) -> Option<String> {
    let (mut kept, mut found) = (Vec::new(), false);
    for chunk in text.split_whitespace() {
        let rest = stripped(chunk);
        found |= rest != chunk;
        if !rest.is_empty() {
            kept.push(rest);
        }
    }
    (found && kept.iter().any(|chunk| chunk.contains(char::is_alphanumeric)))
        .then(|| kept.join(" "))
}

/// A chunk without the titles that it is or begins or ends with.
fn stripped(chunk: &str) -> &str {
    if is_title(chunk) {
        return "";
    }
    if let Some((title, name)) = chunk.split_once('.')
        && is_title(title)
    {
        return stripped(name);
    }
    let behind = BEHIND.iter().find_map(|title| chunk.strip_suffix(title));
    let before = BEFORE.iter().find_map(|title| chunk.strip_prefix(title));
    behind.or(before).unwrap_or(chunk)
}

fn is_title(chunk: &str) -> bool {
    let word = fold(chunk.trim_matches(|c: char| matches!(c, '.' | ',' | ':')));
    // `M.` is a title, `M` an initial.
    TITLES.contains(&word.as_str()) || word == "m" && chunk.ends_with('.')
}

#[cfg(test)]
mod tests {
    use crate::domain::text::fold;
    use crate::domain::text::titles::{BEFORE, BEHIND, TITLES, without_titles};

    #[test]
    fn titles_go_where_something_else_stays() {
        for (text, rest) in [
            ("Mr. Cook", Some("Cook")),
            ("mr cook", Some("cook")),
            ("Mr.Cook", Some("Cook")),
            ("Prof. Dr. Anna Müller", Some("Anna Müller")),
            ("Señora Gómez", Some("Gómez")),
            ("M. Dupont", Some("Dupont")),
            ("Г-н Петров", Some("Петров")),
            ("田中さん", Some("田中")),
            ("李先生", Some("李")),
            ("김민수님", Some("김민수")),
            ("김민수 씨", Some("김민수")),
            ("คุณสมชาย", Some("สมชาย")),
            ("Mr.", None),
            ("Dr. Prof.", None),
            ("Cook", None),
            ("M Dupont", None),
            ("씨", None),
            ("", None),
        ] {
            assert_eq!(without_titles(text).as_deref(), rest, "{text}");
        }
    }

    #[test]
    fn the_lists_are_folded() {
        for title in TITLES {
            assert_eq!(*title, fold(title));
        }
        assert!(BEHIND.iter().chain(BEFORE).all(|title| *title == fold(title)));
    }
}
