//! `#[object]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, ItemImpl, Type};

use crate::attributes::{Options, is_doc};
use crate::method::{Argument, Method, methods};

pub fn expand(options: &Options, block: &ItemImpl) -> syn::Result<TokenStream> {
    let ty = &*block.self_ty;
    let ident = ident_of(ty)?;
    let name = options.name.clone().unwrap_or_else(|| ident.to_string());
    let methods = methods(block)?;
    let plain = methods.iter().map(Method::plain);
    let object = object(options, ty, &name, &methods);
    let stock = stock(options, ident, &name, &block.attrs, &methods);
    Ok(quote! {
        #[allow(clippy::unused_self, reason = "fields of a root have no object behind them")]
        impl #ty { #(#plain)* }
        #object
        #stock
    })
}

/// The name of a type without parameters.
pub fn ident_of(ty: &Type) -> syn::Result<&Ident> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Type::Group(group) => return ident_of(&group.elem),
        _ => None,
    }
    .ok_or_else(|| syn::Error::new_spanned(ty, "an object is a type without parameters"))
}

fn object(options: &Options, ty: &Type, name: &str, methods: &[Method<'_>]) -> TokenStream {
    let arms = methods.iter().enumerate().map(|(n, method)| {
        let write = write(options, method);
        quote!(#n => { #write })
    });
    let (names, outputs) = (fields(methods), methods.iter().map(|method| &method.output));
    let count = methods.len();
    quote! {
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
                    #(#arms)*
                    _ => walk.null(),
                }
            }

            fn add_types(objects: &mut crate::graphql::operation::Objects) {
                #(<#outputs as crate::graphql::execute::Output>::add(objects);)*
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
    }
}

/// The fields' names in the schema.
pub fn fields<'m>(methods: &'m [Method<'_>]) -> impl Iterator<Item = &'m str> {
    methods.iter().map(|method| method.field.as_str())
}

/// How one field is written.
fn write(options: &Options, method: &Method<'_>) -> TokenStream {
    let arguments =
        method.arguments.iter().enumerate().map(
            |(n, Argument { name, ty, .. })| quote!(let #name: #ty = walk.argument(slot, #n)?;),
        );
    let context = method.context.then(|| quote!(let context = walk.context(slot);));
    let asked_twice =
        !options.root && !method.loads && method.arguments.is_empty() && !method.context;
    match (method.waits, asked_twice) {
        (false, _) => {
            let call = method.call(&quote!(self));
            quote! {
                #(#arguments)*
                #context
                let answer = #call;
                crate::graphql::execute::Output::write(&answer, walk, slot)
            }
        }
        (true, true) => {
            let (name, call) = (&method.item.sig.ident, method.call(&quote!(object)));
            quote! {
                walk.now_or_wait(slot, self.#name(), || {
                    let object = self.clone();
                    async move { #call }
                })
            }
        }
        (true, false) => {
            let call = method.call(&quote!(object));
            quote! {
                #(#arguments)*
                #context
                let object = self.clone();
                walk.wait(slot, async move { #call })
            }
        }
    }
}

/// The twin for async-graphql.
fn stock(
    options: &Options,
    ident: &Ident,
    name: &str,
    attributes: &[Attribute],
    methods: &[Method<'_>],
) -> TokenStream {
    let twin = format_ident!("{ident}Stock");
    let docs = attributes.iter().filter(|attribute| is_doc(attribute));
    let title = format!("[`{ident}`] as async-graphql knows it.");
    let methods = methods.iter().map(|method| {
        let call = method.call(&quote!(self.0));
        method.stock(&method.output, &call)
    });
    let default = options.root.then(|| quote!(#[derive(Default)]));
    quote! {
        #[doc = #title]
        #default
        #[allow(dead_code, reason = "only debug builds answer through it")]
        pub struct #twin(pub #ident);

        #(#docs)*
        #[allow(clippy::too_many_arguments, reason = "it has the arguments of the field")]
        #[::async_graphql::Object(name = #name)]
        impl #twin { #(#methods)* }

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
                ::async_graphql::OutputType::resolve(&#twin(self.clone()), context, field).await
            }
        }
    }
}
