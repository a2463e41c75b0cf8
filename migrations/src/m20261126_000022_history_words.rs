//! PostgreSQL: the index of the history's words goes; `m20261127_000025_words_by_stretch` builds the one that is used.

crate::migration! {
    up: &["postgres:DROP INDEX engagement_words", "postgres:DROP INDEX page_view_words"],
    down: &[
        "postgres:CREATE INDEX page_view_words ON page_view USING gin (tenant, words) WHERE words IS NOT NULL",
        "postgres:CREATE INDEX engagement_words ON engagement USING gin (tenant, words) WHERE words IS NOT NULL",
    ],
}
