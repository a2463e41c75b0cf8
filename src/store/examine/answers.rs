//! What is to be said about a PostgreSQL, by its answers. Pure.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::config::Finding;
use crate::store::gate::{Before, Gate};
use crate::store::migrations::Migrations;

/// Clocks may differ by this: tokens that were made on another machine are checked as exactly.
const CLOCKS: Duration = Duration::from_secs(2);
const OLDEST_VERSION: i32 = 150_000;

/// What the server and the user are.
pub(super) struct Facts {
    pub number: i32,
    pub version: String,
    pub encoding: String,
    pub read_only: bool,
    pub connections: i32,
    pub used: i32,
    pub clock: f64,
    pub may_create: bool,
    pub user: String,
    pub schema: String,
}

/// A table's name, that it may not be used, that it is another user's.
pub(super) type TableRow = (String, bool, bool);
/// An extension's name, that the server has it, that this user may make it.
pub(super) type ExtensionRow = (String, bool, bool);

pub(super) fn of_pooler(gate: &Gate, before: Before, wanted: usize) -> Option<Finding> {
    const WHAT: &str = "pooler";
    match before {
        Before::Nothing => None,
        Before::Transactions => Some(Finding::ok(
            WHAT,
            "a pooler by transaction stands before PostgreSQL: each statement runs in a transaction of its own",
        )),
        Before::Sessions(given) if given < wanted => {
            Some(Finding::error(WHAT, gate.too_few(given, wanted)))
        }
        Before::Sessions(_) => Some(Finding::warn(
            WHAT,
            format!(
                "a pooler by session stands before PostgreSQL: it must have {wanted} connections for each server; pool_mode = transaction needs fewer"
            ),
        )),
    }
}

pub(super) fn of_server(facts: &Facts, address: &str) -> Finding {
    const WHAT: &str = "store";
    let Facts { version, encoding, user, .. } = facts;
    if facts.number < OLDEST_VERSION {
        return Finding::error(WHAT, format!("PostgreSQL {version} is too old: 15 or newer"));
    }
    if encoding != "UTF8" {
        let mend = "make a database with ENCODING 'UTF8'";
        return Finding::error(WHAT, format!("the database's encoding is {encoding}; {mend}"));
    }
    Finding::ok(WHAT, format!("PostgreSQL {version} at {address}, as {user}"))
}

pub(super) fn of_rights(
    facts: &Facts,
    migrations: &Migrations,
    extensions: &[ExtensionRow],
    tables: &[TableRow],
) -> Vec<Finding> {
    const WHAT: &str = "rights";
    let Facts { user, schema, .. } = facts;
    let mut findings = Vec::new();
    let mut wrong = |text: String| findings.push(Finding::error(WHAT, text));
    if facts.read_only {
        wrong("the server only reads: name the primary in DATABASE_URL, not a replica".into());
    }
    let named = |which: fn(&TableRow) -> bool| {
        let names: Vec<&str> =
            tables.iter().filter(|row| which(row)).map(|row| row.0.as_str()).take(3).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(names) = named(|row| row.1) {
        wrong(format!(
            "{user} may not read and write {names}: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {user}"
        ));
    }
    if !migrations.missing.is_empty() {
        if !facts.may_create {
            wrong(format!(
                "the migrations cannot run: GRANT USAGE, CREATE ON SCHEMA {schema} TO {user}"
            ));
        }
        if let Some(names) = named(|row| row.2) {
            wrong(format!("the migrations cannot run: {names} belong to another user than {user}"));
        }
        for (name, available, creatable) in extensions {
            if !available {
                wrong(format!(
                    "the extension {name} is not installed on the server: install PostgreSQL's contrib modules"
                ));
            } else if !creatable {
                wrong(format!(
                    "{user} may not make the extension {name}; a superuser can, once: CREATE EXTENSION {name}"
                ));
            }
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(WHAT, format!("{user} may do what rapport does")));
    }
    findings
}

pub(super) fn of_connections(facts: &Facts, wanted: usize) -> Finding {
    const WHAT: &str = "connections";
    let Facts { connections, used, .. } = facts;
    let limit = usize::try_from(*connections).unwrap_or(0);
    let mend = "raise max_connections, or lower RAPPORT_DATABASE_CONNECTIONS";
    let opens = format!("each server opens up to {wanted}");
    if limit < wanted {
        return Finding::error(WHAT, format!("{opens}, and {limit} are allowed: {mend}"));
    }
    let free = limit.saturating_sub(usize::try_from(*used).unwrap_or(0));
    if free < wanted {
        return Finding::warn(WHAT, format!("{opens}, and {free} of {limit} are free now: {mend}"));
    }
    Finding::ok(WHAT, format!("{opens} of {limit}"))
}

pub(super) fn of_clock(facts: &Facts, began: SystemTime, took: Duration) -> Finding {
    const WHAT: &str = "clock";
    let here = began.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let early = here - CLOCKS.as_secs_f64();
    let late = here + took.as_secs_f64() + CLOCKS.as_secs_f64();
    if (early..=late).contains(&facts.clock) {
        return Finding::ok(WHAT, "as the store's");
    }
    let seconds = (facts.clock - here).abs().round();
    let way = if facts.clock < here { "ahead of" } else { "behind" };
    Finding::warn(WHAT, format!("{seconds} s {way} the store's; let both follow NTP"))
}
