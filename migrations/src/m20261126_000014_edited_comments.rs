//! Comments can be edited: when that was last, and by whom.

crate::migration! {
    up: &[
        "ALTER TABLE comment ADD COLUMN edited_at BIGINT",
        "ALTER TABLE comment ADD COLUMN edited_by TEXT",
    ],
    down: &["ALTER TABLE comment DROP COLUMN edited_by", "ALTER TABLE comment DROP COLUMN edited_at"],
}
