//! The rules of what is defined and what is used: variables of operations, and fragments
//! (specification, 5.5.1.4, 5.5.2.1, 5.8.3, 5.8.4). bluejay's own do not look below a field that
//! does not exist, and would call unused what is used there.

use std::collections::{HashMap, HashSet};

use bluejay_core::executable::{
    FragmentDefinition as _, OperationDefinition as _, Selection as _, SelectionReference,
};
use bluejay_core::{AsIter, Directive as _, Value as _, ValueReference};
use bluejay_parser::ast::executable::{FragmentSpread, OperationDefinition, SelectionSet};
use bluejay_parser::ast::{VariableArguments, VariableDirectives, VariableValue};

use crate::graphql::document::messages::{Tally, fragments, variables};
use crate::graphql::document::places::{Fragments, byte, each};
use crate::graphql::document::syntax::Parsed;

/// What one definition uses.
#[derive(Default)]
struct Uses<'a> {
    /// Names and bytes of variables.
    variables: Vec<(&'a str, usize)>,
    spreads: Vec<&'a FragmentSpread<'a>>,
}

/// What the variables and fragments of a document break.
pub fn broken<'a>(document: &'a Parsed<'a>, defined: &Fragments<'a>) -> Tally {
    let mut tally = Tally::default();
    let mut by_name: HashMap<&str, Uses<'a>> = HashMap::new();
    for fragment in document.fragment_definitions() {
        let uses = Uses::of(fragment.directives(), fragment.selection_set());
        tell_unknown(&uses, defined, &mut tally);
        by_name.insert(fragment.name().as_str(), uses);
    }
    let mut used: HashSet<&str> = HashSet::new();
    for operation in document.operation_definitions() {
        let uses = Uses::of(operation.as_ref().directives(), operation.selection_set());
        tell_unknown(&uses, defined, &mut tally);
        let reached = reached(&uses, &by_name);
        used.extend(reached.iter().map(|(name, _)| *name));
        let all = std::iter::once(&uses).chain(reached.iter().map(|(_, uses)| *uses));
        tell_variables(operation, all.flat_map(|uses| &uses.variables), &mut tally);
    }
    for fragment in document.fragment_definitions() {
        let name = fragment.name().as_str();
        if !used.contains(name) {
            tally.add(|| fragments::unused(fragment));
        }
    }
    tally
}

fn tell_unknown(uses: &Uses<'_>, defined: &Fragments<'_>, tally: &mut Tally) {
    for spread in &uses.spreads {
        if defined.get(spread.name().as_str()).is_none() {
            tally.add(|| fragments::unknown(spread));
        }
    }
}

/// The fragments that spreads reach, each once.
fn reached<'u, 'a>(
    uses: &'u Uses<'a>,
    by_name: &'u HashMap<&'a str, Uses<'a>>,
) -> Vec<(&'a str, &'u Uses<'a>)> {
    let mut reached = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut open = vec![uses];
    while let Some(uses) = open.pop() {
        for spread in &uses.spreads {
            let name = spread.name().as_str();
            if let (Some(uses), true) = (by_name.get(name), seen.insert(name)) {
                reached.push((name, uses));
                open.push(uses);
            }
        }
    }
    reached
}

fn tell_variables<'u, 'a: 'u>(
    operation: &OperationDefinition<'a>,
    uses: impl Iterator<Item = &'u (&'a str, usize)>,
    tally: &mut Tally,
) {
    let definitions = || each(operation.as_ref().variable_definitions());
    let defined: HashSet<&str> = definitions().map(|one| one.variable().as_str()).collect();
    let mut used: HashSet<&str> = HashSet::new();
    for (name, at) in uses {
        used.insert(name);
        if !defined.contains(name) {
            tally.add(|| variables::undefined(name, *at, operation));
        }
    }
    for variable in definitions().filter(|one| !used.contains(one.variable().as_str())) {
        tally.add(|| variables::unused(variable, operation));
    }
}

impl<'a> Uses<'a> {
    fn of(directives: Option<&'a VariableDirectives<'a>>, set: &'a SelectionSet<'a>) -> Self {
        let mut uses = Uses::default();
        uses.directives(directives);
        uses.set(set);
        uses
    }

    fn set(&mut self, set: &'a SelectionSet<'a>) {
        for selection in set.iter() {
            let selection = selection.as_ref();
            self.directives(selection.directives());
            match selection {
                SelectionReference::Field(field) => {
                    self.arguments(field.arguments());
                    if let Some(set) = field.selection_set() {
                        self.set(set);
                    }
                }
                SelectionReference::InlineFragment(inline) => self.set(inline.selection_set()),
                SelectionReference::FragmentSpread(spread) => self.spreads.push(spread),
            }
        }
    }

    fn directives(&mut self, directives: Option<&'a VariableDirectives<'a>>) {
        for directive in each(directives) {
            self.arguments(directive.arguments());
        }
    }

    fn arguments(&mut self, arguments: Option<&'a VariableArguments<'a>>) {
        for argument in each(arguments) {
            self.value(argument.value());
        }
    }

    fn value(&mut self, value: &'a VariableValue<'a>) {
        match value.as_ref() {
            ValueReference::Variable(name) => self.variables.push((name.name(), byte(name))),
            ValueReference::List(items) => items.iter().for_each(|item| self.value(item)),
            ValueReference::Object(fields) => {
                AsIter::iter(fields).for_each(|(_, item)| self.value(item));
            }
            _ => {}
        }
    }
}
