//! The query root: one file for each noun.

mod audit;
mod customer;
mod customers;
mod export;
mod feed;
mod merge_preview;
mod node;
mod rate_limit;
mod review;
mod search;
mod settings;
mod viewer;
mod why_linked;

use async_graphql::MergedObject;

use crate::graphql::query::audit::AuditQuery;
use crate::graphql::query::customer::CustomerQuery;
use crate::graphql::query::customers::CustomersQuery;
use crate::graphql::query::export::ExportQuery;
use crate::graphql::query::feed::FeedQuery;
use crate::graphql::query::merge_preview::MergePreviewQuery;
use crate::graphql::query::node::NodeQuery;
use crate::graphql::query::rate_limit::RateLimitQuery;
use crate::graphql::query::review::ReviewQuery;
use crate::graphql::query::search::SearchQuery;
use crate::graphql::query::settings::SettingsQuery;
use crate::graphql::query::viewer::ViewerQuery;
use crate::graphql::query::why_linked::WhyLinkedQuery;

/// What can be read.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQuery,
    ViewerQuery,
    CustomerQuery,
    CustomersQuery,
    SearchQuery,
    FeedQuery,
    ReviewQuery,
    WhyLinkedQuery,
    MergePreviewQuery,
    SettingsQuery,
    AuditQuery,
    ExportQuery,
    RateLimitQuery,
);
