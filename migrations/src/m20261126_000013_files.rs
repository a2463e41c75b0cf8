//! Files: bytes that came with items, kept once a tenant and content, and what of them is still to be removed.

crate::migration! {
    up: &[
        // Where the bytes lie; there are files of each.
        "CREATE TABLE file_content (tenant BIGINT NOT NULL, hash {bytewise} NOT NULL, object TEXT NOT NULL, size BIGINT NOT NULL,
            PRIMARY KEY (tenant, hash)){keyed}",
        // Without a hash: still at the provider, under its reference.
        "CREATE TABLE file (tenant BIGINT NOT NULL, id BIGINT NOT NULL, item BIGINT NOT NULL, hash {bytewise}, source BIGINT, reference TEXT,
            name TEXT, content_type TEXT, size BIGINT, created_at BIGINT NOT NULL, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX file_item ON file (tenant, item)",
        "CREATE INDEX file_hash ON file (tenant, hash) WHERE hash IS NOT NULL",
        // Objects that nobody needs, or nobody may come to need; once begun, the bytes may be gone.
        "CREATE TABLE file_removal (tenant BIGINT NOT NULL, object TEXT NOT NULL, due_at BIGINT NOT NULL, begun BOOLEAN NOT NULL,
            PRIMARY KEY (tenant, object)){keyed}",
        "CREATE INDEX file_removal_due ON file_removal (due_at)",
    ],
    down: &["DROP TABLE file_removal", "DROP TABLE file", "DROP TABLE file_content"],
}
