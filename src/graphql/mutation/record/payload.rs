//! What `recordEngagements` and `recordPageViews` have in common: the write, and a result for each
//! input.

use async_graphql::SimpleObject;
use rapport_macros::Fields;

use crate::domain::history::record::{NewItem, Recorded};
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
    /// The item; null where the input is wrong.
    item: Option<HistoryItem>,
    /// Whether (source, sourceId) was known already; the item then has the later state of the two.
    duplicate: bool,
    /// What the user can mend in this input.
    user_errors: Vec<UserError>,
}

impl RecordResult {
    pub fn new(context: &ResolverContext, result: OrUserError<Recorded>) -> Self {
        match result {
            Ok(recorded) => RecordResult {
                item: Some(HistoryItem::new(context, recorded.item)),
                duplicate: recorded.duplicate,
                user_errors: Vec::new(),
            },
            Err(error) => RecordResult {
                item: None,
                duplicate: false,
                user_errors: UserError::list(context, error),
            },
        }
    }
}

/// Records the items and answers each in its place.
pub async fn record(context: &ResolverContext, items: &[NewItem]) -> Result<RecordPayload> {
    match split_user_error(context.rapport.record(&context.scope, items).await)? {
        Ok(results) => {
            let placed = results.into_iter().enumerate().map(|(n, result)| {
                RecordResult::new(
                    context,
                    result.map_err(|error| error.under(n.to_string()).under("inputs")),
                )
            });
            Ok(RecordPayload { results: (placed.collect()) })
        }
        // Too many inputs: there is no result to hang the mistake on.
        Err(error) => Err(Fault::new(Code::InvalidArgument, error.message)),
    }
}
