//! `recordPageViews`: pages that somebody looked at.

use async_graphql::InputObject;
use rapport_macros::object;

use crate::domain::history::record::{NewBody, NewItem};
use crate::entity::kinds::Channel as ChannelKind;
use crate::graphql::context::Access;
use crate::graphql::enums::Channel;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result};
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::mutation::record::payload::{RecordPayload, record};
use crate::graphql::sent_time::SentTime;
use crate::ids::TenantId;

/// A page that somebody looked at.
#[derive(InputObject)]
pub struct PageViewInput {
    /// Who looked; an unknown address makes a customer.
    pub customer: Option<CustomerRef>,
    /// The page's http(s) address, or its path.
    pub url: String,
    /// The page's title.
    pub title: Option<String>,
    /// What kind of page; derived from the path by the tenant's rules where it is left out.
    pub category: Option<String>,
    /// What the page is about; derived from the path by the tenant's rules where it is left out.
    pub object_id: Option<String>,
    /// The visit it belongs to.
    pub session_id: Option<String>,
    /// What was seen there, in words.
    pub description: Option<String>,
    /// WEB, or APP.
    pub channel: Option<Channel>,
    /// When it happened; now, where it is left out. At most a day ahead.
    pub occurred_at: Option<SentTime>,
    /// The system that recorded it; `api` where it is left out.
    pub source: Option<String>,
    /// The source's own id.
    pub source_id: Option<String>,
}

impl PageViewInput {
    pub fn read(self, tenant: TenantId) -> OrUserError<NewItem> {
        Ok(NewItem {
            channel_label: None,
            who: self.customer.map(|customer| customer.read_or_unknown(tenant)),
            channel: self.channel.map_or(ChannelKind::Web, Into::into),
            direction: None,
            occurred_at: SentTime::occurred_at(self.occurred_at)?,
            source: self.source,
            source_id: self.source_id,
            body: NewBody::PageView {
                url: self.url,
                title: self.title,
                category: self.category,
                object_id: self.object_id,
                session_id: self.session_id,
                description: self.description,
            },
            files: Vec::new(),
        })
    }
}

/// Records page views.
#[derive(Clone, Default)]
pub struct PageViewMutation;

/// Records page views.
#[object(root)]
impl PageViewMutation {
    /// Records page views, at most 1,000 at once. A detail that cannot be kept as it came is repaired, cut or left out, and
    /// named in `warnings`.
    async fn record_page_views(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What was seen.")] inputs: Vec<PageViewInput>,
    ) -> Result<RecordPayload> {
        let context = ctx.writing(Access::Ingest)?;
        let items = inputs.into_iter().map(|input| input.read(context.tenant()));
        record(&context, items).await
    }
}
