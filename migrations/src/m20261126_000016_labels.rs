//! Tags and traits by which filters find customers, and the indexes of the other filters. What the rows of customers show is
//! carried over as far as the stores can compare it; the renewal of the search rows puts the rest right beside the work
//! of the server.

crate::migration! {
    up: &[
        "CREATE TABLE customer_tag (tenant BIGINT NOT NULL, tag_key {bytewise} NOT NULL, number BIGINT NOT NULL, tag TEXT NOT NULL,
            PRIMARY KEY (tenant, tag_key, number)){keyed}",
        "CREATE INDEX customer_tag_number ON customer_tag (tenant, number)",
        "CREATE TABLE customer_trait (tenant BIGINT NOT NULL, name {bytewise} NOT NULL, value {bytewise} NOT NULL, number BIGINT NOT NULL,
            PRIMARY KEY (tenant, name, value, number)){keyed}",
        "CREATE INDEX customer_trait_number ON customer_trait (tenant, number)",
        "sqlite:INSERT INTO customer_tag (tenant, tag_key, number, tag)
            SELECT c.tenant, lower(trim(j.value)), c.number, j.value FROM customer c, json_each(c.tags) AS j WHERE c.tags <> '[]'
            ON CONFLICT DO NOTHING",
        "postgres:INSERT INTO customer_tag (tenant, tag_key, number, tag)
            SELECT c.tenant, lower(btrim(j.value)), c.number, j.value FROM customer c, json_array_elements_text(c.tags::json) AS j(value)
            WHERE c.tags <> '[]' ON CONFLICT DO NOTHING",
        "sqlite:INSERT INTO customer_trait (tenant, name, value, number)
            SELECT c.tenant, j.key, CASE j.type WHEN 'text' THEN 's' || lower(trim(j.value)) WHEN 'integer' THEN 'n' || j.value
            WHEN 'true' THEN 'b1' ELSE 'b0' END, c.number FROM customer c, json_each(c.traits) AS j
            WHERE c.traits <> '{}' AND j.type IN ('text', 'integer', 'true', 'false') AND length(j.key) <= 200 AND length(j.value) <= 200
            ON CONFLICT DO NOTHING",
        "postgres:INSERT INTO customer_trait (tenant, name, value, number)
            SELECT c.tenant, j.key, CASE json_typeof(j.value) WHEN 'string' THEN 's' || lower(btrim(j.value #>> '{}'))
            WHEN 'number' THEN 'n' || (j.value #>> '{}') ELSE 'b' || (j.value::text = 'true')::int END, c.number
            FROM customer c, json_each(c.traits::json) AS j WHERE c.traits <> '{}' AND json_typeof(j.value) IN ('string', 'number', 'boolean')
            AND length(j.key) <= 200 AND length(j.value #>> '{}') <= 200
            AND (json_typeof(j.value) <> 'number' OR (j.value #>> '{}') ~ '^-?[0-9]{1,18}$')
            ON CONFLICT DO NOTHING",
        // customers(filter:): what finds few is read by its index, and the list is not gone through.
        "CREATE INDEX customer_created ON customer (tenant, created_at, number)",
        "CREATE INDEX customer_stage ON customer (tenant, stage, number)",
        "CREATE INDEX customer_set_aside ON customer (tenant, status, number) WHERE status <> 1",
        "CREATE INDEX identity_kind ON identity (tenant, kind, home)",
        "CREATE INDEX identity_other_kinds ON identity (tenant, home, other_kinds) WHERE other_kinds <> 0",
        // auditLog(filter:).
        "CREATE INDEX audit_actor ON audit (tenant, actor, id)",
        "CREATE INDEX audit_action ON audit (tenant, action, id)",
        "INSERT INTO search_renewal (tenant) SELECT id FROM tenant WHERE true
            ON CONFLICT (tenant) DO UPDATE SET part = 0, place = 0",
    ],
    down: &[
        "DROP INDEX audit_action", "DROP INDEX audit_actor", "DROP INDEX identity_other_kinds",
        "DROP INDEX identity_kind", "DROP INDEX customer_set_aside", "DROP INDEX customer_stage", "DROP INDEX customer_created",
        "DROP TABLE customer_trait", "DROP TABLE customer_tag",
    ],
}
