//! Names that are said, and what programs write where no name is known.

use crate::domain::identifier::is_address;
use crate::domain::model::profile::person_name;
use crate::error::UserError;

/// What stands in the place of a name, in lower case.
const NO_NAMES: &[&str] = &[
    "n/a",
    "#n/a",
    "n.a.",
    "none",
    "unknown",
    "anonymous",
    "guest",
    "noname",
    "no name",
    "no-name",
    "not available",
    "not provided",
    "not set",
    "not specified",
    "unknown caller",
    "unknown user",
    "unknown contact",
    "no caller id",
    "private number",
    "[object object]",
    "<unknown>",
    "(unknown)",
    "(not set)",
    "(none)",
    "<none>",
];
/// Words that programs write for a missing part of a name, in any case.
const NO_WORDS: &[&str] = &["undefined", "(null)", "<null>", "[null]"];
/// Where a template begins that nobody filled in.
const TEMPLATES: &[&str] = &["{{", "${", "*|", "<%", "[[", "%%", "#{"];

/// A name that says something: not `NULL`, `undefined undefined`, `-`, an address or an unfilled template. Nothing where no
/// name was said.
///
/// `Null`, `Nan`, `Nil` and `Na` are names that people have: alone they are taken for none only as programs spell them, and
/// beside another word only in lower case.
pub(crate) fn said_name(name: &str) -> Result<Option<String>, UserError> {
    let Some(name) = person_name(name)? else { return Ok(None) };
    let lower = name.to_lowercase();
    let template = TEMPLATES.iter().any(|begins| name.starts_with(begins));
    if template
        || NO_NAMES.contains(&lower.as_str())
        || nothing_but_marks(&name)
        || is_address(&name)
    {
        return Ok(None);
    }
    let words: Vec<&str> = name.split(' ').collect();
    let said: Vec<&str> = words.iter().copied().filter(|word| !no_word(word)).collect();
    if said.iter().all(|word| no_name(word)) {
        return Ok(None);
    }
    Ok(Some(if said.len() < words.len() { said.join(" ") } else { name }))
}

/// A word that is nobody's name beside others.
fn no_word(word: &str) -> bool {
    word == "null" || NO_WORDS.contains(&word.to_lowercase().as_str())
}

/// A word that is nobody's name alone.
fn no_name(word: &str) -> bool {
    matches!(word, "null" | "NULL" | "Null" | "nan" | "NaN" | "NAN" | "nil" | "NIL" | "NA")
        || NO_NAMES.contains(&word.to_lowercase().as_str())
}

fn nothing_but_marks(name: &str) -> bool {
    name.chars().all(|c| {
        c.is_whitespace()
            || c.is_ascii_punctuation()
            || matches!(c, '\u{2010}'..='\u{2027}' | '·' | '¿' | '¡')
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::model::said_name::said_name;

    #[test]
    fn what_stands_for_a_missing_name_is_none() {
        for name in [
            "",
            "  ",
            "\u{200b}\u{2060}",
            "\u{3000}",
            "NULL",
            "null",
            "Null",
            "(null)",
            "null null",
            "undefined",
            "undefined undefined",
            "Undefined",
            "null undefined",
            "N/A",
            "n/a",
            "#N/A",
            "Unknown",
            "UNKNOWN",
            "unknown unknown",
            "None",
            "none none",
            "NaN",
            "nan nan",
            "nil",
            "NA",
            "-",
            "--",
            "—",
            ".",
            "...",
            "?",
            "Anonymous",
            "Guest",
            "No Name",
            "[object Object]",
            "{{first_name}}",
            "${name}",
            "*|FNAME|*",
            "eve@x.example",
            "Eve@X.example",
            "<eve@x.example>",
            "+1 415 555 0100",
            "4155550100",
            "Unknown Caller",
        ] {
            assert_eq!(said_name(name), Ok(None), "{name:?}");
        }
    }

    #[test]
    fn names_of_people_stay() {
        for (name, said) in [
            ("Eve", "Eve"),
            (" Eve \u{a0} Doe\u{200b}", "Eve Doe"),
            ("Jennifer Null", "Jennifer Null"),
            ("JENNIFER NULL", "JENNIFER NULL"),
            ("Nan Goldin", "Nan Goldin"),
            ("Nan", "Nan"),
            ("Nil", "Nil"),
            ("Na Li", "Na Li"),
            ("Na", "Na"),
            ("Eve undefined", "Eve"),
            ("Eve null", "Eve"),
            ("undefined Doe", "Doe"),
            ("X", "X"),
            ("🌸", "🌸"),
            ("7even", "7even"),
            ("孫", "孫"),
            ("Unknown Mortal Orchestra", "Unknown Mortal Orchestra"),
            ("O'Neil-Smith, Jr.", "O'Neil-Smith, Jr."),
        ] {
            assert_eq!(said_name(name), Ok(Some(said.to_owned())), "{name}");
        }
    }
}
