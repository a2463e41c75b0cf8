//! The few places where the two stores' table definitions differ.

use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Tokens of a statement text, with what SQLite and PostgreSQL say for each.
const TOKENS: &[(&str, &str, &str)] = &[
    // A number that the store allocates, in order of insertion.
    (
        "{counted}",
        "INTEGER PRIMARY KEY AUTOINCREMENT",
        "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    ),
    // Text compared by bytes, so that ranges are prefixes.
    ("{bytewise}", "TEXT", "TEXT COLLATE \"C\""),
    // The id of a history item: on SQLite the row number itself, at first.
    ("{item_id}", "INTEGER PRIMARY KEY", "BIGINT"),
    ("{item_key}", "", ", PRIMARY KEY (tenant, id)"),
    ("{bytes}", "BLOB", "BYTEA"),
    // Tables that are their own index.
    ("{keyed}", " WITHOUT ROWID", ""),
    // Rows that are updated in place again and again.
    ("{hot}", " WITHOUT ROWID", " WITH (fillfactor = 60)"),
    // The transaction's number: the first half of the feed's order. SQLite has one writer, so that its order is the row number's alone.
    (
        "{transaction}",
        "BIGINT NOT NULL DEFAULT 0",
        "BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)",
    ),
    // Built after the rows where it can be.
    ("{term_key}", ", PRIMARY KEY (tenant, home, term, field)", ""),
    // The words of an item, for the full-text index. SQLite keeps them in a table of their own.
    ("{words}", "", ", words TSVECTOR"),
];

/// Runs each statement; a leading `sqlite:` or `postgres:` keeps it to that store.
pub async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for statement in statements {
        let statement =
            match (statement.strip_prefix("sqlite:"), statement.strip_prefix("postgres:")) {
                (Some(text), _) if sqlite => text,
                (_, Some(text)) if !sqlite => text,
                (None, None) => statement,
                _ => continue,
            };
        let text =
            TOKENS.iter().fold(statement.to_string(), |text, (token, on_sqlite, on_postgres)| {
                text.replace(token, if sqlite { on_sqlite } else { on_postgres })
            });
        manager.get_connection().execute_unprepared(&text).await?;
    }
    Ok(())
}

/// A migration from its two lists of statements.
#[macro_export]
macro_rules! migration {
    (up: $up:expr, down: $down:expr $(,)?) => {
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[sea_orm_migration::prelude::async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            // Whole or not at all, on SQLite too: a start that was killed half-way must not leave tables behind.
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $crate::dialect::run(manager, $up).await
            }

            async fn down(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $crate::dialect::run(manager, $down).await
            }
        }
    };
}
