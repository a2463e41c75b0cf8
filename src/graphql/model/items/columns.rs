//! Which columns of an item its fields read.

use crate::domain::model::item_columns::Columns;
use crate::graphql::execute::Selected;

/// What a field of an item reads beside what every item travels with; everything for a field that is not named here.
fn of_field(name: &str) -> Columns {
    match name {
        "id" | "kind" | "occurredAt" | "channel" | "direction" | "customer" | "comments"
        | "__typename" => Columns::KEY,
        "recordedAt" => Columns::RECORDED_AT,
        "identity" => Columns::IDENTITY,
        "source" => Columns::SOURCE,
        "sourceId" => Columns::SOURCE_ID,
        "category" | "recordType" => Columns::TYPE,
        "title" => Columns::TEXT,
        "text" | "parts" => Columns::TEXT.and(Columns::DATA),
        "channelLabel" | "url" | "subject" | "recordingUrl" | "recordId" | "recordState"
        | "messageId" | "threadId" => Columns::DATA,
        "editedAt" | "editedBy" => Columns::DATA.and(Columns::CORRECTION),
        "callState" | "deliveryState" | "emailState" => Columns::STATE,
        "summary" => Columns::TYPE
            .and(Columns::TEXT)
            .and(Columns::DATA)
            .and(Columns::STATE)
            .and(Columns::DURATION),
        "durationSeconds" => Columns::DURATION,
        "objectId" => Columns::OBJECT_ID,
        "sessionId" => Columns::SESSION_ID,
        "description" => Columns::DESCRIPTION,
        _ => Columns::ALL,
    }
}

/// What is read for a connection of items.
pub fn of_connection(connection: &Selected<'_>) -> Columns {
    // async-graphql's own executor does not tell what is asked.
    if connection.is_empty() {
        return Columns::ALL;
    }
    let nodes = [connection.field("nodes"), connection.field("edges").field("node")];
    nodes
        .iter()
        .flat_map(Selected::names)
        .fold(Columns::KEY, |columns, name| columns.and(of_field(name)))
}
