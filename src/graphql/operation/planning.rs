//! The plan of an operation: made when it is asked for first, and kept with the document.

use std::sync::Arc;

use async_graphql::Value;
use bluejay_core::executable::OperationDefinition as _;
use bluejay_parser::ast::{Parse, ParseOptions};

use crate::graphql::document::syntax::Parsed;
use crate::graphql::operation::{Document, Schema};
use crate::graphql::plan::{Plan, Source, compile};

impl Document {
    /// The plan of an operation for these variables; nothing where it would be over its budget.
    pub fn plan(
        &self,
        schema: &Schema,
        operation: usize,
        variables: &[Option<Value>],
    ) -> Option<Arc<Plan>> {
        let conditions = &self.operations[operation].conditions;
        let holds = |n: usize| matches!(variables.get(n), Some(Some(Value::Boolean(true))));
        let bits = conditions
            .iter()
            .enumerate()
            .filter(|(_, variable)| holds(**variable))
            .fold(0u64, |bits, (at, _)| bits | 1 << at);
        self.plans.get((operation, bits), || self.compile(schema, operation, &holds))
    }

    fn compile(
        &self,
        schema: &Schema,
        operation: usize,
        holds: &dyn Fn(usize) -> bool,
    ) -> Option<Plan> {
        let document = parse_again(self.mended.as_deref().unwrap_or(&self.text))?;
        let definition = document.operation_definitions().get(operation)?;
        let operation = &self.operations[operation];
        let number =
            |name: &str| operation.variables.iter().position(|variable| variable.name == name);
        let source = Source {
            types: &schema.types,
            bindings: schema,
            document: &document,
            text: &self.text,
            variable: &number,
            condition: &|name| number(name).is_some_and(holds),
        };
        compile(&source, operation.root, definition.as_ref().selection_set())
    }
}

/// The syntax tree of a text that was found to be a document within the limits before.
fn parse_again(text: &str) -> Option<Parsed<'_>> {
    let options = ParseOptions { max_depth: usize::MAX, ..ParseOptions::default() };
    Parsed::parse_with_options(text, options).result.ok()
}
