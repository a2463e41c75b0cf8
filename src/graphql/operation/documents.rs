//! Documents kept by their text: clients send few different ones, again and again.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::Value;
use bluejay_core::executable::{OperationDefinition as _, VariableType, VariableTypeReference};
use bluejay_core::{AsIter, Directive as _, OperationType, Value as _, ValueReference};
use bluejay_parser::HasSpan;
use bluejay_parser::ast::VariableDirective;
use bluejay_parser::ast::executable::{
    OperationDefinition, Selection, SelectionSet, VariableDefinition as VariableNode,
};

use crate::error::Code;
use crate::graphql::document::RequestError;
use crate::graphql::document::limit::{Limits, RowsOf};
use crate::graphql::document::lines::Lines;
use crate::graphql::document::literal::{Literal, literal};
use crate::graphql::document::mend::mended;
use crate::graphql::document::syntax::Parsed;
use crate::graphql::document::uses;
use crate::graphql::document::validate::{parse, validate};
use crate::graphql::document::walk::{OperationFacts, check};
use crate::graphql::operation::kept_plans::KeptPlans;
use crate::graphql::operation::{Document, Operation, OperationKind, Schema, VariableDefinition};
use crate::graphql::types::{TypeRef, Types};

/// Text of kept documents, in bytes; what is made of a document takes a few times as much.
const BYTES: u64 = 8 << 20;
/// Refusals that are kept, so that a wrong document sent again and again is not validated again.
const REFUSALS: u64 = 64;

type Refusal = Arc<Vec<RequestError>>;

/// The documents of one server.
pub struct Documents {
    schema: &'static Schema,
    limits: Limits,
    rows_of: Arc<RowsOf>,
    /// Whether errors name similar fields, which tells as much as introspection does.
    suggestions: bool,
    kept: moka::sync::Cache<Arc<str>, Arc<Document>>,
    refused: moka::sync::Cache<Arc<str>, Refusal>,
}

impl Documents {
    pub fn new(
        schema: &'static Schema,
        limits: Limits,
        rows_of: Arc<RowsOf>,
        suggestions: bool,
    ) -> Self {
        let kept = moka::sync::Cache::builder()
            .max_capacity(BYTES)
            .weigher(|text: &Arc<str>, _| u32::try_from(text.len() + 500).unwrap_or(u32::MAX))
            .build();
        let refused = moka::sync::Cache::new(REFUSALS);
        Documents { schema, limits, rows_of, suggestions, kept, refused }
    }

    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The document of this text: from cheap to dear scanned, parsed, held against the limits, validated.
    pub fn get(&self, text: &Arc<str>) -> Result<Arc<Document>, Refusal> {
        if let Some(document) = self.kept.get(text) {
            return Ok(document);
        }
        if let Some(refusal) = self.refused.get(text) {
            return Err(refusal);
        }
        match self.read(text) {
            Ok(document) => {
                let document = Arc::new(document);
                self.kept.insert(text.clone(), document.clone());
                Ok(document)
            }
            Err(errors) => {
                let refusal = Arc::new(errors);
                self.refused.insert(text.clone(), refusal.clone());
                Err(refusal)
            }
        }
    }

    fn read(&self, text: &Arc<str>) -> Result<Document, Vec<RequestError>> {
        let mended = match mended(text) {
            Cow::Owned(mended) => Some(mended.into_boxed_str()),
            Cow::Borrowed(_) => None,
        };
        let source: &str = mended.as_deref().unwrap_or(text);
        let parsed = parse(source, &self.limits)?;
        let facts = check(&parsed, &self.limits, &*self.rows_of)
            .map_err(|refused| vec![RequestError::from(refused)])?;
        // Bytes stand where they stood, and places are those of the text as it was sent.
        let errors = validate(&parsed, text, &self.schema.validator, self.suggestions);
        if !errors.is_empty() {
            return Err(errors);
        }
        let lines = Lines::new(text);
        let operations = parsed.operation_definitions().iter().zip(facts);
        let operations = operations
            .map(|(node, facts)| operation(&self.schema.types, &parsed, node, facts, &lines))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|why| vec![RequestError::new(Code::GraphqlValidationFailed, why)])?;
        drop(parsed);
        Ok(Document { text: text.clone(), mended, operations, plans: KeptPlans::default() })
    }
}

fn operation(
    types: &Types,
    document: &Parsed<'_>,
    node: &OperationDefinition<'_>,
    facts: OperationFacts,
    lines: &Lines<'_>,
) -> Result<Operation, String> {
    let place = uses::place(document, node);
    let node = node.as_ref();
    let (kind, root) = match node.operation_type() {
        OperationType::Query => (OperationKind::Query, Some(types.query)),
        OperationType::Mutation => (OperationKind::Mutation, types.mutation),
        OperationType::Subscription => (OperationKind::Subscription, types.subscription),
    };
    let mut variables = Vec::new();
    if let Some(definitions) = node.variable_definitions() {
        for definition in definitions.iter() {
            variables.push(variable(types, definition, lines)?);
        }
    }
    let mut names = Vec::new();
    conditions(node.selection_set(), &mut names);
    for fragment in document.fragment_definitions() {
        conditions(
            bluejay_core::executable::FragmentDefinition::selection_set(fragment),
            &mut names,
        );
    }
    let numbers = names
        .into_iter()
        .filter_map(|name| variables.iter().position(|variable| variable.name == name))
        .collect();
    Ok(Operation {
        name: node.name().map(str::to_string),
        kind,
        root: root.ok_or("the schema has no such operations")?,
        place: place.and_then(|name| variables.iter().position(|variable| variable.name == name)),
        variables,
        conditions: numbers,
        facts,
    })
}

fn variable(
    types: &Types,
    node: &VariableNode<'_>,
    lines: &Lines<'_>,
) -> Result<VariableDefinition, String> {
    let ty = type_ref(types, bluejay_core::executable::VariableDefinition::r#type(node).as_ref())?;
    let none = |_: &str| None;
    let default = match node.default_value() {
        Some(value) => match literal(types, &ty, value, &none)? {
            Literal::Constant(value) => Some(value),
            _ => None::<Value>,
        },
        None => None,
    };
    Ok(VariableDefinition {
        name: bluejay_core::executable::VariableDefinition::variable(node).to_string(),
        ty,
        default,
        location: lines.location(node.variable().span().byte_range().start),
    })
}

fn type_ref<T: VariableType>(
    types: &Types,
    node: VariableTypeReference<'_, T>,
) -> Result<TypeRef, String> {
    let inner = match node {
        VariableTypeReference::Named(name, _) => {
            TypeRef::Named(types.by_name(name).ok_or_else(|| format!("there is no type {name}"))?)
        }
        VariableTypeReference::List(inner, _) => {
            TypeRef::List(Box::new(type_ref(types, inner.as_ref())?))
        }
    };
    Ok(if node.is_required() { TypeRef::NonNull(Box::new(inner)) } else { inner })
}

/// The variables in `@skip` and `@include` of a selection set and all below it, each once.
fn conditions(set: &SelectionSet<'_>, names: &mut Vec<String>) {
    for selection in set.iter() {
        let (directives, below) = match selection {
            Selection::Field(field) => (
                bluejay_core::executable::Field::directives(field),
                bluejay_core::executable::Field::selection_set(field),
            ),
            Selection::InlineFragment(fragment) => (
                bluejay_core::executable::InlineFragment::directives(fragment),
                Some(bluejay_core::executable::InlineFragment::selection_set(fragment)),
            ),
            Selection::FragmentSpread(spread) => {
                (bluejay_core::executable::FragmentSpread::directives(spread), None)
            }
        };
        if let Some(directives) = directives {
            for directive in directives.iter() {
                condition(directive, names);
            }
        }
        if let Some(below) = below {
            conditions(below, names);
        }
    }
}

/// The variable in one `@skip` or `@include`.
fn condition(directive: &VariableDirective<'_>, names: &mut Vec<String>) {
    let Some(arguments) = directive.arguments() else { return };
    for argument in arguments.iter() {
        if matches!(directive.name().as_ref(), "skip" | "include")
            && let ValueReference::Variable(variable) = argument.value().as_ref()
            && names.iter().all(|known| known != variable.name())
        {
            names.push(variable.name().to_string());
        }
    }
}
