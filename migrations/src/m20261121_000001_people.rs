//! Who a person is: tenants, contacts, customers and their heads, identities, evidence, merges.

crate::migration! {
    up: &[
        // The store's own name and secret: cursors carry the epoch, and their tags are keyed.
        "CREATE TABLE store (id INTEGER PRIMARY KEY CHECK (id = 1), epoch BIGINT NOT NULL, secret TEXT NOT NULL, created_at BIGINT NOT NULL)",
        "CREATE TABLE tenant (id {counted}, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL DEFAULT '{}',
            settings_version BIGINT NOT NULL DEFAULT 0,
            floor_xid BIGINT NOT NULL DEFAULT 0, floor_seq BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL)",
        "CREATE TABLE contact (tenant BIGINT NOT NULL, number BIGINT NOT NULL, home BIGINT NOT NULL, customer BIGINT NOT NULL,
            email TEXT, phone_number TEXT, linked_id BIGINT, link_precedence SMALLINT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT, PRIMARY KEY (tenant, number)){keyed}",
        // The contacts of a customer, oldest first: every customer page.
        "CREATE INDEX contact_customer ON contact (tenant, customer, number)",
        "CREATE TABLE customer (tenant BIGINT NOT NULL, number BIGINT NOT NULL, name TEXT, name_key {bytewise}, name_at BIGINT,
            status SMALLINT NOT NULL DEFAULT 1, stage SMALLINT NOT NULL DEFAULT 1, tags TEXT NOT NULL DEFAULT '[]',
            traits TEXT NOT NULL DEFAULT '{}', trait_times TEXT NOT NULL DEFAULT '{}',
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (tenant, number)){keyed}",
        // customers(orderBy: NAME_ASC).
        "CREATE INDEX customer_name ON customer (tenant, name_key, number) WHERE name_key IS NOT NULL",
        // The narrow hot row. shape grows whenever merge, undo, split or shared change what belongs here; floor is how far the log
        // was pruned. merged_into is the survivor (NULL: is one itself); list_seen is set for survivors only.
        "CREATE TABLE customer_head (tenant BIGINT NOT NULL, number BIGINT NOT NULL, merged_into BIGINT, position BIGINT NOT NULL DEFAULT 0,
            shape BIGINT NOT NULL DEFAULT 0, floor BIGINT NOT NULL DEFAULT 0,
            list_seen BIGINT, last_seen BIGINT, last_inbound BIGINT, last_outbound BIGINT, counts TEXT NOT NULL DEFAULT '{}',
            PRIMARY KEY (tenant, number)){hot}",
        // The homes of a merged customer.
        "CREATE INDEX customer_head_merged ON customer_head (tenant, merged_into) WHERE merged_into IS NOT NULL",
        // customers(orderBy: LAST_SEEN_DESC).
        "CREATE INDEX customer_head_seen ON customer_head (tenant, list_seen DESC, number DESC) WHERE list_seen IS NOT NULL",
        "CREATE TABLE identity (tenant BIGINT NOT NULL, id BIGINT NOT NULL, namespace TEXT NOT NULL, match_key {bytewise} NOT NULL,
            home BIGINT NOT NULL, contact BIGINT NOT NULL, kind SMALLINT NOT NULL, value TEXT NOT NULL, raw_value TEXT NOT NULL,
            verification SMALLINT NOT NULL, shared BOOLEAN NOT NULL DEFAULT FALSE, source TEXT NOT NULL, actor TEXT,
            first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE UNIQUE INDEX identity_key ON identity (tenant, namespace, match_key)",
        "CREATE INDEX identity_home ON identity (tenant, home, id)",
        // Why two identities are one person; a is the older one.
        "CREATE TABLE link_evidence (tenant BIGINT NOT NULL, a BIGINT NOT NULL, b BIGINT NOT NULL, rule SMALLINT NOT NULL,
            source TEXT NOT NULL, actor TEXT, at BIGINT NOT NULL, PRIMARY KEY (tenant, a, b)){keyed}",
        "CREATE INDEX link_evidence_b ON link_evidence (tenant, b, a)",
        // An edge between two homes, a the older one; undone ones stay as history.
        "CREATE TABLE merge_edge (tenant BIGINT NOT NULL, id BIGINT NOT NULL, a BIGINT NOT NULL, b BIGINT NOT NULL, active BOOLEAN NOT NULL,
            rule SMALLINT NOT NULL, from_identity BIGINT, to_identity BIGINT, source TEXT NOT NULL, actor TEXT, reason TEXT, at BIGINT NOT NULL,
            undone_at BIGINT, undone_by TEXT, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX merge_edge_a ON merge_edge (tenant, a)",
        "CREATE INDEX merge_edge_b ON merge_edge (tenant, b)",
        "CREATE TABLE keep_apart (tenant BIGINT NOT NULL, id BIGINT NOT NULL, a BIGINT NOT NULL, b BIGINT NOT NULL,
            actor TEXT, at BIGINT NOT NULL, lifted_at BIGINT, lifted_by TEXT, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX keep_apart_a ON keep_apart (tenant, a)",
        "CREATE INDEX keep_apart_b ON keep_apart (tenant, b)",
        // Links that a guard held back. `pair` keeps the same held link from being queued twice.
        "CREATE TABLE link_review (tenant BIGINT NOT NULL, id BIGINT NOT NULL, state SMALLINT NOT NULL, rule TEXT NOT NULL, message TEXT NOT NULL,
            homes TEXT NOT NULL, identities TEXT NOT NULL, pair TEXT NOT NULL, source TEXT NOT NULL, actor TEXT, at BIGINT NOT NULL,
            decided_at BIGINT, decided_by TEXT, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX link_review_state ON link_review (tenant, state, id)",
        "CREATE UNIQUE INDEX link_review_open ON link_review (tenant, pair) WHERE state = 1",
        // What stays of an erased person: keyed hashes of the identities, so that an import does not rebuild the person.
        "CREATE TABLE erased_key (tenant BIGINT NOT NULL, hash TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (tenant, hash)){keyed}",
    ],
    down: &[
        "DROP TABLE erased_key", "DROP TABLE link_review", "DROP TABLE keep_apart", "DROP TABLE merge_edge", "DROP TABLE link_evidence",
        "DROP TABLE identity", "DROP TABLE customer_head", "DROP TABLE customer", "DROP TABLE contact", "DROP TABLE tenant", "DROP TABLE store",
    ],
}
