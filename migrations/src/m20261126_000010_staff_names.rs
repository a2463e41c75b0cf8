//! A name that the staff set stays: what channels call the person meanwhile is kept beside it.

crate::migration! {
    up: &["ALTER TABLE customer ADD COLUMN called TEXT"],
    down: &["ALTER TABLE customer DROP COLUMN called"],
}
