//! PostgreSQL: less to write with every event. An entry of the log is known by its customer and position; nobody looks for one
//! by its number alone. An identity has room beside it for its next sighting, which then touches no index.

crate::migration! {
    up: &[
        "postgres:ALTER TABLE change DROP CONSTRAINT change_pkey",
        "postgres:ALTER TABLE change ADD CONSTRAINT change_pkey PRIMARY KEY USING INDEX change_customer",
        // Of pages that are written from now on.
        "postgres:ALTER TABLE identity SET (fillfactor = 85)",
    ],
    down: &[
        "postgres:ALTER TABLE change DROP CONSTRAINT change_pkey",
        "postgres:CREATE UNIQUE INDEX change_customer ON change (tenant, customer, position)",
        "postgres:ALTER TABLE change ADD CONSTRAINT change_pkey PRIMARY KEY (seq)",
        "postgres:ALTER TABLE identity RESET (fillfactor)",
    ],
}
