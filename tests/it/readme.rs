//! The README's tables say what the code says.

use clap::{Args, Command};
use rapport::config::ServeConfig;
use rapport::domain::identifier::STARTER;
use rapport::domain::tenant::settings::GUARD_ROWS;
use rapport::error::Code;
use rapport::worker::EVENT_TYPES;

const README: &str = include_str!("../../README.md");

fn assert_row(row: &str) {
    assert!(README.lines().any(|line| line == row), "README.md lacks this line:\n{row}");
}

#[test]
fn the_table_of_errors_is_the_enum() {
    for row in Code::ALL {
        assert_row(&format!("| `{}` | {} | {} | {} |", row.name, row.status, row.when, row.then));
    }
}

#[test]
fn the_guards_and_their_reasons_are_the_defaults() {
    for row in GUARD_ROWS {
        assert_row(&format!("| `{}` | {} | {} |", row.name, row.default, row.why));
    }
}

#[test]
fn the_starter_list_of_blocked_values_is_printed() {
    for rule in STARTER {
        let of = rule.kind.map_or("any".into(), |kind| format!("{kind:?}").to_uppercase());
        assert_row(&format!("| `{}` | {of} | {} |", rule.value.replace('|', "\\|"), rule.reason));
    }
}

#[test]
fn the_types_of_outgoing_events_are_listed() {
    for (name, when) in EVENT_TYPES {
        assert_row(&format!("| `{name}` | {when} |"));
    }
}

#[test]
fn every_setting_of_serve_stands_in_the_configuration_table() {
    let command = ServeConfig::augment_args(Command::new("serve"));
    for argument in command.get_arguments() {
        let Some(variable) = argument.get_env() else { continue };
        let cell = format!("| `{}` |", variable.to_string_lossy());
        assert!(
            README.lines().any(|line| line.starts_with(&cell)),
            "README.md lacks the setting {cell}"
        );
    }
}
