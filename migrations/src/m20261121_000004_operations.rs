//! What running it needs: the audit log, kept answers of idempotent requests, and the outgoing stream's place.

crate::migration! {
    up: &[
        // Who did what to which customer: ids only, append-only.
        "CREATE TABLE audit (tenant BIGINT NOT NULL, id BIGINT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
            customer BIGINT, request_id TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX audit_customer ON audit (tenant, customer, id)",
        // Answers under an Idempotency-Key; status 0 while the request runs.
        "CREATE TABLE idempotency (tenant BIGINT NOT NULL, subject TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL,
            status SMALLINT NOT NULL, body TEXT, at BIGINT NOT NULL, PRIMARY KEY (tenant, subject, key)){keyed}",
        "CREATE INDEX idempotency_at ON idempotency (at)",
        // How far the outgoing stream has come.
        "CREATE TABLE relay (tenant BIGINT NOT NULL PRIMARY KEY, xid BIGINT NOT NULL, seq BIGINT NOT NULL){keyed}",
    ],
    down: &[
        "DROP TABLE relay", "DROP TABLE idempotency", "DROP TABLE audit",
    ],
}
