//! Numbers that are read anew after a change of the region: how far that has come, and which numbers it was.

crate::migration! {
    up: &[
        "ALTER TABLE tenant ADD COLUMN rereading TEXT",
        "ALTER TABLE identity ADD COLUMN reread_in TEXT",
        "CREATE INDEX identity_reread ON identity (tenant, id) WHERE reread_in IS NOT NULL",
    ],
    down: &[
        "DROP INDEX identity_reread",
        "ALTER TABLE identity DROP COLUMN reread_in",
        "ALTER TABLE tenant DROP COLUMN rereading",
    ],
}
