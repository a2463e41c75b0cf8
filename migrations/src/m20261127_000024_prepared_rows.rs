//! Prepared rows: a customer's newest items, one row instead of fifty that lie scattered over the tables; and what a search
//! shows of a person. Versions that do not know the tables would change things beside them.

/// The cards of all who were never merged, on PostgreSQL.
pub const PERSON_CARDS_POSTGRES: &str = "postgres:INSERT INTO person_card (tenant, customer, position, card)
    SELECT c.tenant, c.number, h.position, CAST(json_build_array(c.created_at, c.updated_at, c.status, c.stage, c.name,
        CAST(c.tags AS JSON), CAST(c.traits AS JSON), COALESCE(k.list, '[]'), COALESCE(i.list, '[]')) AS TEXT)
    FROM customer c JOIN customer_head h ON h.tenant = c.tenant AND h.number = c.number
    LEFT JOIN (SELECT tenant, customer, json_agg(json_build_array(number, created_at, updated_at, email, phone_number) ORDER BY number) AS list
        FROM contact WHERE deleted_at IS NULL GROUP BY tenant, customer) k ON k.tenant = c.tenant AND k.customer = c.number
    LEFT JOIN (SELECT tenant, home, json_agg(json_build_array(kind, namespace, NULLIF(match_key, value), value) ORDER BY id) AS list
        FROM identity GROUP BY tenant, home) i ON i.tenant = c.tenant AND i.home = c.number
    WHERE h.merged_into IS NULL
    AND NOT EXISTS (SELECT 1 FROM customer_head m WHERE m.tenant = h.tenant AND m.merged_into = h.number)";

/// The same on SQLite, which without statistics would go through all of a tenant for each.
pub const PERSON_CARDS_SQLITE: &str = "sqlite:INSERT INTO person_card (tenant, customer, position, card)
    SELECT c.tenant, c.number, h.position, json_array(c.created_at, c.updated_at, c.status, c.stage, c.name, json(c.tags), json(c.traits),
        json((SELECT json_group_array(json_array(k.number, k.created_at, k.updated_at, k.email, k.phone_number) ORDER BY k.number)
            FROM contact k INDEXED BY contact_customer WHERE k.tenant = c.tenant AND k.customer = c.number AND k.deleted_at IS NULL)),
        json((SELECT json_group_array(json_array(i.kind, i.namespace, NULLIF(i.match_key, i.value), i.value) ORDER BY i.id)
            FROM identity i INDEXED BY identity_home WHERE i.tenant = c.tenant AND i.home = c.number)))
    FROM customer c JOIN customer_head h ON h.tenant = c.tenant AND h.number = c.number
    WHERE h.merged_into IS NULL
    AND NOT EXISTS (SELECT 1 FROM customer_head m WHERE m.tenant = h.tenant AND m.merged_into = h.number)";

crate::migration! {
    up: &[
        "CREATE TABLE newest_items (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL, newest TEXT NOT NULL,
            further TEXT NOT NULL, PRIMARY KEY (tenant, customer))",
        // Compressed beside its key: a page of the table holds it.
        "CREATE TABLE person_card (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL, card TEXT NOT NULL,
            PRIMARY KEY (tenant, customer))",
        PERSON_CARDS_SQLITE,
        // A store that was just restored has no statistics: PostgreSQL would put the lists together anew for each customer.
        "postgres:ANALYZE customer, customer_head, contact, identity",
        PERSON_CARDS_POSTGRES,
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
