//! The stages that a company names itself: a customer keeps the number of its own.

crate::migration! {
    up: &["ALTER TABLE customer ADD COLUMN stage_id SMALLINT"],
    down: &["ALTER TABLE customer DROP COLUMN stage_id"],
}
