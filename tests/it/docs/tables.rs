//! The tables of `docs` say what the code says.

use clap::{Args, Command};
use rapport::config::ServeConfig;
use rapport::domain::identifier::STARTER;
use rapport::domain::tenant::settings::GUARD_ROWS;
use rapport::error::Code;
use rapport::worker::EVENT_TYPES;

use crate::docs::page;

fn assert_row(path: &str, row: &str) {
    assert!(page(path).lines().any(|line| line == row), "{path} lacks this line:\n{row}");
}

#[test]
fn the_table_of_errors_is_the_enum() {
    for row in Code::ALL {
        let line = format!("| `{}` | {} | {} | {} |", row.name, row.status, row.when, row.then);
        assert_row("docs/errors.md", &line);
    }
}

#[test]
fn the_guards_and_their_reasons_are_the_defaults() {
    for row in GUARD_ROWS {
        let line = format!("| `{}` | {} | {} |", row.name, row.default, row.why);
        assert_row("docs/concepts.md", &line);
    }
}

#[test]
fn the_starter_list_of_blocked_values_is_printed() {
    for rule in STARTER {
        let of = rule.kind.map_or("any".into(), |kind| format!("{kind:?}").to_uppercase());
        let line = format!("| `{}` | {of} | {} |", rule.value.replace('|', "\\|"), rule.reason);
        assert_row("docs/identifiers.md", &line);
    }
}

#[test]
fn the_types_of_outgoing_events_are_listed() {
    for (name, when) in EVENT_TYPES {
        assert_row("docs/live.md", &format!("| `{name}` | {when} |"));
    }
}

/// The row of a setting; where the code has a default, the row tells it.
#[test]
fn every_setting_of_serve_stands_in_the_configuration_table() {
    let (command, text) =
        (ServeConfig::augment_args(Command::new("serve")), page("docs/configure.md"));
    for argument in command.get_arguments() {
        let Some(variable) = argument.get_env() else { continue };
        let cell = format!("| `{}` |", variable.to_string_lossy());
        let row = text.lines().find(|line| line.starts_with(&cell));
        let row = row.unwrap_or_else(|| panic!("docs/configure.md lacks the setting {cell}"));
        let cells: Vec<&str> = row.split(" | ").collect();
        if let Some(default) = argument.get_default_values().first() {
            assert_eq!(cells[1], format!("`{}`", default.to_string_lossy()), "{row}");
        } else {
            // A default that depends on others is said in words.
            let bare = cells[1].trim_matches('`');
            let plain = bare.len() + 2 == cells[1].len() && !bare.contains('`');
            assert!(!plain, "the code has no default: {row}");
        }
    }
    // And no row is about a setting that is no more.
    let known: Vec<String> = command
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
        .collect();
    for line in text.lines().filter(|line| line.starts_with("| `RAPPORT_")) {
        let name = line.split('`').nth(1).expect("a name");
        assert!(known.iter().any(|known| known == name), "there is no setting {name}");
    }
}
