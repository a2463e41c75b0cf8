//! What an operator reads when the store cannot be used: the cause in one line, and what to do about it. No password is
//! ever in it.

use std::io::ErrorKind;

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// How a password must stand in an address.
pub const ESCAPED: &str = "in an address @ is written %40, / %2F, ? %3F, # %23 and % %25 where it is part of the password";

/// Why the store failed.
pub fn cause(error: &DbErr) -> String {
    let text = match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => cause_of(error),
        // The driver would repeat the whole address.
        DbErr::Conn(RuntimeErr::Internal(_)) => {
            "must be an address such as sqlite://rapport.db or postgres://user:password@host:5432/database".into()
        }
        DbErr::ConnectionAcquire(_) => "no connection came free within 5 s".into(),
        error => error.to_string(),
    };
    text.replace('\n', " ")
}

/// The same of a driver's error.
pub fn cause_of(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => refused(&**error),
        sqlx::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => "nothing listens there (connection refused)".into(),
            ErrorKind::NotFound => "there is no such socket".into(),
            ErrorKind::TimedOut => "no answer came in time".into(),
            // How resolvers say it; the kind says nothing.
            _ if error.to_string().starts_with("failed to lookup address") => {
                "there is no such host".into()
            }
            _ => error.to_string(),
        },
        sqlx::Error::Tls(error) => format!("TLS failed: {error}; see ?sslmode="),
        sqlx::Error::PoolTimedOut => "no connection came free within 5 s".into(),
        error => error.to_string(),
    }
}

/// What the server said, and what mends it.
fn refused(error: &dyn DatabaseError) -> String {
    let (code, message) = (error.code(), error.message());
    let mend = match code.as_deref() {
        Some("28P01") => ESCAPED,
        Some("28000") => "pg_hba.conf of the server says who may come in",
        Some("3D000") => "create it (createdb), or name another one in the address",
        Some("42501") if message.contains("extension") => {
            "a superuser can make it once, with CREATE EXTENSION"
        }
        Some("42501") => {
            "the database's user must own the tables, and may create in the schema (GRANT CREATE, USAGE ON SCHEMA public TO …)"
        }
        Some("25006") => "name the primary in the address, not a replica that only reads",
        Some("53300") => {
            "raise max_connections of the server, or lower RAPPORT_DATABASE_CONNECTIONS"
        }
        Some("57P03") => "the server starts or stops; try again",
        Some("0A000" | "58P01") if message.contains("extension") => {
            "install PostgreSQL's contrib modules on the server"
        }
        // SQLite.
        Some("8" | "1544" | "776") => "the file, or the folder that it lies in, may not be written",
        Some("14") => "the file cannot be opened",
        Some("26") => "the file is another program's",
        Some("13") => "the disk is full",
        _ => return message.to_owned(),
    };
    format!("{message}; {mend}")
}
