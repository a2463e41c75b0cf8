//! Addresses that were taken off a person: what they were stays, so that evidence and history go on to say so, and whether
//! they were wrong for the person.

crate::migration! {
    up: &[
        "CREATE TABLE removed_identity (tenant BIGINT NOT NULL, id BIGINT NOT NULL, namespace TEXT NOT NULL, match_key {bytewise} NOT NULL,
            home BIGINT NOT NULL, contact BIGINT NOT NULL, kind SMALLINT NOT NULL, value TEXT NOT NULL, raw_value TEXT NOT NULL,
            verification SMALLINT NOT NULL, shared BOOLEAN NOT NULL, source TEXT NOT NULL, actor TEXT, first_seen BIGINT NOT NULL,
            last_seen BIGINT NOT NULL, other_kinds BIGINT NOT NULL, reread_in TEXT, removed_at BIGINT NOT NULL, removed_by TEXT NOT NULL,
            rejected BOOLEAN NOT NULL, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX removed_identity_home ON removed_identity (tenant, home, id)",
    ],
    down: &["DROP TABLE removed_identity"],
}
