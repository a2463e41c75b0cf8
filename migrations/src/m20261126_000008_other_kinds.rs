//! One line may be known under several kinds: the phone number that is also a WhatsApp number.

crate::migration! {
    up: &["ALTER TABLE identity ADD COLUMN other_kinds BIGINT NOT NULL DEFAULT 0"],
    down: &["ALTER TABLE identity DROP COLUMN other_kinds"],
}
