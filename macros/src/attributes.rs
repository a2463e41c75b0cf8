//! Options of the attributes, and names as the schema has them.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Token};

/// What stands in the parentheses of `#[object(…)]`.
#[derive(Default)]
pub struct Options {
    pub name: Option<String>,
    pub root: bool,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Options::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            match key.to_string().as_str() {
                "root" => options.root = true,
                "name" => {
                    input.parse::<Token![=]>()?;
                    options.name = Some(input.parse::<LitStr>()?.value());
                }
                _ => {
                    return Err(syn::Error::new(key.span(), "there are `name = \"…\"` and `root`"));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

/// Whether it is `#[graphql(…)]`.
pub fn is_graphql(attribute: &Attribute) -> bool {
    attribute.path().is_ident("graphql")
}

/// Whether it says that a field always asks a loader.
pub fn is_loads(attribute: &Attribute) -> bool {
    attribute.path().is_ident("loads")
}

/// Whether it is a line of documentation.
pub fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}

/// The name that `#[graphql(name = "…")]` gives.
pub fn given_name(attributes: &[Attribute]) -> syn::Result<Option<String>> {
    for attribute in attributes.iter().filter(|attribute| is_graphql(attribute)) {
        let metas =
            attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated)?;
        for meta in metas {
            if let syn::Meta::NameValue(pair) = meta
                && pair.path.is_ident("name")
                && let syn::Expr::Lit(literal) = &pair.value
                && let syn::Lit::Str(name) = &literal.lit
            {
                return Ok(Some(name.value()));
            }
        }
    }
    Ok(None)
}

/// `created_at` as `createdAt`.
pub fn camel_case(name: &Ident) -> String {
    let name = name.to_string();
    let mut out = String::with_capacity(name.len());
    let mut capital = false;
    for c in name.trim_start_matches("r#").chars() {
        match c {
            '_' => capital = true,
            c if capital => {
                out.extend(c.to_uppercase());
                capital = false;
            }
            c => out.push(c),
        }
    }
    out
}
