//! What a stored item holds, as the kind that it is.

use std::sync::OnceLock;

use crate::domain::model::item::{Body, Engagement, IdentityChange, Item, PageView};

/// What it is as an engagement; an empty one for a page view.
pub fn engagement(item: &Item) -> &Engagement {
    static NONE: OnceLock<Engagement> = OnceLock::new();
    item.engagement().unwrap_or_else(|| NONE.get_or_init(Engagement::default))
}

/// The same as a page view.
pub fn page(item: &Item) -> &PageView {
    static NONE: OnceLock<PageView> = OnceLock::new();
    match &item.body {
        Body::PageView(page) => page,
        Body::Engagement(_) => NONE.get_or_init(PageView::default),
    }
}

/// The change of identity that it tells of.
pub fn change(item: &Item) -> Option<&IdentityChange> {
    engagement(item).data.change.as_ref()
}
