//! Items that the staff corrected: what it said stands, whatever their source says later. Pure.

use serde::{Deserialize, Serialize};

use crate::domain::model::item::{Body, Engagement, Item, PageView};
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

impl Item {
    pub fn correction(&self) -> Option<&Correction> {
        match &self.body {
            Body::Engagement(engagement) => engagement.data.correction.as_deref(),
            Body::PageView(page) => page.correction.as_deref(),
        }
    }

    /// When it was changed last, by a later delivery or by the staff; states do not count.
    pub fn edited_at(&self) -> Option<Micros> {
        let edits = self.engagement().and_then(|engagement| engagement.data.edits.as_ref());
        edits.map(|edits| edits.at).max(self.correction().map(|correction| correction.at))
    }

    /// Who of the staff changed it last; nobody where a later delivery did.
    pub fn edited_by(&self) -> Option<&str> {
        let last = self.edited_at();
        let correction = self.correction().filter(|correction| Some(correction.at) == last)?;
        Some(&correction.by)
    }
}

impl Engagement {
    /// A later delivery without what the staff corrected of this one.
    pub fn not_corrected(&self, said: &Engagement) -> Engagement {
        let mut said = said.clone();
        let Some(correction) = &self.data.correction else { return said };
        for field in &correction.fields {
            match field {
                Corrected::Text => {
                    said.text = None;
                    said.data.parts = Vec::new();
                }
                Corrected::Subject => said.data.subject = None,
                Corrected::RecordState => said.data.record_state = None,
                Corrected::Data => said.data.record = None,
                Corrected::Title | Corrected::Description | Corrected::OccurredAt => {}
            }
        }
        said
    }
}

impl PageView {
    /// What stands in the store's column.
    pub fn correction_json(&self) -> Option<String> {
        let correction = self.correction.as_deref()?;
        Some(serde_json::to_string(correction).expect("a correction is JSON"))
    }
}
