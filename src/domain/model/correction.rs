//! Items that the staff corrected: what it said stands, whatever their source says later. Pure.

use serde::{Deserialize, Serialize};

use crate::ids::Micros;

/// A field that the staff may correct.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Corrected {
    Text,
    Subject,
    RecordState,
    Data,
    Title,
    Description,
    OccurredAt,
}

impl Corrected {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Corrected::Text => "text",
            Corrected::Subject => "subject",
            Corrected::RecordState => "recordState",
            Corrected::Data => "data",
            Corrected::Title => "title",
            Corrected::Description => "description",
            Corrected::OccurredAt => "occurredAt",
        }
    }
}

/// What the staff corrected of an item.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Correction {
    /// When it did so last.
    pub at: Micros,
    /// Who did so last: the subject of a token.
    pub by: String,
    /// What stands against later deliveries.
    pub fields: Vec<Corrected>,
}

impl Correction {
    pub fn covers(&self, field: Corrected) -> bool {
        self.fields.contains(&field)
    }
}
