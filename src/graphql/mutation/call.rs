//! `updateCall`: the next state of a call.

use std::sync::Arc;

use async_graphql::{ID, InputObject, OneofObject, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::history::record::{CallUpdate, Recorded, Warning};
use crate::domain::model::item::Body;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::CallState;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error};
use crate::graphql::model::item_ref::{ItemRef, SourceRef};
use crate::graphql::model::items::Call;
use crate::graphql::model::user_error::UserError;
use crate::graphql::mutation::record::payload::RecordWarning;
use crate::graphql::sent_time::SentTime;
use crate::ids::TenantId;

/// A call's next state.
#[derive(InputObject)]
pub struct UpdateCallInput {
    /// Which call.
    pub call: CallRefInput,
    /// How far it has come now.
    pub state: CallState,
    /// How long the talk took, at most a week.
    pub duration_seconds: Option<i32>,
    /// Where the recording is; https only.
    pub recording_url: Option<String>,
    /// When it came that far; now, where it is left out.
    pub occurred_at: Option<SentTime>,
}

/// Names a call, in one of two ways.
#[derive(OneofObject)]
#[graphql(name = "CallRef")]
pub enum CallRefInput {
    /// The call's id.
    Id(ID),
    /// The source and its own id.
    Source(SourceRef),
}

impl UpdateCallInput {
    pub fn read(self, tenant: TenantId) -> OrUserError<CallUpdate> {
        let call = match self.call {
            CallRefInput::Id(id) => ItemRef::Id(id),
            CallRefInput::Source(source) => ItemRef::Source(source),
        };
        let call = call.read(tenant);
        Ok(CallUpdate {
            call,
            state: self.state.into(),
            duration: self.duration_seconds.map(Into::into),
            recording_url: self.recording_url,
            occurred_at: SentTime::occurred_at(self.occurred_at)?,
        })
    }
}

/// What updateCall answers.
#[derive(Fields, SimpleObject)]
pub struct UpdateCallPayload {
    /// The call as it is now.
    pub call: Option<Call>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
    /// Details that could not be kept as they came: they were left out, and the call moved on.
    pub warnings: Vec<RecordWarning>,
}

impl UpdateCallPayload {
    pub fn new(context: &ResolverContext, result: OrUserError<Recorded>) -> Self {
        match result {
            Ok(recorded) => {
                let is_call = matches!(recorded.item.body, Body::Engagement(_));
                let call =
                    is_call.then(|| Call::new(context.clone(), Arc::clone(&recorded.item), None));
                let under_input = |warning: Warning| warning.under("input").into();
                let warnings = recorded.warnings.into_iter().map(under_input).collect();
                UpdateCallPayload { call, user_errors: Vec::new(), warnings }
            }
            Err(error) => {
                let user_errors = UserError::list(context, error);
                UpdateCallPayload { call: None, user_errors, warnings: Vec::new() }
            }
        }
    }
}

/// Moves calls on.
#[derive(Clone, Default)]
pub struct CallMutation;

/// Moves calls on.
#[object(root)]
impl CallMutation {
    /// Moves a call on: it is picked up, it ends. A state that cannot follow changes nothing.
    async fn update_call(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The call and its state.")] input: UpdateCallInput,
    ) -> Result<UpdateCallPayload> {
        let context = ctx.writing(Access::Ingest)?;
        let result = match input.read(context.tenant()) {
            Ok(update) => {
                split_user_error(context.rapport.update_call(&context.scope, &update).await)?
            }
            Err(error) => Err(error),
        };
        Ok(UpdateCallPayload::new(&context, result.map_err(|error| error.under("input"))))
    }
}
