//! How many rows a list answers when the document does not say, for what a document costs.

/// The rows of a field of this name: the default of its `first` or `days`, or the usual size of a plain list; nothing for a field
/// that answers one thing.
pub fn rows_of(field: &str) -> Option<u64> {
    match field {
        "activity" => Some(182),
        "history" | "engagements" | "feed" | "identities" | "auditLog" => Some(50),
        "customers" | "search" | "pageViews" | "comments" | "linkReviews" | "merges"
        | "ringingCalls" => Some(20),
        "contacts" | "evidence" | "whyLinked" | "keptApart" => Some(5),
        _ => None,
    }
}
