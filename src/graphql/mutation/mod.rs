//! The mutation root: one file for each noun, with its inputs, its payloads and its resolvers.

pub mod call;
pub mod comment;
pub mod customer;
pub mod erase;
pub mod identify;
pub mod identity;
pub mod merge;
pub mod record;
pub mod review;
pub mod settings;
pub mod split;

use async_graphql::MergedObject;

use crate::graphql::mutation::call::CallMutation;
use crate::graphql::mutation::comment::CommentMutation;
use crate::graphql::mutation::customer::CustomerMutation;
use crate::graphql::mutation::erase::EraseMutation;
use crate::graphql::mutation::identify::IdentifyMutation;
use crate::graphql::mutation::identity::IdentityMutation;
use crate::graphql::mutation::merge::MergeMutation;
use crate::graphql::mutation::record::engagement::EngagementMutation;
use crate::graphql::mutation::record::page_view::PageViewMutation;
use crate::graphql::mutation::review::ReviewMutation;
use crate::graphql::mutation::settings::SettingsMutation;
use crate::graphql::mutation::split::SplitMutation;

/// What can be written.
#[derive(Default, MergedObject)]
pub struct Mutation(
    IdentifyMutation,
    EngagementMutation,
    PageViewMutation,
    CallMutation,
    CustomerMutation,
    CommentMutation,
    MergeMutation,
    SplitMutation,
    IdentityMutation,
    ReviewMutation,
    SettingsMutation,
    EraseMutation,
);
