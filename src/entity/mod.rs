//! Tables, enums, and the finders nobody may forget: each is bound to a tenant.

#![expect(
    clippy::disallowed_methods,
    reason = "code that the model macro writes begins transactions of its own; nobody calls it"
)]

pub mod audit;
pub mod change;
pub mod comment;
pub mod contact;
pub mod customer;
pub mod customer_head;
pub mod customer_tag;
pub mod customer_trait;
pub mod deleted_item;
pub mod engagement;
pub mod erased_key;
pub mod file;
pub mod file_content;
pub mod file_removal;
pub mod idempotency;
pub mod identity;
pub mod keep_apart;
pub mod kinds;
pub mod link_evidence;
pub mod link_review;
pub mod mail_thread;
pub mod merge_edge;
pub mod newest_items;
pub mod page_view;
pub mod person_card;
pub mod relay;
pub mod removed_identity;
pub mod search_renewal;
pub mod search_term;
pub mod source;
pub mod source_event;
pub mod source_event_mark;
pub mod store_secret;
pub mod table;
pub mod tenant;
