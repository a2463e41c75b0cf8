//! Sources: the doors through which providers deliver, the events that were kept instead of recorded, and the threads of
//! mail.

crate::migration! {
    up: &[
        // `secrets`: JSON, sealed with RAPPORT_SECRET_KEY. Counts are added up from all servers.
        "CREATE TABLE source (tenant BIGINT NOT NULL, id BIGINT NOT NULL, kind SMALLINT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL,
            secrets TEXT, verify_token TEXT, answer TEXT, addresses TEXT NOT NULL DEFAULT '[]', enabled BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL, received BIGINT NOT NULL DEFAULT 0, recorded BIGINT NOT NULL DEFAULT 0,
            duplicates BIGINT NOT NULL DEFAULT 0, rejected BIGINT NOT NULL DEFAULT 0, unknown BIGINT NOT NULL DEFAULT 0,
            refused BIGINT NOT NULL DEFAULT 0, last_received_at BIGINT, last_refusal_at BIGINT, last_refusal TEXT,
            PRIMARY KEY (tenant, id)){hot}",
        "CREATE UNIQUE INDEX source_key ON source (key)",
        "CREATE UNIQUE INDEX source_name ON source (tenant, name)",
        // `digest`: what makes a delivery that comes again the same event.
        "CREATE TABLE source_event (tenant BIGINT NOT NULL, id BIGINT NOT NULL, source BIGINT NOT NULL, outcome SMALLINT NOT NULL,
            kind TEXT NOT NULL, external_id TEXT, digest TEXT NOT NULL, errors TEXT NOT NULL, payload TEXT, at BIGINT NOT NULL,
            PRIMARY KEY (tenant, id)){keyed}",
        "CREATE UNIQUE INDEX source_event_digest ON source_event (tenant, source, digest)",
        "CREATE INDEX source_event_at ON source_event (at)",
        // By which an erasure finds the kept events that speak of a person: keyed hashes as in erased_key.
        "CREATE TABLE source_event_mark (tenant BIGINT NOT NULL, hash TEXT NOT NULL, event BIGINT NOT NULL,
            PRIMARY KEY (tenant, hash, event)){keyed}",
        "CREATE INDEX source_event_mark_event ON source_event_mark (tenant, event)",
        // By which an answer finds its thread, and a bounce the mail that came back.
        "CREATE TABLE mail_thread (tenant BIGINT NOT NULL, message_id TEXT NOT NULL, item BIGINT NOT NULL, thread_id TEXT NOT NULL,
            PRIMARY KEY (tenant, message_id, item)){keyed}",
        "CREATE INDEX mail_thread_item ON mail_thread (tenant, item)",
    ],
    down: &[
        "DROP TABLE mail_thread", "DROP TABLE source_event_mark", "DROP TABLE source_event", "DROP TABLE source",
    ],
}
