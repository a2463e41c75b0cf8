//! PostgreSQL: each word of the history stands in the index behind its tenant and its stretch of time, 2^36 µs, so that a
//! word, or the beginning of one, is looked up in one stretch alone.

crate::migration! {
    up: &[
        // As earlier states of 000022 built them.
        "postgres:DROP INDEX IF EXISTS engagement_words",
        "postgres:DROP INDEX IF EXISTS page_view_words",
        "postgres:CREATE INDEX engagement_words ON engagement USING gin (CAST(replace(' ' || CAST(words AS TEXT), ' ''',
            ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR)) WHERE words IS NOT NULL",
        "postgres:CREATE INDEX page_view_words ON page_view USING gin (CAST(replace(' ' || CAST(words AS TEXT), ' ''',
            ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR)) WHERE words IS NOT NULL",
        // What is indexed is like nothing that is known.
        "postgres:ANALYZE engagement",
        "postgres:ANALYZE page_view",
        "postgres:UPDATE compatibility SET oldest = 'm20261127_000025_words_by_stretch'",
    ],
    down: &[
        "postgres:UPDATE compatibility SET oldest = 'm20261127_000024_prepared_rows'",
        "postgres:DROP INDEX page_view_words",
        "postgres:DROP INDEX engagement_words",
    ],
}
