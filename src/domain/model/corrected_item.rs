//! Items beside what the staff corrected of them. Pure.

use crate::domain::model::correction::{Corrected, Correction};
use crate::domain::model::item::{Body, Engagement, Item, PageView};
use crate::ids::Micros;

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
    #[must_use]
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
