//! PostgreSQL: what an event changes of a head is indexed, so that a head moves with each event, and room beside it does not
//! help. A page that is kept so empty is cleaned by everyone who reads it, and that is written to the log.

crate::migration! {
    up: &["postgres:ALTER TABLE customer_head SET (fillfactor = 90)"],
    down: &["postgres:ALTER TABLE customer_head SET (fillfactor = 60)"],
}
