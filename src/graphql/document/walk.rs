//! One walk over a parsed document, each fragment once, that counts depth, selections, aliases and
//! cost, before validation, because validation itself expands fragments.

use std::collections::HashMap;

use bluejay_core::executable::{
    Field as _, FragmentDefinition as _, OperationDefinition as _, Selection as _,
    SelectionReference, VariableDefinition as _,
};
use bluejay_core::{AsIter, Directive as _, OperationType};
use bluejay_parser::ast::executable::{
    Field, FragmentDefinition, OperationDefinition, SelectionSet,
};
use bluejay_parser::ast::{Arguments, Directives};

use crate::graphql::document::cost::{Cost, Steps, Term};
use crate::graphql::document::limit::{Limits, Refused, RowsOf, within};
use crate::graphql::document::places::each;
use crate::graphql::document::sum::Sum;
use crate::graphql::document::syntax::Parsed;
use crate::graphql::document::values;

/// What is known of one operation of a document whose whole is within the limits.
#[derive(Clone, Debug)]
pub struct OperationFacts {
    /// Fields inside fields.
    pub depth: u64,
    /// Selections with fragments expanded.
    pub selections: u64,
    /// Whether it asks for `__schema` or `__type`.
    pub introspects: bool,
    /// Whether it is a mutation that records in bulk, which may bring long lists.
    pub records: bool,
    /// Points; the caller holds them against [`Limits::cost`] when it knows the variables.
    pub cost: Cost,
}

/// Holds a document against all limits that need no variables. The facts are in the order of its
/// operations.
///
/// The time is linear in the document's tokens whatever its fragments expand to.
pub fn check(
    document: &Parsed<'_>,
    limits: &Limits,
    rows_of: &RowsOf,
) -> Result<Vec<OperationFacts>, Refused> {
    Walk::new(document, limits, rows_of).run(document)
}

/// Where the walk is.
#[derive(Clone, Copy, Default)]
struct At {
    /// Fragments inside fragments.
    spreads: u64,
    /// Selection sets inside each other, those of fragments too: what this walk and those behind it
    /// recurse over.
    sets: u64,
}

/// A fragment, while it is counted and after.
enum Fragment {
    Unseen,
    /// Meeting it again is a cycle.
    Open,
    Counted(Sum),
}

struct Walk<'a> {
    fragments: Vec<(&'a FragmentDefinition<'a>, Fragment)>,
    /// Of fragments of one name the validator takes the last.
    by_name: HashMap<&'a str, usize>,
    limits: &'a Limits,
    rows_of: &'a RowsOf,
    steps: Steps,
    aliases: u64,
    directives: u64,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Parsed<'a>, limits: &'a Limits, rows_of: &'a RowsOf) -> Self {
        let fragments = document.fragment_definitions();
        Walk {
            fragments: fragments.iter().map(|fragment| (fragment, Fragment::Unseen)).collect(),
            by_name: fragments.iter().zip(0..).map(|(f, n)| (f.name().as_str(), n)).collect(),
            limits,
            rows_of,
            steps: Steps::default(),
            aliases: 0,
            directives: 0,
        }
    }

    fn run(mut self, document: &'a Parsed<'a>) -> Result<Vec<OperationFacts>, Refused> {
        let mut sums = Vec::new();
        let mut selections = 0u64;
        let mut variable_uses = 0u64;
        for operation in document.operation_definitions() {
            let sum = self.operation(operation)?;
            selections = selections.saturating_add(sum.selections);
            variable_uses = variable_uses.saturating_add(sum.variable_uses);
            sums.push((sum, records(operation)));
        }
        // Validation visits each fragment for itself, used or not.
        let mut fragments = 0u64;
        for n in 0..self.fragments.len() {
            fragments = fragments.saturating_add(self.fragment(n, At::default())?.selections);
        }
        within("selections", selections, self.limits.selections)?;
        within("selections of fragments", fragments, self.limits.selections)?;
        within("uses of variables", variable_uses, self.limits.variable_uses)?;
        let mut totals = Vec::with_capacity(sums.len());
        for (sum, _) in &sums {
            totals.push(self.steps.add(sum.once, sum.per_row));
        }
        let costs = self.steps.costs(&totals);
        let facts = sums.into_iter().zip(costs).map(|((sum, records), cost)| OperationFacts {
            depth: sum.depth,
            selections: sum.selections,
            introspects: sum.schema_roots > 0,
            records,
            cost,
        });
        Ok(facts.collect())
    }

    fn operation(&mut self, operation: &'a OperationDefinition<'a>) -> Result<Sum, Refused> {
        let head = operation.as_ref();
        let uses = self.directives(head.directives())?;
        let variables = head.variable_definitions();
        within("variables", variables.map_or(0, AsIter::len) as u64, self.limits.variables)?;
        for variable in each(variables) {
            self.directives(variable.directives())?;
            if let Some(value) = variable.default_value() {
                values::check_literal(value, self.limits)?;
            }
        }
        let mut sum = self.set(operation.selection_set(), At::default())?;
        sum.variable_uses = sum.variable_uses.saturating_add(uses);
        let limits = self.limits;
        within("root fields", sum.fields, limits.root_fields)?;
        within("depth", sum.depth, limits.depth)?;
        within("depth of introspection", sum.schema_depth, limits.introspection_depth)?;
        within("nested lists of introspection", sum.schema_lists, limits.introspection_lists)?;
        within("introspection fields", sum.schema_roots, limits.introspection_roots)?;
        Ok(sum)
    }

    fn set(&mut self, set: &'a SelectionSet<'a>, at: At) -> Result<Sum, Refused> {
        let at = At { sets: at.sets + 1, ..at };
        within("nested brackets", at.sets, self.limits.brackets)?;
        let mut sum = Sum::default();
        for selection in set.iter() {
            let selection = selection.as_ref();
            sum.variable_uses += self.directives(selection.directives())?;
            let part = match selection {
                SelectionReference::Field(field) => self.field(field, at)?,
                SelectionReference::InlineFragment(fragment) => {
                    self.set(fragment.selection_set(), at)?
                }
                SelectionReference::FragmentSpread(spread) => {
                    // A spread of nothing: validation will say so.
                    match self.by_name.get(spread.name().as_str()) {
                        Some(n) => self.fragment(*n, at)?,
                        None => Sum::default(),
                    }
                }
            };
            sum.add(part, &mut self.steps);
            sum.selections = sum.selections.saturating_add(1);
        }
        Ok(sum)
    }

    fn fragment(&mut self, n: usize, at: At) -> Result<Sum, Refused> {
        let (fragment, state) = &mut self.fragments[n];
        match state {
            Fragment::Counted(sum) => return Ok(*sum),
            Fragment::Open => {
                return Err(Refused::invalid(
                    "a fragment spreads itself, directly or through others",
                ));
            }
            Fragment::Unseen => {}
        }
        let at = At { spreads: at.spreads + 1, ..at };
        within("fragments inside fragments", at.spreads, self.limits.spreads)?;
        *state = Fragment::Open;
        let fragment: &'a FragmentDefinition<'a> = fragment;
        let uses = self.directives(fragment.directives())?;
        let mut sum = self.set(fragment.selection_set(), at)?;
        sum.variable_uses = sum.variable_uses.saturating_add(uses);
        sum.spreads += 1;
        within("fragments inside fragments", sum.spreads, self.limits.spreads)?;
        self.fragments[n].1 = Fragment::Counted(sum);
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field<'a>, at: At) -> Result<Sum, Refused> {
        if field.alias().is_some() {
            self.aliases += 1;
            within("aliases", self.aliases, self.limits.aliases)?;
        }
        let variable_uses = self.arguments(field.arguments())?;
        let name = field.name().as_str();
        let inner = match field.selection_set() {
            Some(set) => self.set(set, at)?,
            None => Sum::default(),
        };
        let mut sum = Sum {
            depth: inner.depth + 1,
            fields: 1,
            spreads: inner.spreads,
            selections: inner.selections,
            variable_uses: inner.variable_uses.saturating_add(variable_uses),
            ..Sum::default()
        };
        if name == "__schema" || name == "__type" {
            // The schema is read from memory: it has limits of its own and costs no rows.
            return Ok(Sum {
                depth: 1,
                schema_depth: inner.depth + 1,
                schema_lists: inner.schema_lists,
                schema_roots: 1,
                once: Term::Known(1),
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
        let usual = (self.rows_of)(name);
        (sum.once, sum.per_row) = self.steps.field(field, usual, (inner.once, inner.per_row));
        Ok(sum)
    }

    /// The variables that directives use.
    fn directives<const CONST: bool>(
        &mut self,
        directives: Option<&'a Directives<'a, CONST>>,
    ) -> Result<u64, Refused> {
        let Some(directives) = directives else { return Ok(0) };
        self.directives += directives.len() as u64;
        within("directives", self.directives, self.limits.directives)?;
        directives
            .iter()
            .try_fold(0, |uses, directive| Ok(uses + self.arguments(directive.arguments())?))
    }

    /// The variables that arguments use.
    fn arguments<const CONST: bool>(
        &self,
        arguments: Option<&'a Arguments<'a, CONST>>,
    ) -> Result<u64, Refused> {
        let Some(arguments) = arguments else { return Ok(0) };
        within("arguments", arguments.len() as u64, self.limits.arguments)?;
        arguments.iter().try_fold(0, |uses, argument| {
            Ok(uses + values::check_literal(argument.value(), self.limits)?)
        })
    }
}

/// Whether the operation is one of the two that take long lists.
fn records(operation: &OperationDefinition<'_>) -> bool {
    let bulk =
        |field: &str| matches!(field, "identifyMany" | "recordEngagements" | "recordPageViews");
    operation.as_ref().operation_type() == OperationType::Mutation
        && operation.selection_set().iter().any(|selection| match selection.as_ref() {
            SelectionReference::Field(field) => bulk(field.name().as_str()),
            _ => false,
        })
}
