//! Why somebody did something, in their own words: kept in the audit log. Pure.

use crate::error::UserError;

/// Characters of a reason.
const REASON: usize = 500;

/// A reason as it is kept; nothing where it is blank.
pub(crate) fn checked_reason(reason: Option<&str>) -> Result<Option<String>, UserError> {
    let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) else {
        return Ok(None);
    };
    if reason.chars().count() > REASON || reason.chars().any(char::is_control) {
        let message = format!("the reason is at most {REASON} characters without line breaks");
        return Err(UserError::invalid(message).at(["reason"]));
    }
    Ok(Some(reason.to_string()))
}
