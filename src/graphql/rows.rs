//! How many rows a list answers when the document does not say, for what a document costs.

use crate::graphql::document::limit::Usual::{self, Connection, List};

/// The rows of a field of this name: the default of its `first` or `days`, or the usual size of a plain list; nothing for
/// a field that answers one thing.
pub fn rows_of(field: &str) -> Option<Usual> {
    match field {
        "history" | "engagements" | "feed" | "identities" | "auditLog" => Some(Connection(50)),
        "customers" | "search" | "pageViews" | "comments" | "linkReviews" | "merges" => {
            Some(Connection(20))
        }
        "activity" => Some(List(182)),
        "byTag" => Some(List(100)),
        "byDay" => Some(List(371)),
        "ringingCalls" => Some(List(20)),
        "contacts" | "evidence" | "whyLinked" | "keptApart" => Some(List(5)),
        _ => None,
    }
}
