//! The environment beside the settings: secrets that are kept in files, and variables that nobody knows.

use std::collections::BTreeMap;

use clap::{Args, Command};

use crate::config::ServeConfig;

/// Settings that may stand in a file instead: `<NAME>_FILE` names it, as a container's secrets want it.
const SECRETS: [&str; 4] =
    ["DATABASE_URL", "REDIS_URL", "RAPPORT_JWT_HS256_SECRET", "RAPPORT_SECRET_KEY"];
const FILE: &str = "_FILE";
const PREFIX: &str = "RAPPORT_";
/// What tests and the tools beside the server read; a server that sees them is not misled.
const OTHERS: [&str; 2] = ["RAPPORT_TEST_", "RAPPORT_FAULT"];
/// How alike two names are that mean the same, of 1.
const ALIKE: f64 = 0.8;

/// The value of a variable; an empty one is not set.
fn set(name: &str) -> Option<String> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(|value| value.to_string_lossy().into_owned())
}

/// The values of these variables that stand in files, and what is wrong with such files.
pub(super) fn from_files(wanted: &[String]) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut values, mut problems) = (BTreeMap::new(), Vec::new());
    for name in SECRETS.iter().filter(|name| wanted.iter().any(|wanted| wanted == *name)) {
        let file = format!("{name}{FILE}");
        let Some(path) = set(&file) else { continue };
        if set(name).is_some() {
            problems.push(format!("{file}: {name} is set as well; leave one of them out"));
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => match without_newline(&text) {
                "" => problems.push(format!("{file}: {path} is empty")),
                value => drop(values.insert((*name).to_owned(), value.to_owned())),
            },
            Err(error) => problems.push(format!("{file}: {path} cannot be read: {error}")),
        }
    }
    (values, problems)
}

/// Without the newline that editors put at the end of a file.
fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Every variable that is read.
pub fn variables() -> Vec<String> {
    let command = ServeConfig::augment_args(Command::new("serve"));
    let read = command.get_arguments().filter_map(|argument| argument.get_env());
    let read = read.map(|name| name.to_string_lossy().into_owned());
    read.chain(SECRETS.map(|name| format!("{name}{FILE}"))).collect()
}

/// One line for each variable of this environment that looks like a setting and is none.
pub fn unknown_variables() -> Vec<String> {
    let names = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let mut names: Vec<String> =
        names.map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    unknown(&names)
}

fn unknown(names: &[String]) -> Vec<String> {
    let known = variables();
    let strange = names.iter().filter(|name| {
        name.starts_with(PREFIX)
            && !known.contains(name)
            && !OTHERS.iter().any(|other| name.starts_with(other))
    });
    let line = |name: &String| match nearest(name, &known) {
        Some(meant) => format!("{name}: no such setting; {meant} may be meant"),
        None => format!("{name}: no such setting"),
    };
    strange.map(line).collect()
}

/// The known name that is most like it, with and without the prefix that all have.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a String> {
    let own = |name: &str| name.strip_prefix(PREFIX).unwrap_or(name).to_owned();
    let scored = known.iter().map(|known| (strsim::jaro_winkler(&own(name), &own(known)), known));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(alike, _)| *alike >= ALIKE).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use crate::config::environment::{unknown, variables, without_newline};

    #[test]
    fn a_misspelt_variable_is_told_with_the_one_that_is_meant() {
        for (name, meant) in [
            ("RAPPORT_LISTN", Some("RAPPORT_LISTEN")),
            ("RAPPORT_DATABASE_URL", Some("DATABASE_URL")),
            ("RAPPORT_REDIS_URL", Some("REDIS_URL")),
            ("RAPPORT_JWT_SECRET", Some("RAPPORT_JWT_HS256_SECRET")),
            ("RAPPORT_MAXBATCH", Some("RAPPORT_MAX_BATCH")),
            ("RAPPORT_SECRET_KEYFILE", Some("RAPPORT_SECRET_KEY_FILE")),
            ("RAPPORT_WEATHER", None),
        ] {
            let told = unknown(&[name.to_owned()]);
            let wanted = match meant {
                Some(meant) => format!("{name}: no such setting; {meant} may be meant"),
                None => format!("{name}: no such setting"),
            };
            assert_eq!(told, [wanted]);
        }
    }

    #[test]
    fn what_is_read_and_what_is_another_programs_is_no_news() {
        let others = ["PATH", "PGUSER", "RAPPORT_TEST_REDIS_URL"].map(str::to_owned);
        assert_eq!(unknown(&others), [] as [String; 0]);
        assert_eq!(unknown(&variables()), [] as [String; 0]);
        assert!(variables().len() > 30);
    }

    #[test]
    fn one_newline_is_cut() {
        for (text, value) in [("a\n", "a"), ("a\r\n", "a"), ("a", "a"), (" a \n\n", " a \n")] {
            assert_eq!(without_newline(text), value);
        }
    }
}
