//! `#[derive(Fields)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Field, Fields};

use crate::attributes::{camel_case, given_name};

pub fn expand(item: &DeriveInput) -> syn::Result<TokenStream> {
    let fields: Vec<&Field> = match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields.named.iter().collect(),
            _ => return Err(syn::Error::new_spanned(item, "an object has named fields")),
        },
        _ => return Err(syn::Error::new_spanned(item, "an object is a struct")),
    };
    let ty = &item.ident;
    let name = given_name(&item.attrs)?.unwrap_or_else(|| ty.to_string());
    let idents: Vec<_> = fields.iter().filter_map(|field| field.ident.as_ref()).collect();
    let mut names = Vec::new();
    for (field, ident) in fields.iter().zip(&idents) {
        names.push(given_name(&field.attrs)?.unwrap_or_else(|| camel_case(ident)));
    }
    let (count, types) = (fields.len(), fields.iter().map(|field| &field.ty));
    let numbers = 0..count;
    Ok(quote! {
        impl crate::graphql::execute::Object for #ty {
            const NAME: &'static str = #name;
            const COUNT: usize = #count;

            fn fields() -> Vec<&'static str> {
                vec![#(#names),*]
            }

            fn field<'p>(
                &self,
                walk: &mut crate::graphql::execute::Walk<'p>,
                slot: &'p crate::graphql::plan::Slot,
                field: usize,
            ) -> crate::graphql::execute::Flow {
                match field {
                    #(#numbers => crate::graphql::execute::Output::write(&self.#idents, walk, slot),)*
                    _ => walk.null(),
                }
            }

            fn add_types(objects: &mut crate::graphql::operation::Objects) {
                #(<#types as crate::graphql::execute::Output>::add(objects);)*
            }
        }

        impl crate::graphql::execute::Output for #ty {
            fn write<'p>(
                &self,
                walk: &mut crate::graphql::execute::Walk<'p>,
                slot: &'p crate::graphql::plan::Slot,
            ) -> crate::graphql::execute::Flow {
                walk.object(self, slot)
            }

            fn add(objects: &mut crate::graphql::operation::Objects) {
                crate::graphql::execute::add_object::<#ty>(objects);
            }
        }
    })
}
