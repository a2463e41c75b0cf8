//! The words in which the two stores differ; every branch on the store in a statement stands here.

use sea_orm::DbBackend;

/// Which store it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub fn backend(self) -> DbBackend {
        match self {
            Dialect::Sqlite => DbBackend::Sqlite,
            Dialect::Postgres => DbBackend::Postgres,
        }
    }

    pub fn is_postgres(self) -> bool {
        self == Dialect::Postgres
    }

    /// Whether the words of names stand by themselves, for fragments to be looked for among them. The full-text index of
    /// SQLite stops as soon as it has found enough, that of PostgreSQL finds all first.
    pub fn has_name_words(self) -> bool {
        self.is_postgres()
    }

    /// Picks between what is said to SQLite and to PostgreSQL.
    fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        if self.is_postgres() { postgres } else { sqlite }
    }

    /// Locks the rows that are read. SQLite has one writer, who holds everything.
    pub fn for_update(self) -> &'static str {
        self.pick("", " FOR UPDATE")
    }

    /// Keeps the rows that are read as they are; others may read them the same way.
    pub fn for_share(self) -> &'static str {
        self.pick("", " FOR SHARE")
    }

    /// The same of one relation only.
    pub fn for_share_of(self, alias: &str) -> String {
        match self {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!(" FOR SHARE OF {alias}"),
        }
    }

    /// Locks them in the order of their ids, so that two writers never wait for each other in a ring.
    pub fn for_update_by_id(self) -> &'static str {
        self.pick("", " ORDER BY id FOR UPDATE")
    }

    /// The same, but rows that somebody else holds are left to them.
    pub fn for_update_skip_locked(self) -> &'static str {
        self.pick("", " FOR UPDATE SKIP LOCKED")
    }

    /// The greater of two values, of which one may be nothing.
    pub fn greatest(self, a: &str, b: &str) -> String {
        match self {
            Dialect::Sqlite => format!("COALESCE(MAX({a}, {b}), {a}, {b})"),
            Dialect::Postgres => format!("GREATEST({a}, {b})"),
        }
    }

    /// The tenant beside items' ids: of the two SQLite would take the tenant, and read all that it has.
    pub fn tenant_beside_ids(self) -> &'static str {
        self.pick("+tenant", "tenant")
    }

    /// Compares text by its bytes: SQLite always does.
    pub fn bytewise(self) -> &'static str {
        self.pick("", " COLLATE \"C\"")
    }

    /// Keeps a part of a statement from being planned together with the rest: PostgreSQL would read it several times.
    pub fn materialized(self) -> &'static str {
        self.pick("", "MATERIALIZED ")
    }

    /// The rows of a select as one JSON list of lists, in this order; nothing where there are none.
    pub fn json_lists(self, columns: &str, order: &str) -> String {
        match self {
            Dialect::Sqlite => {
                format!("NULLIF(json_group_array(json_array({columns}) ORDER BY {order}), '[]')")
            }
            Dialect::Postgres => {
                format!("CAST(json_agg(json_build_array({columns}) ORDER BY {order}) AS TEXT)")
            }
        }
    }

    /// A row as one JSON list, as text.
    pub fn json_list(self, columns: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_array({columns})"),
            Dialect::Postgres => format!("CAST(json_build_array({columns}) AS TEXT)"),
        }
    }

    /// The numbers of a JSON list, as a relation with the column `value`. The column comes with its table's name.
    pub fn json_numbers(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_each({column})"),
            Dialect::Postgres => format!(
                "(SELECT CAST(e.value AS BIGINT) AS value FROM json_array_elements_text({column}::json) AS e(value))"
            ),
        }
    }

    /// A text in a JSON object, by its key.
    pub fn json_text(self, column: &str, key: &str) -> String {
        match self {
            Dialect::Sqlite => format!("({column} ->> '$.{key}')"),
            Dialect::Postgres => format!("(CAST({column} AS JSON) ->> '{key}')"),
        }
    }

    /// The function that finds a text in another one: (where, what), 0 for nowhere.
    pub fn position(self) -> &'static str {
        self.pick("instr", "strpos")
    }

    /// A row where a table exists; its name comes after it, as a parameter.
    pub fn table_exists(self) -> &'static str {
        self.pick(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ",
            "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = ",
        )
    }

    /// Gives a parameter the type of a small number, which PostgreSQL cannot infer everywhere.
    pub fn as_small(self) -> &'static str {
        self.pick("", "::smallint")
    }

    /// The same of a number.
    pub fn as_big(self) -> &'static str {
        self.pick("", "::bigint")
    }

    /// Keeps to what every reader of the feed sees alike: on PostgreSQL what is below the oldest open transaction. SQLite
    /// has one writer, so that everything committed is.
    pub fn below_horizon(self, xid: &str) -> String {
        match self {
            Dialect::Sqlite => "TRUE".to_string(),
            Dialect::Postgres => {
                format!("{xid} < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            }
        }
    }
}
