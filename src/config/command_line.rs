//! The command line, filled up from the environment: every wrong value is told, not the first alone.

use std::collections::BTreeSet;
use std::error::Error as _;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Parser};

use crate::config::environment::from_files;

/// A command, and what is wrong with the values of the environment: one line each, which names the variable. The command
/// has the defaults in their places.
pub struct Read<C> {
    pub command: C,
    pub problems: Vec<String>,
}

/// Reads the command line of this process.
///
/// # Errors
/// What is wrong with the command line itself, or its help; and the problems seen so far.
pub fn read_command_line<C: Parser>() -> Result<Read<C>, (clap::Error, Vec<String>)> {
    let (values, mut problems) = from_files(&variables_of(&C::command()));
    let mut refused = BTreeSet::new();
    loop {
        let prepared = |arg: Arg| {
            let Some(name) = arg.get_env().map(|name| name.to_string_lossy().into_owned()) else {
                return arg;
            };
            let given = values.get(&name).filter(|_| !refused.contains(&name));
            // Compose files set every variable that they name, to nothing where nobody gave a value.
            let empty = std::env::var_os(&name).is_some_and(|value| value.is_empty());
            if refused.contains(&name) || empty || given.is_some() {
                let arg = arg.env(Resettable::Reset);
                return match given {
                    Some(value) => arg
                        .default_value(value.clone().leak() as &'static str)
                        .hide_default_value(true),
                    None => arg,
                };
            }
            arg
        };
        let mut command = C::command().mut_subcommands(|command| command.mut_args(prepared));
        let read = command
            .try_get_matches_from_mut(std::env::args_os())
            .and_then(|matches| C::from_arg_matches(&matches));
        match read {
            Ok(command) => return Ok(Read { command, problems }),
            Err(error) => match wrong_variable(&C::command(), &error) {
                Some((variable, line)) if !refused.contains(&variable) => {
                    refused.insert(variable);
                    problems.push(line);
                }
                _ => return Err((error.format(&mut command), problems)),
            },
        }
    }
}

/// The variables of the command that was asked for.
fn variables_of(command: &Command) -> Vec<String> {
    let asked = std::env::args().nth(1).and_then(|name| command.find_subcommand(name));
    let names = asked.into_iter().flat_map(Command::get_arguments).filter_map(Arg::get_env);
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// A wrong value that came from the environment, in one line; clap would speak of the flag, which nobody gave.
fn wrong_variable(command: &Command, error: &clap::Error) -> Option<(String, String)> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let name = flag.split([' ', '=']).next()?.strip_prefix("--")?;
    let given = |word: String| {
        word.strip_prefix("--").is_some_and(|word| word.split('=').next() == Some(name))
    };
    if std::env::args().any(given) {
        return None;
    }
    let variable = command
        .get_subcommands()
        .flat_map(Command::get_arguments)
        .find(|arg| arg.get_long() == Some(name))?
        .get_env()?
        .to_string_lossy()
        .into_owned();
    let why = match (error.get(ContextKind::ValidValue), error.source()) {
        (Some(ContextValue::Strings(valid)), _) => format!("must be one of {}", valid.join(", ")),
        (_, Some(source)) => source.to_string(),
        _ => "cannot be read".into(),
    };
    let line = format!("{variable}: {value:?}: {why}");
    Some((variable, line))
}
