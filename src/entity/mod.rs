//! Tables, enums, and the finders nobody may forget: each is bound to a tenant.

#![expect(
    clippy::disallowed_methods,
    reason = "code that the model macro writes begins transactions of its own; nobody calls it"
)]

pub mod change;
pub mod comment;
pub mod contact;
pub mod customer;
pub mod customer_head;
pub mod engagement;
pub mod identity;
pub mod kinds;
pub mod page_view;
pub mod tenant;
