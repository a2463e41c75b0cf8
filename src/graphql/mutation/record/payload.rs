//! What `recordEngagements` and `recordPageViews` have in common: the write, and a result for each
//! input.

use async_graphql::SimpleObject;
use rapport_macros::Fields;

use crate::domain::history::record::{NewItem, Recorded, Warning};
use crate::error::Code;
use crate::graphql::context::ResolverContext;
use crate::graphql::fault::{Fault, OrUserError, Result, split_user_error};
use crate::graphql::model::items::HistoryItem;
use crate::graphql::model::user_error::UserError;

/// One result for each input, in order; one bad input does not stop the others.
#[derive(Fields, SimpleObject)]
pub struct RecordPayload {
    /// One result for each input, in order.
    pub results: Vec<RecordResult>,
}

/// What became of one input.
#[derive(Fields, SimpleObject)]
pub struct RecordResult {
    /// The item; null where the input is wrong, or the staff deleted the item: it is not recorded again.
    item: Option<HistoryItem>,
    /// Whether (source, sourceId) was known already; the item then has the later state of the two. What the staff corrected
    /// stays, and what it deleted stays deleted.
    duplicate: bool,
    /// What the user can correct in this input.
    user_errors: Vec<UserError>,
    /// Details that could not be kept as they came: they were repaired, cut or left out, and the item was recorded.
    warnings: Vec<RecordWarning>,
}

/// A detail of an input that could not be kept as it came.
#[derive(Fields, SimpleObject)]
pub struct RecordWarning {
    /// Where in the input: names of fields and indexes of lists, inwards.
    path: Vec<String>,
    /// What became of it, in one sentence.
    message: String,
}

impl From<Warning> for RecordWarning {
    fn from(warning: Warning) -> Self {
        RecordWarning { path: warning.path, message: warning.message }
    }
}

impl RecordResult {
    /// The result of the input of this number.
    fn placed(context: &ResolverContext, n: usize, result: OrUserError<Recorded>) -> Self {
        let result = result.map(|mut recorded| {
            let placed = |warning: Warning| warning.under(n.to_string()).under("inputs");
            recorded.warnings = recorded.warnings.into_iter().map(placed).collect();
            recorded
        });
        RecordResult::new(
            context,
            result.map_err(|error| error.under(n.to_string()).under("inputs")),
        )
    }

    pub fn new(context: &ResolverContext, result: OrUserError<Recorded>) -> Self {
        match result {
            Ok(recorded) => RecordResult {
                item: (!recorded.deleted).then(|| HistoryItem::new(context, recorded.item)),
                duplicate: recorded.duplicate,
                user_errors: Vec::new(),
                warnings: recorded.warnings.into_iter().map(RecordWarning::from).collect(),
            },
            Err(error) => RecordResult {
                item: None,
                duplicate: false,
                user_errors: UserError::list(context, error),
                warnings: Vec::new(),
            },
        }
    }
}

/// Records the items that can be read, and answers each input in its place.
pub async fn record(
    context: &ResolverContext,
    inputs: impl Iterator<Item = OrUserError<NewItem>>,
) -> Result<RecordPayload> {
    let (mut items, mut unread) = (Vec::new(), Vec::new());
    for input in inputs {
        match input {
            Ok(item) => {
                items.push(item);
                unread.push(None);
            }
            Err(error) => unread.push(Some(error)),
        }
    }
    match split_user_error(context.rapport.record(&context.scope, &items).await)? {
        Ok(recorded) => {
            let mut recorded = recorded.into_iter();
            let results = unread.into_iter().enumerate().filter_map(|(n, error)| {
                let result = match error {
                    Some(error) => Err(error),
                    None => recorded.next()?,
                };
                Some(RecordResult::placed(context, n, result))
            });
            Ok(RecordPayload { results: results.collect() })
        }
        // Too many inputs: there is no result to hang the mistake on.
        Err(error) => Err(Fault::new(Code::InvalidArgument, error.message)),
    }
}
