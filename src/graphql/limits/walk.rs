//! One walk over a parsed document, each fragment once, that counts depth, selections, aliases and
//! cost.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Positioned, Value as Constant, Variables};
use async_graphql_value::Value;

use crate::graphql::limits::limit::{DocumentCost, Limits, Refused, RowsOf, within};
use crate::graphql::limits::values;

/// What a selection set adds up to. Every figure is free of the place where the set is used, so a
/// fragment is counted once however often it is spread; sums saturate.
#[derive(Clone, Copy, Default)]
struct Sum {
    depth: u64,
    spreads: u64,
    fields: u64,
    selections: u64,
    /// Points that are paid once, and points that are paid for each row when the set is that of a
    /// connection.
    once: u64,
    per_row: u64,
    schema_depth: u64,
    schema_lists: u64,
    schema_roots: u64,
}

impl Sum {
    fn add(&mut self, other: Sum) {
        self.depth = self.depth.max(other.depth);
        self.spreads = self.spreads.max(other.spreads);
        self.fields = self.fields.saturating_add(other.fields);
        self.selections = self.selections.saturating_add(other.selections);
        self.once = self.once.saturating_add(other.once);
        self.per_row = self.per_row.saturating_add(other.per_row);
        self.schema_depth = self.schema_depth.max(other.schema_depth);
        self.schema_lists = self.schema_lists.max(other.schema_lists);
        self.schema_roots = self.schema_roots.saturating_add(other.schema_roots);
    }
}

pub struct Walk<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    limits: &'a Limits,
    rows_of: &'a RowsOf,
    /// `None` while the fragment is being counted: meeting it again is a cycle.
    fragments: HashMap<&'a str, Option<Sum>>,
    /// The operation whose variable defaults count.
    operation: Option<&'a OperationDefinition>,
    aliases: u64,
    directives: u64,
}

impl<'a> Walk<'a> {
    pub fn new(
        document: &'a ExecutableDocument,
        variables: &'a Variables,
        limits: &'a Limits,
        rows_of: &'a RowsOf,
    ) -> Self {
        Walk {
            document,
            variables,
            limits,
            rows_of,
            fragments: HashMap::new(),
            operation: None,
            aliases: 0,
            directives: 0,
        }
    }

    pub fn run(mut self, chosen: Option<&'a OperationDefinition>) -> Result<DocumentCost, Refused> {
        self.operation = chosen;
        let mut cost = DocumentCost::default();
        let document = self.document;
        for (_, operation) in document.operations.iter() {
            let operation = &operation.node;
            self.directives(&operation.directives)?;
            for variable in &operation.variable_definitions {
                self.directives(&variable.node.directives)?;
                if let Some(value) = &variable.node.default_value {
                    values::check_default(&value.node, self.limits)?;
                }
            }
            let sum = self.set(&operation.selection_set.node, 0)?;
            within("root fields", sum.fields, self.limits.root_fields)?;
            within("depth", sum.depth, self.limits.depth)?;
            within("depth of introspection", sum.schema_depth, self.limits.introspection_depth)?;
            within(
                "nested lists of introspection",
                sum.schema_lists,
                self.limits.introspection_lists,
            )?;
            within("introspection fields", sum.schema_roots, self.limits.introspection_roots)?;
            cost.selections = cost.selections.saturating_add(sum.selections);
            if chosen.is_some_and(|chosen| std::ptr::eq(chosen, operation)) {
                cost.depth = sum.depth;
                cost.introspects = sum.schema_roots > 0;
                cost.points = sum.once.saturating_add(sum.per_row).max(1);
            }
        }
        // Validation visits unused fragments as well.
        for name in document.fragments.keys() {
            self.fragment(name.as_str(), 0)?;
        }
        within("selections", cost.selections, self.limits.selections)?;
        within("cost", cost.points, self.limits.cost)?;
        Ok(cost)
    }

    fn set(&mut self, set: &'a SelectionSet, spreads: u64) -> Result<Sum, Refused> {
        let mut sum = Sum::default();
        for selection in &set.items {
            self.directives(selection.node.directives())?;
            let part = match &selection.node {
                Selection::Field(field) => self.field(&field.node, spreads)?,
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node, spreads)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str(), spreads)?
                }
            };
            sum.add(part);
            sum.selections = sum.selections.saturating_add(1);
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &'a str, spreads: u64) -> Result<Sum, Refused> {
        match self.fragments.get(name) {
            Some(Some(sum)) => return Ok(*sum),
            Some(None) => {
                return Err(Refused::invalid(
                    "a fragment spreads itself, directly or through others",
                ));
            }
            None => {}
        }
        // A spread of nothing: validation will say so.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Sum::default()) };
        within("fragments inside fragments", spreads + 1, self.limits.spreads)?;
        self.fragments.insert(name, None);
        self.directives(&fragment.node.directives)?;
        let mut sum = self.set(&fragment.node.selection_set.node, spreads + 1)?;
        sum.spreads += 1;
        within("fragments inside fragments", sum.spreads, self.limits.spreads)?;
        self.fragments.insert(name, Some(sum));
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field, spreads: u64) -> Result<Sum, Refused> {
        if field.alias.is_some() {
            self.aliases += 1;
            within("aliases", self.aliases, self.limits.aliases)?;
        }
        for (_, value) in &field.arguments {
            values::check_literal(&value.node, self.limits)?;
        }
        let name = field.name.node.as_str();
        let inner = self.set(&field.selection_set.node, spreads)?;
        let mut sum = Sum {
            depth: inner.depth + 1,
            fields: 1,
            spreads: inner.spreads,
            selections: inner.selections,
            ..Sum::default()
        };
        if name == "__schema" || name == "__type" {
            // The schema is read from memory: it has limits of its own and costs no rows.
            return Ok(Sum {
                depth: 1,
                schema_depth: inner.depth + 1,
                schema_lists: inner.schema_lists,
                schema_roots: 1,
                once: 1,
                ..sum
            });
        }
        sum.schema_depth = inner.schema_depth;
        // Lists of the schema's own types, counted wherever they stand, since a fragment does not
        // know where it is used.
        sum.schema_lists = inner.schema_lists
            + u64::from(matches!(
                name,
                "fields" | "interfaces" | "possibleTypes" | "inputFields" | "types"
            ));
        let points = match self.rows(field) {
            Some(rows) => 1u64
                .saturating_add(inner.once)
                .saturating_add(rows.saturating_mul(inner.per_row.saturating_add(1))),
            None if field.selection_set.node.items.is_empty() => 0,
            None if matches!(name, "edges" | "nodes") => {
                sum.per_row = inner.once.saturating_add(inner.per_row);
                return Ok(sum);
            }
            None if matches!(name, "node" | "pageInfo") => inner.once.saturating_add(inner.per_row),
            None => 1u64.saturating_add(inner.once).saturating_add(inner.per_row),
        };
        sum.once = points;
        Ok(sum)
    }

    /// How many rows the field asks for.
    fn rows(&self, field: &Field) -> Option<u64> {
        let usual = (self.rows_of)(field.name.node.as_str());
        let mut asked = None;
        for (name, value) in &field.arguments {
            match name.node.as_str() {
                "first" | "last" => {
                    asked = asked.max(self.number(&value.node).or(usual).or(Some(1)));
                }
                "ids" | "inputs" => asked = asked.max(self.length(&value.node)),
                _ => {}
            }
        }
        asked.or(usual)
    }

    fn number(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Number(number) => number.as_u64().or(number.as_i64().map(|_| 0)),
            Value::Variable(name) => match self.variable(name)? {
                Constant::Number(number) => number.as_u64().or(number.as_i64().map(|_| 0)),
                _ => None,
            },
            _ => None,
        }
    }

    fn length(&self, value: &Value) -> Option<u64> {
        match value {
            Value::List(items) => Some(items.len() as u64),
            Value::Variable(name) => match self.variable(name)? {
                Constant::List(items) => Some(items.len() as u64),
                _ => Some(1),
            },
            _ => Some(1),
        }
    }

    fn variable(&self, name: &str) -> Option<&Constant> {
        self.variables.get(name).or_else(|| {
            let definitions = &self.operation?.variable_definitions;
            definitions
                .iter()
                .find(|definition| definition.node.name.node == name)?
                .node
                .default_value
                .as_ref()
                .map(|value| &value.node)
        })
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Result<(), Refused> {
        self.directives += directives.len() as u64;
        within("directives", self.directives, self.limits.directives)?;
        for directive in directives {
            for (_, value) in &directive.node.arguments {
                values::check_literal(&value.node, self.limits)?;
            }
        }
        Ok(())
    }
}
