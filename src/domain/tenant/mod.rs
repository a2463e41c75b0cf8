//! What belongs to a tenant or to the store as a whole: settings, the re-reading that a change of them
//! begins, page rules, the store's secret, the vault.

pub mod page_rule;
pub mod rereading;
pub mod secret;
pub mod settings;
pub mod stages;
pub mod vault;
