//! Edits by the staff: two who edit the same thing do not overwrite each other unseen. Pure.

use crate::error::{UserError, UserErrorCode};
use crate::ids::Micros;

/// What a caller saw before the edit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ExpectedEdit {
    /// It does not matter.
    #[default]
    Any,
    /// That nobody had edited it.
    None,
    /// When it was edited last.
    At(Micros),
}

impl ExpectedEdit {
    /// # Errors
    /// Somebody edited it meanwhile.
    pub fn check(self, edited_at: Option<Micros>) -> Result<(), UserError> {
        let seen = match self {
            ExpectedEdit::Any => return Ok(()),
            ExpectedEdit::None => None,
            ExpectedEdit::At(at) => Some(at),
        };
        if seen == edited_at {
            return Ok(());
        }
        let message = "it was edited meanwhile: read it again";
        Err(UserError::new(UserErrorCode::VersionConflict, message).at(["expectedEditedAt"]))
    }
}

/// The time of an edit: after the one before it, so that it tells them apart.
pub fn time_of_edit(now: Micros, before: Option<Micros>) -> Micros {
    before.map_or(now, |before| now.max(Micros(before.0 + 1)))
}

#[cfg(test)]
mod tests {
    use crate::domain::model::edit::{ExpectedEdit, time_of_edit};
    use crate::ids::Micros;

    #[test]
    fn an_edit_that_was_not_seen_is_a_conflict() {
        let (early, late) = (Some(Micros(1)), Some(Micros(2)));
        for (expected, edited_at, passes) in [
            (ExpectedEdit::Any, None, true),
            (ExpectedEdit::Any, late, true),
            (ExpectedEdit::None, None, true),
            (ExpectedEdit::None, early, false),
            (ExpectedEdit::At(Micros(1)), early, true),
            (ExpectedEdit::At(Micros(1)), late, false),
            (ExpectedEdit::At(Micros(1)), None, false),
        ] {
            assert_eq!(expected.check(edited_at).is_ok(), passes, "{expected:?} {edited_at:?}");
        }
    }

    #[test]
    fn edits_have_different_times_whatever_the_clock_says() {
        assert_eq!(time_of_edit(Micros(5), None), Micros(5));
        assert_eq!(time_of_edit(Micros(5), Some(Micros(4))), Micros(5));
        assert_eq!(time_of_edit(Micros(5), Some(Micros(5))), Micros(6));
        assert_eq!(time_of_edit(Micros(5), Some(Micros(9))), Micros(10));
    }
}
