//! Search reads letters, digits and apostrophes of more scripts alike, and finds words inside of what is written without
//! blanks. What is stored was indexed the old way: the server goes through it beside its work, tenant by tenant. Who has a
//! row here is not done; `part` and `place` are how far it is.

crate::migration! {
    up: &[
        "CREATE TABLE search_renewal (tenant BIGINT PRIMARY KEY, part SMALLINT NOT NULL DEFAULT 0, place BIGINT NOT NULL DEFAULT 0){keyed}",
        "INSERT INTO search_renewal (tenant) SELECT id FROM tenant",
    ],
    down: &["DROP TABLE search_renewal"],
}
