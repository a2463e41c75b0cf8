//! When something is said to have happened.

use crate::error::UserError;
use crate::ids::Micros;

/// How far a source's clock may be ahead.
const DAY: i64 = 86_400_000_000;

/// A time that a source may say.
pub(crate) fn check_time(at: Micros, now: Micros) -> Result<(), UserError> {
    if at.0 < 0 || at.0 > now.0 + DAY {
        return Err(UserError::invalid("occurredAt is before 1970 or more than a day ahead")
            .at(["occurredAt"]));
    }
    Ok(())
}
