//! Terms tell the person whom they find and the three hours in which that person was seen last, so that of thousands with one name
//! those come first who were seen last. Numbers get marks, names come as a whole (by the renewal of search rows), and what is
//! looked through for fragments has a row for each time it grew.

crate::migration! {
    up: &[
        "ALTER TABLE search_term RENAME TO search_term_before",
        "CREATE TABLE search_term (tenant BIGINT NOT NULL, home BIGINT NOT NULL, person BIGINT NOT NULL, age SMALLINT NOT NULL,
            field SMALLINT NOT NULL, term {bytewise} NOT NULL{term_key}){keyed}",
        "INSERT INTO search_term (tenant, home, person, age, field, term)
            SELECT t.tenant, t.home, COALESCE(h.merged_into, h.number),
            CASE WHEN s.list_seen >= 2057950800000000 THEN -32767
            WHEN s.list_seen > 1704067200000000 THEN -((s.list_seen - 1704067200000000) / 10800000000) ELSE 0 END, t.field,
            CASE t.field WHEN 3 THEN '>' || substr(t.term, 1, 63) WHEN 4 THEN '<' || substr(t.term, 1, 63) ELSE t.term END
            FROM search_term_before t
            JOIN customer_head h ON h.tenant = t.tenant AND h.number = t.home
            JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number)
            ORDER BY t.tenant, t.home",
        "DROP TABLE search_term_before",
        "postgres:ALTER TABLE search_term ADD CONSTRAINT search_term_pkey PRIMARY KEY (tenant, home, term, field)",
        // Whom a term finds, those first who were seen last.
        "CREATE INDEX search_term_person ON search_term (tenant, term, age, person)",
        "postgres:ANALYZE search_term",
        // A key of all kinds is one place in the index.
        "DROP INDEX identity_key",
        "CREATE UNIQUE INDEX identity_key ON identity (tenant, match_key, namespace)",
        "postgres:ALTER TABLE search_doc DROP CONSTRAINT search_doc_pkey",
        "postgres:CREATE INDEX search_doc_home ON search_doc (tenant, home)",
        "INSERT INTO search_renewal (tenant) SELECT id FROM tenant WHERE true
            ON CONFLICT (tenant) DO UPDATE SET part = 0, place = 0",
        "UPDATE compatibility SET oldest = 'm20261126_000021_terms_by_day'",
    ],
    down: &[
        "UPDATE compatibility SET oldest = 'm20261126_000019_compatibility'",
        "postgres:CREATE TABLE search_doc_before AS SELECT tenant, home, string_agg(words, ' ') AS words FROM search_doc GROUP BY tenant, home",
        "postgres:DROP TABLE search_doc",
        "postgres:ALTER TABLE search_doc_before RENAME TO search_doc",
        "postgres:ALTER TABLE search_doc ALTER COLUMN tenant SET NOT NULL, ALTER COLUMN home SET NOT NULL, ALTER COLUMN words SET NOT NULL,
            ADD CONSTRAINT search_doc_pkey PRIMARY KEY (tenant, home)",
        "postgres:CREATE INDEX search_doc_trigram ON search_doc USING gin (tenant, words gin_trgm_ops)",
        "DROP INDEX identity_key",
        "CREATE UNIQUE INDEX identity_key ON identity (tenant, namespace, match_key)",
        "ALTER TABLE search_term RENAME TO search_term_after",
        "postgres:ALTER TABLE search_term_after DROP CONSTRAINT search_term_pkey",
        "CREATE TABLE search_term (tenant BIGINT NOT NULL, term {bytewise} NOT NULL, field SMALLINT NOT NULL, home BIGINT NOT NULL,
            PRIMARY KEY (tenant, term, field, home)){keyed}",
        "INSERT INTO search_term (tenant, term, field, home) SELECT tenant,
            CASE WHEN field IN (3, 4) THEN substr(term, 2) ELSE term END, field, home
            FROM search_term_after WHERE field <> 8 ORDER BY tenant, term, field, home",
        "DROP TABLE search_term_after",
        "CREATE INDEX search_term_home ON search_term (tenant, home)",
    ],
}
