//! Newest items are packed as bytes: read in a fraction of the time of JSON. What was prepared goes, and is prepared anew for
//! whoever is read.

// A page of the table holds a row, whatever its columns are.
const TUPLES: &str = "postgres:ALTER TABLE newest_items SET (toast_tuple_target = 8160)";
const STORAGE: &str = "postgres:ALTER TABLE newest_items ALTER COLUMN newest SET STORAGE MAIN, ALTER COLUMN further SET STORAGE MAIN";
const COMPRESSION: &str = "postgres:DO $$ BEGIN ALTER TABLE newest_items ALTER COLUMN newest SET COMPRESSION lz4, ALTER COLUMN further SET COMPRESSION lz4;
    EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL; END $$";
// They go with the table.
const STATISTICS: &str = "sqlite:INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('newest_items', 'sqlite_autoindex_newest_items_1', '100000 100000 1')";

crate::migration! {
    up: &[
        "DROP TABLE newest_items",
        "CREATE TABLE newest_items (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL, newest {bytes} NOT NULL,
            further {bytes} NOT NULL, PRIMARY KEY (tenant, customer))",
        TUPLES,
        STORAGE,
        COMPRESSION,
        STATISTICS,
        "sqlite:ANALYZE sqlite_schema",
        "UPDATE compatibility SET oldest = 'm20261127_000028_packed_items'",
    ],
    down: &[
        "postgres:UPDATE compatibility SET oldest = 'm20261127_000025_words_by_stretch'",
        "sqlite:UPDATE compatibility SET oldest = 'm20261127_000024_prepared_rows'",
        "DROP TABLE newest_items",
        "CREATE TABLE newest_items (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL, newest TEXT NOT NULL,
            further TEXT NOT NULL, PRIMARY KEY (tenant, customer))",
        TUPLES,
        STORAGE,
        COMPRESSION,
        STATISTICS,
        "sqlite:ANALYZE sqlite_schema",
    ],
}
