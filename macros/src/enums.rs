//! `#[derive(Abstract)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

pub fn expand(item: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &item.data else {
        return Err(syn::Error::new_spanned(item, "an interface or a union is an enum"));
    };
    let (mut variants, mut types) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                variants.push(&variant.ident);
                types.push(&fields.unnamed[0].ty);
            }
            _ => return Err(syn::Error::new_spanned(variant, "a variant holds one object")),
        }
    }
    let ty = &item.ident;
    Ok(quote! {
        impl crate::graphql::execute::Output for #ty {
            fn write<'p>(
                &self,
                walk: &mut crate::graphql::execute::Walk<'p>,
                slot: &'p crate::graphql::plan::Slot,
            ) -> crate::graphql::execute::Flow {
                match self {
                    #(#ty::#variants(object) => {
                        crate::graphql::execute::Output::write(object, walk, slot)
                    })*
                }
            }

            fn add(objects: &mut crate::graphql::operation::Objects) {
                #(<#types as crate::graphql::execute::Output>::add(objects);)*
            }
        }
    })
}
