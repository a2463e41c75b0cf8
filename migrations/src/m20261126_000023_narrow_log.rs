//! PostgreSQL: an entry of the log is known by its customer and position. Nobody looks for one by its number alone, and each
//! index that is not there is one less to write with every event.

crate::migration! {
    up: &[
        "postgres:ALTER TABLE change DROP CONSTRAINT change_pkey",
        "postgres:ALTER TABLE change ADD CONSTRAINT change_pkey PRIMARY KEY USING INDEX change_customer",
    ],
    down: &[
        "postgres:ALTER TABLE change DROP CONSTRAINT change_pkey",
        "postgres:CREATE UNIQUE INDEX change_customer ON change (tenant, customer, position)",
        "postgres:ALTER TABLE change ADD CONSTRAINT change_pkey PRIMARY KEY (seq)",
    ],
}
