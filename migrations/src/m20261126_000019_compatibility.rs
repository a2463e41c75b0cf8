//! The store says which versions may use it: `oldest` names the migration that a version must know at least. A migration
//! that the release before cannot work with sets it to its own name, and back when it goes down.

crate::migration! {
    up: &[
        "CREATE TABLE compatibility (id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1), oldest TEXT NOT NULL){keyed}",
        "INSERT INTO compatibility (id, oldest) VALUES (1, 'm20261126_000019_compatibility')",
    ],
    down: &["DROP TABLE compatibility"],
}
