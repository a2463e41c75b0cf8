//! Text as people search it: folding, words, search terms, highlights. Pure: nothing here reads or writes.

mod fold;
mod fulltext;
mod highlight;
mod query;
mod range;
mod similar;
mod terms;
mod tokens;

pub use fold::fold;
pub use fulltext::{fts_query_postgres, fts_query_sqlite, fts_words};
pub use highlight::{Fragment, highlight};
pub use query::{SearchQuery, TermRange};
pub use range::prefix_range;
pub use similar::similarity;
pub use terms::{SearchField, TERM_CHARS, terms_of_identifier, terms_of_name};
pub use tokens::tokens;
