//! Attributes that make objects of the GraphQL schema out of Rust types, for two readers: the executor of `rapport`, which
//! gets a numbered `match` over the fields, and async-graphql, which is where types are declared, and gets a twin of the
//! type (`…Stock`) that it registers. In debug builds the twin also answers, so that tests can compare the executor with
//! async-graphql's own; in release builds nothing of that is there.

mod attributes;
mod enums;
mod fields;
mod interface;
mod method;
mod object;
mod subscription;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemImpl, parse_macro_input};

use crate::attributes::Options;

/// Makes an object of an `impl` block: every method is a field, in this order. A `fn` answers at once; an `async fn`
/// may wait, and then answers something owned; `#[loads]` says that it always does. Parameters: `&self`, then
/// `&FieldContext` if the field wants to know of the request, then the arguments, with async-graphql's `#[graphql(…)]`. The
/// type is `Clone`.
///
/// `name = "…"` names the type; `root` says that it is a part of a root, whose `async fn`s are never asked twice.
#[proc_macro_attribute]
pub fn object(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as Options);
    let item = parse_macro_input!(item as ItemImpl);
    answer(object::expand(&options, &item))
}

/// Makes an object of a struct: every field is a field. It stands beside async-graphql's `SimpleObject`.
#[proc_macro_derive(Fields, attributes(graphql))]
pub fn fields(item: TokenStream) -> TokenStream {
    answer(fields::expand(&parse_macro_input!(item as DeriveInput)))
}

/// Makes an interface or a union of an enum of objects. It stands beside async-graphql's `Interface` or `Union`.
#[proc_macro_derive(Abstract, attributes(graphql))]
pub fn abstract_type(item: TokenStream) -> TokenStream {
    answer(enums::expand(&parse_macro_input!(item as DeriveInput)))
}

/// Makes an interface of an enum of objects that `#[object]` made, with async-graphql's `#[graphql(field(…))]`.
#[proc_macro_attribute]
pub fn interface(_: TokenStream, item: TokenStream) -> TokenStream {
    answer(interface::expand(&parse_macro_input!(item as DeriveInput)))
}

/// Makes the root of subscriptions of an `impl` block: every method is an `async fn` that answers `Result<Events<T>>`.
#[proc_macro_attribute]
pub fn subscription(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as Options);
    let item = parse_macro_input!(item as ItemImpl);
    answer(subscription::expand(&options, &item))
}

fn answer(expanded: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    expanded.unwrap_or_else(syn::Error::into_compile_error).into()
}
