//! `#[interface]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Fields, Meta, Token, Type};

use crate::attributes::{is_doc, is_graphql};
use crate::enums;

pub fn expand(item: &DeriveInput) -> syn::Result<TokenStream> {
    let mut plain = item.clone();
    plain.attrs.retain(|attribute| !is_graphql(attribute));
    let written = enums::expand(item)?;
    let stock = stock(item)?;
    Ok(quote! {
        #plain
        #written
        #stock
    })
}

/// The twin for async-graphql: an interface of the objects' twins.
fn stock(item: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &item.data else {
        return Err(syn::Error::new_spanned(item, "an interface is an enum"));
    };
    let (ident, twin) = (&item.ident, format_ident!("{}Stock", item.ident));
    let (mut variants, mut twins): (Vec<&Ident>, Vec<Ident>) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        let ty = match &variant.fields {
            Fields::Unnamed(fields) => fields.unnamed.first().map(|field| &field.ty),
            _ => None,
        };
        let object = match ty {
            Some(Type::Path(path)) => path.path.get_ident(),
            _ => None,
        };
        let object =
            object.ok_or_else(|| syn::Error::new_spanned(variant, "a variant holds one object"))?;
        variants.push(&variant.ident);
        twins.push(format_ident!("{object}Stock"));
    }
    let docs = item.attrs.iter().filter(|attribute| is_doc(attribute));
    let (name, told) = (ident.to_string(), told(&item.attrs)?);
    Ok(quote! {
        #(#docs)*
        #[derive(::async_graphql::Interface)]
        #[graphql(name = #name, #(#told),*)]
        pub enum #twin { #(#variants(#twins)),* }

        impl From<#ident> for #twin {
            fn from(object: #ident) -> Self {
                match object { #(#ident::#variants(object) => #twin::#variants(#twins(object))),* }
            }
        }

        impl ::async_graphql::OutputType for #ident {
            fn type_name() -> ::std::borrow::Cow<'static, str> {
                <#twin as ::async_graphql::OutputType>::type_name()
            }

            fn create_type_info(registry: &mut ::async_graphql::registry::Registry) -> String {
                <#twin as ::async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                context: &::async_graphql::ContextSelectionSet<'_>,
                field: &::async_graphql::Positioned<::async_graphql::parser::types::Field>,
            ) -> ::async_graphql::ServerResult<::async_graphql::Value> {
                let twin = #twin::from(self.clone());
                ::async_graphql::OutputType::resolve(&twin, context, field).await
            }
        }
    })
}

/// What stands in `#[graphql(…)]`.
fn told(attributes: &[Attribute]) -> syn::Result<Vec<Meta>> {
    let mut told = Vec::new();
    for attribute in attributes.iter().filter(|attribute| is_graphql(attribute)) {
        told.extend(attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?);
    }
    Ok(told)
}
