//! Prepared rows: a customer's newest items, one row instead of fifty that lie scattered over the tables; and what a search
//! shows of a person. Versions that do not know the tables would change things beside them.

crate::migration! {
    up: &[
        "CREATE TABLE newest_items (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL, newest TEXT NOT NULL,
            further TEXT NOT NULL, PRIMARY KEY (tenant, customer))",
        // Compressed beside its key: a page of the table holds it.
        "CREATE TABLE person_card (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL, card TEXT NOT NULL,
            PRIMARY KEY (tenant, customer))",
        "postgres:ALTER TABLE newest_items SET (toast_tuple_target = 8160)",
        "postgres:ALTER TABLE newest_items ALTER COLUMN newest SET STORAGE MAIN, ALTER COLUMN further SET STORAGE MAIN",
        // Taken apart in a fifth of the time, where the server was built with it.
        "postgres:DO $$ BEGIN ALTER TABLE newest_items ALTER COLUMN newest SET COMPRESSION lz4, ALTER COLUMN further SET COMPRESSION lz4;
            EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL; END $$",
        "UPDATE compatibility SET oldest = 'm20261127_000024_prepared_rows'",
    ],
    down: &[
        "UPDATE compatibility SET oldest = 'm20261126_000021_terms_by_day'",
        "DROP TABLE newest_items",
        "DROP TABLE person_card",
    ],
}
