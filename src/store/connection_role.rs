//! How the store's connections are opened: each role has settings of its own. Behind a pooler a connection has none:
//! there each transaction begins with them.

use std::sync::LazyLock;
use std::time::Duration;

use sea_orm::ConnectOptions;
use sea_orm::sqlx::{self, sqlite};

use crate::config::StoreConfig;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ConnectionRole {
    Write,
    Read,
    Search,
    Migrate,
}

/// A setting of PostgreSQL.
type Setting = (&'static str, &'static str);

const TIMEOUTS: [Setting; 3] = [
    ("statement_timeout", "15s"),
    ("idle_in_transaction_session_timeout", "15s"),
    ("lock_timeout", "10s"),
];
/// What tells that the settings of a connection arrived, as PostgreSQL shows it.
pub(super) const PROOF: Setting = TIMEOUTS[2];

impl ConnectionRole {
    /// Its settings on PostgreSQL.
    fn settings(self) -> &'static [Setting] {
        match self {
            // Our statements are few, and their best plan does not depend on the values: planning costs more than running.
            // Rows that are updated are found by their keys, also in a small table, and so in the order in which everybody
            // locks them. Helpers take longer to start than any of them takes, but look cheap where a limit is not known.
            ConnectionRole::Write => &[
                ("plan_cache_mode", "force_generic_plan"),
                ("jit", "off"),
                ("max_parallel_workers_per_gather", "0"),
                ("enable_seqscan", "off"),
                ("enable_bitmapscan", "off"),
            ],
            // The planner expects the average customer and would sort the heaviest one's whole history. A plan that was made
            // while a table was empty is kept while it fills: it asks the table's index from the start.
            ConnectionRole::Read => &[
                ("enable_bitmapscan", "off"),
                ("enable_seqscan", "off"),
                ("plan_cache_mode", "force_generic_plan"),
                ("jit", "off"),
                ("max_parallel_workers_per_gather", "0"),
            ],
            // How alike two words are is decided anew by search; the index only has to bring what may be meant. Plans
            // depend on how common a word is, so that none is kept; a limit makes reading the whole table look cheap,
            // which it never is. Helpers take longer to start than a search has. In too little memory the list of a common
            // word becomes one of pages, all of whose rows are looked at.
            ConnectionRole::Search => &[
                ("jit", "off"),
                ("max_parallel_workers_per_gather", "0"),
                ("work_mem", "16MB"),
                ("pg_trgm.word_similarity_threshold", "0.35"),
                ("plan_cache_mode", "force_custom_plan"),
                ("enable_seqscan", "off"),
            ],
            // It takes the time that it takes.
            ConnectionRole::Migrate => {
                &[("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")]
            }
        }
    }

    fn only_reads(self) -> bool {
        matches!(self, ConnectionRole::Read | ConnectionRole::Search)
    }

    /// What begins a transaction behind a pooler: one message with all settings, which end with it.
    pub fn opening(self) -> &'static str {
        static WRITE: LazyLock<String> = LazyLock::new(|| opening(ConnectionRole::Write));
        static READ: LazyLock<String> = LazyLock::new(|| opening(ConnectionRole::Read));
        static SEARCH: LazyLock<String> = LazyLock::new(|| opening(ConnectionRole::Search));
        static MIGRATE: LazyLock<String> = LazyLock::new(|| opening(ConnectionRole::Migrate));
        match self {
            ConnectionRole::Write => &WRITE,
            ConnectionRole::Read => &READ,
            ConnectionRole::Search => &SEARCH,
            ConnectionRole::Migrate => &MIGRATE,
        }
    }
}

fn opening(role: ConnectionRole) -> String {
    let begin = if role.only_reads() { "BEGIN READ ONLY" } else { "BEGIN" };
    let settings = TIMEOUTS.iter().chain(role.settings());
    let set = settings.map(|(name, value)| format!("; SET LOCAL {name} = '{value}'"));
    std::iter::once(begin.to_owned()).chain(set).collect()
}

/// How to connect: `pooled` behind a pooler.
pub(super) fn options(
    config: &StoreConfig,
    connections: u32,
    role: ConnectionRole,
    pooled: bool,
) -> ConnectOptions {
    let mut options = ConnectOptions::new(&config.database_url);
    options
        .max_connections(connections)
        .min_connections(u32::from(role != ConnectionRole::Search))
        .acquire_timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(5))
        .test_before_acquire_if_idle_for(Duration::from_secs(2))
        .record_stmt_in_spans(false)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| for_sqlite(options, role));
    options.map_sqlx_postgres_opts(move |options| for_postgres(options, role, pooled));
    options.map_sqlx_postgres_pool_opts(|options: sqlx::pool::PoolOptions<sqlx::Postgres>| {
        options.idle_timeout(Duration::from_mins(5))
    });
    options
}

fn for_sqlite(
    options: sqlite::SqliteConnectOptions,
    role: ConnectionRole,
) -> sqlite::SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlite::SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(20))
        .statement_cache_capacity(256)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        // Pages that are written again and again are brought into the database once for many commits, and what they write
        // together stays in memory until then. More at once would make those who come meanwhile wait for longer.
        .pragma("wal_autocheckpoint", "16000")
        .pragma("cache_size", if role == ConnectionRole::Write { "-64000" } else { "-1500" })
        .pragma("query_only", if role == ConnectionRole::Write { "OFF" } else { "ON" })
}

/// The options of a connection for this role.
pub(super) fn for_postgres(
    options: sqlx::postgres::PgConnectOptions,
    role: ConnectionRole,
    pooled: bool,
) -> sqlx::postgres::PgConnectOptions {
    let options = options.application_name("rapport");
    let options = if nearby(&options) {
        options.ssl_mode(sqlx::postgres::PgSslMode::Disable)
    } else {
        options
    };
    if pooled {
        // A pooler takes few parameters, and hands the connection on with what is prepared on it.
        return options.statement_cache_capacity(0).extra_float_digits(None);
    }
    let read_only = role.only_reads().then_some(("default_transaction_read_only", "on"));
    options
        .statement_cache_capacity(256)
        .options(TIMEOUTS)
        .options(read_only)
        .options(role.settings().iter().copied())
}

/// Whether the link to the store stays on this machine: over loopback, TLS that proves nobody's name (`prefer`, the
/// default) would only cost both sides time. Whoever asks for more in the URL gets it.
fn nearby(options: &sqlx::postgres::PgConnectOptions) -> bool {
    let here = matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]")
        || options.get_socket().is_some();
    here && matches!(options.get_ssl_mode(), sqlx::postgres::PgSslMode::Prefer)
}
