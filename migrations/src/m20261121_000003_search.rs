//! Finding the person: the inverted index, the fragments behind it, and the words of the history.

crate::migration! {
    up: &[
        // Asked by range, never by LIKE.
        "CREATE TABLE search_term (tenant BIGINT NOT NULL, term {bytewise} NOT NULL, field SMALLINT NOT NULL, home BIGINT NOT NULL,
            PRIMARY KEY (tenant, term, field, home)){keyed}",
        "CREATE INDEX search_term_home ON search_term (tenant, home)",
        // Inner fragments and typos, only when ranges find too little.
        "postgres:CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "postgres:CREATE EXTENSION IF NOT EXISTS btree_gin",
        "postgres:CREATE TABLE search_doc (tenant BIGINT NOT NULL, home BIGINT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (tenant, home))",
        "postgres:CREATE INDEX search_doc_trigram ON search_doc USING gin (tenant, words gin_trgm_ops)",
        // `scope` is the tenant as a word of its own ('tenant12'), so that the index itself keeps tenants apart.
        "sqlite:CREATE VIRTUAL TABLE search_doc USING fts5 (words, scope, tokenize = 'trigram')",
        // What is taken out leaves no trace in the index's pages.
        "sqlite:INSERT INTO search_doc (search_doc, rank) VALUES ('secure-delete', 1)",
        // Words of the history.
        "postgres:CREATE INDEX engagement_words ON engagement USING gin (tenant, words) WHERE words IS NOT NULL",
        "postgres:CREATE INDEX page_view_words ON page_view USING gin (tenant, words) WHERE words IS NOT NULL",
        "sqlite:CREATE VIRTUAL TABLE item_words USING fts5 (words, scope, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0')",
    ],
    down: &[
        "sqlite:DROP TABLE item_words",
        "postgres:DROP INDEX page_view_words",
        "postgres:DROP INDEX engagement_words",
        "DROP TABLE search_doc",
        "DROP TABLE search_term",
    ],
}
