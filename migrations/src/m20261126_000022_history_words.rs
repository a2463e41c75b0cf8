//! PostgreSQL: the words of the history are asked for by stretches of time, newest first. The stretch of an item, 2^38 µs, is
//! a key of the index beside its words.

crate::migration! {
    up: &[
        "postgres:DROP INDEX engagement_words",
        "postgres:CREATE INDEX engagement_words ON engagement USING gin (tenant, (occurred_at >> 38), words) WHERE words IS NOT NULL",
        "postgres:DROP INDEX page_view_words",
        "postgres:CREATE INDEX page_view_words ON page_view USING gin (tenant, (occurred_at >> 38), words) WHERE words IS NOT NULL",
        // What `occurred_at >> 38` is like is not known before.
        "postgres:ANALYZE engagement",
        "postgres:ANALYZE page_view",
    ],
    down: &[
        "postgres:DROP INDEX page_view_words",
        "postgres:CREATE INDEX page_view_words ON page_view USING gin (tenant, words) WHERE words IS NOT NULL",
        "postgres:DROP INDEX engagement_words",
        "postgres:CREATE INDEX engagement_words ON engagement USING gin (tenant, words) WHERE words IS NOT NULL",
    ],
}
