//! Terms tell to ten minutes when their people were seen last, instead of three hours: who was seen in the same ones comes by number,
//! so that a search looks at nobody's head to put people in order.

crate::migration! {
    up: &[
        "postgres:ALTER TABLE search_term RENAME TO search_term_before",
        "postgres:CREATE TABLE search_term (tenant BIGINT NOT NULL, home BIGINT NOT NULL, person BIGINT NOT NULL, age INTEGER NOT NULL,
            field SMALLINT NOT NULL, term {bytewise} NOT NULL)",
        "postgres:INSERT INTO search_term (tenant, home, person, age, field, term)
            SELECT t.tenant, t.home, t.person,
            CASE WHEN s.list_seen >= 4220649000000000 THEN -4194303
            WHEN s.list_seen > 1704067200000000 THEN -((s.list_seen - 1704067200000000) / 600000000) ELSE 0 END, t.field, t.term
            FROM search_term_before t LEFT JOIN customer_head s ON s.tenant = t.tenant AND s.number = t.person
            ORDER BY t.tenant, t.home",
        "postgres:DROP TABLE search_term_before",
        "postgres:ALTER TABLE search_term ADD CONSTRAINT search_term_pkey PRIMARY KEY (tenant, home, term, field)",
        "postgres:CREATE INDEX search_term_person ON search_term (tenant, term, age, person)",
        "postgres:ANALYZE search_term",
        // A column of SQLite holds any number.
        "sqlite:UPDATE search_term SET age = COALESCE((SELECT CASE WHEN s.list_seen >= 4220649000000000 THEN -4194303
            WHEN s.list_seen > 1704067200000000 THEN -((s.list_seen - 1704067200000000) / 600000000) END
            FROM customer_head s WHERE s.tenant = search_term.tenant AND s.number = search_term.person), 0)",
        "UPDATE compatibility SET oldest = 'm20261128_000029_ages_of_minutes'",
    ],
    down: &[
        "UPDATE compatibility SET oldest = 'm20261127_000028_packed_items'",
        // What is later than these ages reach is told by its exact time.
        "postgres:ALTER TABLE search_term ALTER COLUMN age TYPE SMALLINT USING GREATEST(age / 18, -32767)",
        "sqlite:UPDATE search_term SET age = MAX(age / 18, -32767)",
    ],
}
