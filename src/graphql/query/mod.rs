//! The query root: one file for each noun.

mod audit;
mod customer;
pub mod customers;
mod export;
mod feed;
mod merge_preview;
mod node;
mod rate_limit;
mod review;
mod ringing_calls;
mod search;
mod settings;
mod sources;
mod viewer;
mod why_linked;

use crate::graphql::query::audit::{AuditQuery, AuditQueryStock};
use crate::graphql::query::customer::{CustomerQuery, CustomerQueryStock};
use crate::graphql::query::customers::{CustomersQuery, CustomersQueryStock};
use crate::graphql::query::export::{ExportQuery, ExportQueryStock};
use crate::graphql::query::feed::{FeedQuery, FeedQueryStock};
use crate::graphql::query::merge_preview::{MergePreviewQuery, MergePreviewQueryStock};
use crate::graphql::query::node::{NodeQuery, NodeQueryStock};
use crate::graphql::query::rate_limit::{RateLimitQuery, RateLimitQueryStock};
use crate::graphql::query::review::{ReviewQuery, ReviewQueryStock};
use crate::graphql::query::ringing_calls::{RingingCallsQuery, RingingCallsQueryStock};
use crate::graphql::query::search::{SearchQuery, SearchQueryStock};
use crate::graphql::query::settings::{SettingsQuery, SettingsQueryStock};
use crate::graphql::query::sources::{SourceQuery, SourceQueryStock};
use crate::graphql::query::viewer::{ViewerQuery, ViewerQueryStock};
use crate::graphql::query::why_linked::{WhyLinkedQuery, WhyLinkedQueryStock};
use crate::graphql::root::root;

root! {
    /// What can be read.
    Query, QueryStock, "Query" {
        NodeQuery: NodeQueryStock,
        ViewerQuery: ViewerQueryStock,
        CustomerQuery: CustomerQueryStock,
        CustomersQuery: CustomersQueryStock,
        SearchQuery: SearchQueryStock,
        FeedQuery: FeedQueryStock,
        RingingCallsQuery: RingingCallsQueryStock,
        ReviewQuery: ReviewQueryStock,
        WhyLinkedQuery: WhyLinkedQueryStock,
        MergePreviewQuery: MergePreviewQueryStock,
        SettingsQuery: SettingsQueryStock,
        SourceQuery: SourceQueryStock,
        AuditQuery: AuditQueryStock,
        ExportQuery: ExportQueryStock,
        RateLimitQuery: RateLimitQueryStock,
    }
}
