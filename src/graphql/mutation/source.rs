//! `createSource`, `updateSource`, `rotateSourceSecret`, `replaySourceEvents`.

use async_graphql::{ID, InputObject, SimpleObject};
use rapport_macros::{Fields, object};

use crate::channels::replay::Replayed;
use crate::domain::source::{NewSource, Source as Model, SourceParts, SourcePatch};
use crate::error::UserError as UserFault;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::SourceKind;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error, with_default_path};
use crate::graphql::global_id::{named, named_or_nothing};
use crate::graphql::model::source::Source;
use crate::graphql::model::user_error::UserError;
use crate::ids::{IdKind, SourceEventId, SourceId, TenantId};

/// A source that is to be made.
#[derive(InputObject)]
pub struct CreateSourceInput {
    /// What delivers.
    pub kind: SourceKind,
    /// 1 to 64 of a-z, 0-9, _ . and -, unique in the tenant: it is `source` of its items.
    pub name: String,
    /// What the provider signs with; needed for TWILIO (the auth token) and META (the app secret), and for them only.
    pub provider_secret: Option<String>,
    /// META: what Meta asks for when the address is subscribed; made where it is left out.
    pub verify_token: Option<String>,
    /// META, TELEGRAM: the token with which media are fetched.
    pub access_token: Option<String>,
    /// TWILIO: the TwiML that answers an incoming call. Without one the call is hung up.
    pub answer: Option<String>,
    /// POSTMARK, EMAIL: the company's own addresses, such as `support@x.com`, or `@x.com` for a whole domain; at most 100.
    pub addresses: Option<Vec<String>>,
}

/// What is to change of a source; what is left out stays. An empty text takes accessToken or answer away.
#[derive(InputObject)]
pub struct UpdateSourceInput {
    /// The source.
    pub id: ID,
    /// Whether it takes deliveries.
    pub enabled: Option<bool>,
    /// TWILIO, META: what the provider signs with.
    pub provider_secret: Option<String>,
    /// META: what Meta asks for when the address is subscribed.
    pub verify_token: Option<String>,
    /// META, TELEGRAM: the token with which media are fetched.
    pub access_token: Option<String>,
    /// TWILIO: the TwiML that answers an incoming call.
    pub answer: Option<String>,
    /// POSTMARK, EMAIL: the whole list of the company's own addresses.
    pub addresses: Option<Vec<String>>,
}

/// Which kept events are to be taken in again.
#[derive(InputObject)]
pub struct ReplaySourceEventsInput {
    /// The source through which they came.
    pub source_id: ID,
    /// These; where it is left out, all that the source has kept, the oldest 1,000 at once. At most 1,000. One
    /// that is not kept any more is passed over.
    pub event_ids: Option<Vec<ID>>,
}

/// What createSource did.
#[derive(Fields, SimpleObject)]
pub struct CreateSourcePayload {
    /// The source; null where the input is wrong.
    source: Option<Source>,
    /// Its secret, told this once; null for kinds whose secret is the provider's, or that have none.
    secret: Option<String>,
    /// What the user can correct; nothing was changed then.
    user_errors: Vec<UserError>,
}

/// What updateSource did.
#[derive(Fields, SimpleObject)]
pub struct UpdateSourcePayload {
    /// The source as it is now; null where the input is wrong.
    source: Option<Source>,
    /// What the user can correct; nothing was changed then.
    user_errors: Vec<UserError>,
}

/// What rotateSourceSecret did.
#[derive(Fields, SimpleObject)]
pub struct RotateSourceSecretPayload {
    /// The source; null where it has no secret of its own.
    source: Option<Source>,
    /// The new secret, told this once. The one before opens for 24 hours more.
    secret: Option<String>,
    /// What the user can correct; nothing was changed then.
    user_errors: Vec<UserError>,
}

/// What replaySourceEvents did.
#[derive(Fields, SimpleObject)]
pub struct ReplaySourceEventsPayload {
    /// How many events were tried.
    replayed: i32,
    /// How many of them were taken in, or were there already: they are kept no longer.
    settled: i32,
    /// How many are kept on, with the reasons of now.
    kept: i32,
    /// What the user can correct; nothing was changed then.
    user_errors: Vec<UserError>,
}

impl CreateSourceInput {
    fn read(self) -> NewSource {
        NewSource {
            kind: self.kind.into(),
            name: self.name,
            parts: SourceParts {
                provider_secret: self.provider_secret,
                verify_token: self.verify_token,
                access_token: self.access_token,
                answer: self.answer,
                addresses: self.addresses,
            },
        }
    }
}

impl UpdateSourceInput {
    fn read(self) -> SourcePatch {
        SourcePatch {
            enabled: self.enabled,
            parts: SourceParts {
                provider_secret: self.provider_secret,
                verify_token: self.verify_token,
                access_token: self.access_token,
                answer: self.answer,
                addresses: self.addresses,
            },
        }
    }
}

impl ReplaySourceEventsPayload {
    fn new(context: &ResolverContext, done: OrUserError<Replayed>) -> Self {
        let user_errors = UserError::of(context, &done);
        let Replayed { replayed, settled } = done.unwrap_or_default();
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        ReplaySourceEventsPayload {
            replayed: count(replayed),
            settled: count(settled),
            kept: count(replayed - settled),
            user_errors,
        }
    }
}

/// Makes and changes sources.
#[derive(Clone, Default)]
pub struct SourceMutation;

/// Makes and changes sources.
#[object(root)]
impl SourceMutation {
    /// Makes a source: a door through which a provider delivers. Its secret is told this once. At most 200. For admins.
    async fn create_source(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What it is to be.")] input: CreateSourceInput,
    ) -> Result<CreateSourcePayload> {
        let context = ctx.writing(Access::Admin)?;
        let done =
            split_user_error(context.rapport.create_source(&context.scope, &input.read()).await)?;
        let done = done.map_err(|error| error.under("input"));
        let user_errors = UserError::of(&context, &done);
        let (source, secret) = done.ok().unzip();
        let source = source.map(|source| Source { context, source });
        Ok(CreateSourcePayload { source, secret: secret.flatten(), user_errors })
    }

    /// Changes a source, or switches it on or off. Other servers follow within a second. For admins.
    async fn update_source(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What is to change.")] input: UpdateSourceInput,
    ) -> Result<UpdateSourcePayload> {
        let context = ctx.writing(Access::Admin)?;
        let id = SourceId(named_or_nothing(&input.id, IdKind::Source, context.tenant()));
        let patch = input.read();
        let done =
            split_user_error(context.rapport.update_source(&context.scope, id, &patch).await)?;
        let done = done.map_err(|error| with_default_path(error, "id").under("input"));
        let user_errors = UserError::of(&context, &done);
        Ok(UpdateSourcePayload { source: shown(context, done), user_errors })
    }

    /// Gives a source a new secret, told this once; the one before opens for 24 hours more. For admins.
    async fn rotate_source_secret(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The source.")] source_id: ID,
    ) -> Result<RotateSourceSecretPayload> {
        let context = ctx.writing(Access::Admin)?;
        let id = SourceId(named_or_nothing(&source_id, IdKind::Source, context.tenant()));
        let done =
            split_user_error(context.rapport.rotate_source_secret(&context.scope, id).await)?;
        let done = done.map_err(|error| with_default_path(error, "sourceId"));
        let user_errors = UserError::of(&context, &done);
        let (source, secret) = done.ok().unzip();
        let source = source.map(|source| Source { context, source });
        Ok(RotateSourceSecretPayload { source, secret, user_errors })
    }

    /// Takes kept events in again, once the reason for which they were kept is gone; each is recorded once, however
    /// often it is tried. For admins.
    async fn replay_source_events(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Which events.")] input: ReplaySourceEventsInput,
    ) -> Result<ReplaySourceEventsPayload> {
        let context = ctx.writing(Access::Admin)?;
        let tenant = context.tenant();
        let source = SourceId(named_or_nothing(&input.source_id, IdKind::Source, tenant));
        let ids = match input.event_ids.map(|ids| events(&ids, tenant)).transpose() {
            Ok(ids) => ids,
            Err(error) => {
                return Ok(ReplaySourceEventsPayload::new(&context, Err(error.under("input"))));
            }
        };
        let base = &context.public_base;
        let done = split_user_error(
            context.rapport.replay_source_events(&context.scope, base, source, ids).await,
        )?;
        let done = done.map_err(|error| with_default_path(error, "sourceId").under("input"));
        Ok(ReplaySourceEventsPayload::new(&context, done))
    }
}

/// The ids of events; one that is not kept any more is no mistake, but what is no id of an event is.
fn events(ids: &[ID], tenant: TenantId) -> OrUserError<Vec<SourceEventId>> {
    let event = |(n, id): (usize, &ID)| {
        let path = || ["eventIds".to_owned(), n.to_string()];
        let number = named(id, IdKind::SourceEvent, tenant);
        number
            .map(SourceEventId)
            .map_err(|_| UserFault::not_found("there is no such event").at(path()))
    };
    ids.iter().enumerate().map(event).collect()
}

fn shown(context: ResolverContext, done: OrUserError<Model>) -> Option<Source> {
    done.ok().map(|source| Source { context, source })
}
