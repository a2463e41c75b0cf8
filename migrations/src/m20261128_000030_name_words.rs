//! PostgreSQL: the words of names by themselves. Fragments were looked for among the words of all people, and a common one
//! brought the places of tens of thousands before a hundred of them were read.

crate::migration! {
    up: &[
        "postgres:CREATE TABLE name_word (tenant BIGINT NOT NULL, word {bytewise} NOT NULL)",
        "postgres:INSERT INTO name_word (tenant, word) SELECT DISTINCT tenant, term FROM search_term WHERE field = 1",
        "postgres:CREATE INDEX name_word_word ON name_word (tenant, word)",
        // New words are few: none waits in a list that each search would read.
        "postgres:CREATE INDEX name_word_trigram ON name_word USING gin (tenant, word gin_trgm_ops) WITH (fastupdate = off)",
        "postgres:ANALYZE name_word",
        // An earlier version would leave the words of erased people.
        "UPDATE compatibility SET oldest = 'm20261128_000030_name_words'",
    ],
    down: &[
        "UPDATE compatibility SET oldest = 'm20261128_000029_ages_of_minutes'",
        "postgres:DROP TABLE name_word",
    ],
}
