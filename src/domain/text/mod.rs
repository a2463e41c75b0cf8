//! Text as people search it: folding, words, search terms, highlights. Pure: nothing here reads or writes.

mod address;
mod age;
mod fold;
mod fulltext;
pub mod half_characters;
mod highlight;
mod marks;
pub mod nul;
mod number;
mod places;
mod query;
mod range;
mod readings;
mod script;
mod similar;
mod terms;
mod titles;
mod tokens;
mod trait_terms;

use address::without_schemes;
pub use address::{address_text, readable};
pub use age::{AGES, age, age_sql};
pub use fold::fold;
pub use fulltext::{
    AskedWord, asked_words, fts_query_behind, fts_query_postgres, fts_query_sqlite,
    fts_text_sqlite, fts_words, rewritten,
};
pub use highlight::{Fragment, highlight};
pub use number::TypedNumber;
pub use places::{FoundWord, places};
pub use query::SearchQuery;
pub use range::{TermRange, prefix_range};
pub use readings::{Reading, Weight};
pub use similar::similarity;
pub use terms::{SearchField, terms_of_identifier, terms_of_name};
pub use tokens::{TERM_CHARS, tokens};
pub use trait_terms::terms_of_traits;
pub(crate) use trait_terms::trait_term;
