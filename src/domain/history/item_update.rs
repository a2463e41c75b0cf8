//! What the staff corrects of an item. Pure.

use serde_json::Value as Json;

use crate::domain::history::record::{RECORD_BYTES, SHORT, SUBJECT, long_text};
use crate::domain::model::correction::{Corrected, Correction};
use crate::domain::model::edit::{ExpectedEdit, time_of_edit};
use crate::domain::model::item::{Body, Engagement, Item, PageView, Part};
use crate::domain::model::said_time::check_time;
use crate::domain::text::nul::without_nul;
use crate::entity::kinds::HistoryKind;
use crate::error::UserError;
use crate::ids::Micros;

const TITLE: usize = 500;
const DESCRIPTION: usize = 2_000;

/// What an item says from now on; what is left out stays, and `Some(None)` is taken away.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ItemUpdate {
    pub text: Option<Option<String>>,
    pub subject: Option<Option<String>>,
    pub record_state: Option<Option<String>>,
    pub data: Option<Option<Json>>,
    pub title: Option<Option<String>>,
    pub description: Option<Option<String>>,
    pub occurred_at: Option<Micros>,
    pub expected: ExpectedEdit,
}

/// The kinds of which a field is.
fn kinds_of(field: Corrected) -> &'static [HistoryKind] {
    match field {
        Corrected::Text => {
            &[HistoryKind::Message, HistoryKind::Email, HistoryKind::Note, HistoryKind::Record]
        }
        Corrected::Subject => &[HistoryKind::Email],
        Corrected::RecordState | Corrected::Data => &[HistoryKind::Record],
        Corrected::Title | Corrected::Description => &[HistoryKind::PageView],
        Corrected::OccurredAt => &[
            HistoryKind::Message,
            HistoryKind::Call,
            HistoryKind::Email,
            HistoryKind::PageView,
            HistoryKind::Note,
            HistoryKind::Record,
        ],
    }
}

/// Refuses what is part of the record of who is who.
pub(super) fn is_no_change_of_identity(kind: HistoryKind) -> Result<(), UserError> {
    if kind == HistoryKind::Identity {
        let message = "a change of identity is neither edited nor deleted";
        return Err(UserError::invalid(message));
    }
    Ok(())
}

impl ItemUpdate {
    /// The fields that it names.
    pub fn fields(&self) -> Vec<Corrected> {
        [
            (Corrected::Text, self.text.is_some()),
            (Corrected::Subject, self.subject.is_some()),
            (Corrected::RecordState, self.record_state.is_some()),
            (Corrected::Data, self.data.is_some()),
            (Corrected::Title, self.title.is_some()),
            (Corrected::Description, self.description.is_some()),
            (Corrected::OccurredAt, self.occurred_at.is_some()),
        ]
        .into_iter()
        .filter_map(|(field, named)| named.then_some(field))
        .collect()
    }

    /// The values as they can be kept, whatever the item is. Its author can mend them: nothing is cut.
    pub(super) fn checked(mut self, now: Micros) -> Result<ItemUpdate, UserError> {
        if self.fields().is_empty() {
            return Err(UserError::invalid("nothing to change: no field is given"));
        }
        if let Some(Some(text)) = &self.text {
            self.text = Some(long_text(text).map_err(|error| error.at(["text"]))?);
        }
        for (value, most, name) in [
            (&mut self.subject, SUBJECT, "subject"),
            (&mut self.record_state, SHORT, "recordState"),
            (&mut self.title, TITLE, "title"),
            (&mut self.description, DESCRIPTION, "description"),
        ] {
            if let Some(Some(text)) = value {
                *value = Some(line(text, most).map_err(|error| error.at([name]))?);
            }
        }
        if let Some(Some(data)) = &self.data {
            let fits = data.to_string().len() <= RECORD_BYTES && without_nul(data) == *data;
            if !fits {
                let message =
                    format!("data is at most {RECORD_BYTES} bytes of JSON without NUL characters");
                return Err(UserError::invalid(message).at(["data"]));
            }
        }
        if let Some(at) = self.occurred_at {
            check_time(at, now)?;
        }
        Ok(self)
    }

    /// The item as it is afterwards; nothing where it says all of this already.
    ///
    /// # Errors
    /// A field that its kind does not have, or nothing that would be left to say.
    pub(super) fn applied(
        &self,
        before: &Item,
        now: Micros,
        by: &str,
    ) -> Result<Option<Item>, UserError> {
        is_no_change_of_identity(before.kind)?;
        for field in self.fields() {
            if !kinds_of(field).contains(&before.kind) {
                let message = format!("an item of this kind has no {}", field.name());
                return Err(UserError::invalid(message).at([field.name()]));
            }
        }
        let mut after = before.clone();
        if let Some(at) = self.occurred_at {
            after.occurred_at = at;
        }
        match &mut after.body {
            Body::Engagement(engagement) => self.edit(engagement, before.kind)?,
            Body::PageView(page) => self.edit_page(page),
        }
        if after == *before {
            return Ok(None);
        }
        let mut fields = before.correction().map(|known| known.fields.clone()).unwrap_or_default();
        fields.extend(self.fields());
        fields.sort_unstable();
        fields.dedup();
        let at = time_of_edit(now, before.edited_at());
        let correction = Some(Box::new(Correction { at, by: by.to_string(), fields }));
        match &mut after.body {
            Body::Engagement(engagement) => engagement.data.correction = correction,
            Body::PageView(page) => page.correction = correction,
        }
        Ok(Some(after))
    }

    fn edit(&self, engagement: &mut Engagement, kind: HistoryKind) -> Result<(), UserError> {
        if let Some(text) = &self.text {
            engagement.text.clone_from(text);
            // The words are these now: the texts among the parts give way, pictures and files stay.
            engagement.data.parts.retain(|part| !matches!(part, Part::Text { .. }));
        }
        if let Some(subject) = &self.subject {
            engagement.data.subject.clone_from(subject);
        }
        if let Some(state) = &self.record_state {
            engagement.data.record_state.clone_from(state);
        }
        if let Some(data) = &self.data {
            engagement.data.record.clone_from(data);
        }
        let silent = engagement.text.is_none()
            && engagement.data.subject.is_none()
            && engagement.data.parts.is_empty();
        let speaks = matches!(kind, HistoryKind::Message | HistoryKind::Email | HistoryKind::Note);
        if silent && speaks && self.text.is_some() {
            let message = "nothing would be left to read: delete the item instead";
            return Err(UserError::invalid(message).at(["text"]));
        }
        if silent && speaks && self.subject.is_some() {
            let message = "nothing would be left to read: delete the item instead";
            return Err(UserError::invalid(message).at(["subject"]));
        }
        Ok(())
    }

    fn edit_page(&self, page: &mut PageView) {
        if let Some(title) = &self.title {
            page.title.clone_from(title);
        }
        if let Some(description) = &self.description {
            page.description.clone_from(description);
        }
    }
}

/// A text on one line; nothing where it is blank.
fn line(text: &str, most: usize) -> Result<Option<String>, UserError> {
    let text = text.trim();
    if text.chars().any(char::is_control) || text.chars().count() > most {
        let message = format!("is at most {most} characters without line breaks");
        return Err(UserError::invalid(message));
    }
    Ok((!text.is_empty()).then(|| text.to_string()))
}
