//! The items of the history: one interface, one type for each kind.

pub mod columns;
pub mod content;
mod history_item;
mod item_type;
mod kinds;
pub mod together;

pub use history_item::HistoryItem;
pub use kinds::{
    Call, CallStock, Email, EmailStock, IdentityEvent, IdentityEventStock, Message, MessageStock,
    Note, NoteStock, PageView, PageViewStock, RecordEvent, RecordEventStock,
};
