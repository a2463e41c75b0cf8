//! What belongs to a tenant or to the store as a whole: settings, page rules, the store's secret.

pub mod page_rule;
pub mod secret;
pub mod settings;
