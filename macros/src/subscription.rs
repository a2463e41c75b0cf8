//! `#[subscription]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{GenericArgument, ItemImpl, PathArguments, Type, parse_quote};

use crate::attributes::{Options, is_doc};
use crate::method::{Argument, Method, methods};
use crate::object::{fields, ident_of};

pub fn expand(options: &Options, block: &ItemImpl) -> syn::Result<TokenStream> {
    let ident = ident_of(&block.self_ty)?;
    let name = options.name.clone().unwrap_or_else(|| ident.to_string());
    let methods = methods(block)?;
    let items = methods.iter().map(item).collect::<syn::Result<Vec<_>>>()?;
    let plain = methods.iter().map(Method::plain);
    let arms = methods.iter().enumerate().map(|(n, method)| arm(n, method));
    let (count, names) = (methods.len(), fields(&methods));
    let stock = stock(ident, &name, block, &methods, &items);
    Ok(quote! {
        impl #ident { #(#plain)* }

        impl crate::graphql::execute::Streams for #ident {
            fn stream(
                &self,
                context: crate::graphql::execute::FieldContext,
            ) -> crate::graphql::execute::Stream {
                let object = self.clone();
                Box::pin(async move {
                    match context.field_number() {
                        #(#arms)*
                        _ => Ok(Box::pin(::futures_util::stream::empty()) as _),
                    }
                })
            }
        }

        impl crate::graphql::execute::Object for #ident {
            const NAME: &'static str = #name;
            const COUNT: usize = #count;

            fn fields() -> Vec<&'static str> {
                vec![#(#names),*]
            }

            fn field<'p>(
                &self,
                walk: &mut crate::graphql::execute::Walk<'p>,
                _: &'p crate::graphql::plan::Slot,
                _: usize,
            ) -> crate::graphql::execute::Flow {
                walk.null()
            }

            fn add_types(objects: &mut crate::graphql::operation::Objects) {
                #(<#items as crate::graphql::execute::Output>::add(objects);)*
            }
        }

        impl crate::graphql::execute::Output for #ident {
            fn write<'p>(
                &self,
                walk: &mut crate::graphql::execute::Walk<'p>,
                _: &'p crate::graphql::plan::Slot,
            ) -> crate::graphql::execute::Flow {
                walk.null()
            }
        }

        #stock
    })
}

/// `T` of `Result<Events<T>>`.
fn item(method: &Method<'_>) -> syn::Result<Type> {
    inner(&method.output)
        .and_then(inner)
        .cloned()
        .ok_or_else(|| syn::Error::new_spanned(&method.output, "a stream is a `Result<Events<…>>`"))
}

fn inner(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn arm(n: usize, method: &Method<'_>) -> TokenStream {
    let call = method.call(&quote!(object));
    let arguments = method
        .arguments
        .iter()
        .enumerate()
        .map(|(n, Argument { name, ty, .. })| quote!(let #name: #ty = context.argument(#n)?;));
    quote! {
        Some(#n) => {
            #(#arguments)*
            let events = #call?;
            Ok(Box::pin(::futures_util::StreamExt::map(events, |event| {
                event.map(crate::graphql::execute::Event::new)
            })) as _)
        }
    }
}

fn stock(
    ident: &proc_macro2::Ident,
    name: &str,
    block: &ItemImpl,
    methods: &[Method<'_>],
    items: &[Type],
) -> TokenStream {
    let twin = format_ident!("{ident}Stock");
    let title = format!("[`{ident}`] as async-graphql knows it.");
    let docs = block.attrs.iter().filter(|attribute| is_doc(attribute));
    let methods = methods.iter().zip(items).map(|(method, item)| {
        let call = method.call(&quote!(self.0));
        let output: Type = parse_quote! {
            crate::graphql::fault::Result<
                ::futures_util::stream::BoxStream<'static, crate::graphql::fault::Result<#item>>
            >
        };
        let answer = quote! {
            Ok(Box::pin(::futures_util::StreamExt::map(#call?, |event| {
                event.map(|(_, event)| event)
            })))
        };
        method.stock(&output, &answer)
    });
    quote! {
        #[doc = #title]
        #[derive(Default)]
        #[allow(dead_code, reason = "only debug builds answer through it")]
        pub struct #twin(pub #ident);

        #(#docs)*
        #[::async_graphql::Subscription(name = #name)]
        impl #twin { #(#methods)* }
    }
}
