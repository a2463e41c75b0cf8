//! One method of an `impl` block, as a field of the schema.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, FnArg, ImplItem, ImplItemFn, ItemImpl, Pat, ReturnType, Type};

use crate::attributes::{camel_case, given_name, is_doc, is_graphql, is_loads};

/// An argument of a field.
pub struct Argument {
    pub name: Ident,
    pub ty: Type,
    pub graphql: Vec<Attribute>,
}

/// A field.
pub struct Method<'i> {
    pub item: &'i ImplItemFn,
    /// Its name in the schema.
    pub field: String,
    pub waits: bool,
    /// Whether it waits each time: then it is not asked in vain whether its answer is at hand.
    pub loads: bool,
    /// Whether it is told of the request.
    pub context: bool,
    pub arguments: Vec<Argument>,
    pub output: Type,
}

/// All methods of a block.
pub fn methods(block: &ItemImpl) -> syn::Result<Vec<Method<'_>>> {
    block
        .items
        .iter()
        .map(|item| match item {
            ImplItem::Fn(item) => Method::read(item),
            other => Err(syn::Error::new_spanned(other, "only methods are fields")),
        })
        .collect()
}

impl<'i> Method<'i> {
    fn read(item: &'i ImplItemFn) -> syn::Result<Self> {
        let signature = &item.sig;
        let ReturnType::Type(_, output) = &signature.output else {
            return Err(syn::Error::new_spanned(signature, "a field answers something"));
        };
        let mut context = false;
        let mut arguments = Vec::new();
        for input in signature.inputs.iter().skip(1) {
            let FnArg::Typed(input) = input else {
                return Err(syn::Error::new_spanned(input, "`&self` comes first"));
            };
            let Pat::Ident(name) = &*input.pat else {
                return Err(syn::Error::new_spanned(&input.pat, "an argument has a name"));
            };
            if is_context(&input.ty) {
                context = true;
                continue;
            }
            arguments.push(Argument {
                name: name.ident.clone(),
                ty: (*input.ty).clone(),
                graphql: input.attrs.iter().filter(|one| is_graphql(one)).cloned().collect(),
            });
        }
        Ok(Method {
            item,
            field: given_name(&item.attrs)?.unwrap_or_else(|| camel_case(&signature.ident)),
            waits: signature.asyncness.is_some(),
            loads: item.attrs.iter().any(is_loads),
            context,
            arguments,
            output: (**output).clone(),
        })
    }

    /// The method itself, without what is async-graphql's.
    pub fn plain(&self) -> ImplItemFn {
        let mut item = self.item.clone();
        item.attrs.retain(|attribute| !is_graphql(attribute) && !is_loads(attribute));
        for input in &mut item.sig.inputs {
            if let FnArg::Typed(input) = input {
                input.attrs.retain(|attribute| !is_graphql(attribute));
            }
        }
        item
    }

    /// What the registry is told beside the signature.
    fn registered(&self) -> Vec<&Attribute> {
        self.item.attrs.iter().filter(|one| is_doc(one) || is_graphql(one)).collect()
    }

    /// The names of the arguments in a call.
    pub fn names(&self) -> Vec<&Ident> {
        self.arguments.iter().map(|argument| &argument.name).collect()
    }

    /// A call on `object`, with the context by the name `context`.
    pub fn call(&self, object: &TokenStream) -> TokenStream {
        let (name, arguments) = (&self.item.sig.ident, self.names());
        let context = self.context.then(|| quote!(&context,));
        let wait = self.waits.then(|| quote!(.await));
        quote!(#object.#name(#context #(#arguments),*) #wait)
    }

    /// The twin's method: what the registry reads, and in debug builds the same answer. `answer` is what is made of a call.
    pub fn stock(&self, output: &Type, answer: &TokenStream) -> TokenStream {
        let (name, attributes) = (&self.item.sig.ident, self.registered());
        let parameters = self
            .arguments
            .iter()
            .map(|Argument { name, ty, graphql }| quote!(#(#graphql)* #name: #ty));
        let context = format_ident!("context");
        let (parameter, make) = if self.context {
            (
                Some(quote!(#context: &::async_graphql::Context<'_>,)),
                Some(quote!(let context = crate::graphql::execute::FieldContext::stock(#context);)),
            )
        } else {
            (None, None)
        };
        let used = self.names();
        let used_context = self.context.then(|| quote!(let _ = context;));
        quote! {
            #(#attributes)*
            pub async fn #name(&self, #parameter #(#parameters),*) -> #output {
                #[cfg(debug_assertions)]
                {
                    #make
                    #answer
                }
                #[cfg(not(debug_assertions))]
                {
                    #used_context
                    #(let _ = #used;)*
                    crate::graphql::execute::not_asked()
                }
            }
        }
    }
}

/// Whether a parameter is the context of the field.
fn is_context(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) => {
                path.path.segments.last().is_some_and(|last| last.ident == "FieldContext")
            }
            _ => false,
        },
        _ => false,
    }
}
