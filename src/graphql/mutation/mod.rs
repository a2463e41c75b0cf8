//! The mutation root: one file for each noun, with its inputs, its payloads and its resolvers.

pub mod call;
pub mod comment;
pub mod customer;
pub mod customers;
pub mod erase;
pub mod identify;
pub mod identity;
pub mod item;
pub mod merge;
pub mod record;
pub mod remove_identity;
pub mod review;
pub mod settings;
pub mod source;
pub mod split;

use crate::graphql::mutation::call::{CallMutation, CallMutationStock};
use crate::graphql::mutation::comment::{CommentMutation, CommentMutationStock};
use crate::graphql::mutation::customer::{CustomerMutation, CustomerMutationStock};
use crate::graphql::mutation::customers::{CustomersMutation, CustomersMutationStock};
use crate::graphql::mutation::erase::{EraseMutation, EraseMutationStock};
use crate::graphql::mutation::identify::{IdentifyMutation, IdentifyMutationStock};
use crate::graphql::mutation::identity::{IdentityMutation, IdentityMutationStock};
use crate::graphql::mutation::item::{ItemMutation, ItemMutationStock};
use crate::graphql::mutation::merge::{MergeMutation, MergeMutationStock};
use crate::graphql::mutation::record::engagement::{EngagementMutation, EngagementMutationStock};
use crate::graphql::mutation::record::page_view::{PageViewMutation, PageViewMutationStock};
use crate::graphql::mutation::remove_identity::{
    RemoveIdentityMutation, RemoveIdentityMutationStock,
};
use crate::graphql::mutation::review::{ReviewMutation, ReviewMutationStock};
use crate::graphql::mutation::settings::{SettingsMutation, SettingsMutationStock};
use crate::graphql::mutation::source::{SourceMutation, SourceMutationStock};
use crate::graphql::mutation::split::{SplitMutation, SplitMutationStock};
use crate::graphql::root::root;

root! {
    /// What can be written.
    Mutation, MutationStock, "Mutation" {
        IdentifyMutation: IdentifyMutationStock,
        EngagementMutation: EngagementMutationStock,
        PageViewMutation: PageViewMutationStock,
        CallMutation: CallMutationStock,
        CustomerMutation: CustomerMutationStock,
        CustomersMutation: CustomersMutationStock,
        CommentMutation: CommentMutationStock,
        ItemMutation: ItemMutationStock,
        MergeMutation: MergeMutationStock,
        SplitMutation: SplitMutationStock,
        IdentityMutation: IdentityMutationStock,
        RemoveIdentityMutation: RemoveIdentityMutationStock,
        ReviewMutation: ReviewMutationStock,
        SettingsMutation: SettingsMutationStock,
        SourceMutation: SourceMutationStock,
        EraseMutation: EraseMutationStock,
    }
}
