//! The rules of what is defined and what is used, which ask no schema: variables of operations,
//! fragments, and fields of literal objects (specification, 5.5.1.4, 5.5.2.1, 5.6.3, 5.8.3, 5.8.4).
//! bluejay's own do not look below a field that does not exist, and would call unused what is used
//! there; nor into objects that stand for a scalar.

use std::collections::{HashMap, HashSet};

use bluejay_core::executable::{
    FragmentDefinition as _, OperationDefinition as _, Selection as _, SelectionReference,
    VariableDefinition as _,
};
use bluejay_core::{AsIter, Directive as _, Value as _, ValueReference};
use bluejay_parser::ast::executable::{FragmentSpread, OperationDefinition, SelectionSet};
use bluejay_parser::ast::{Arguments, Directives, Value, VariableDirectives};

use crate::graphql::document::messages::{Tally, Told, fragments, variables};
use crate::graphql::document::places::{Fragments, byte, each};
use crate::graphql::document::syntax::Parsed;

/// What one definition uses.
#[derive(Default)]
struct Uses<'a> {
    /// Names and bytes of variables.
    variables: Vec<(&'a str, usize)>,
    spreads: Vec<&'a FragmentSpread<'a>>,
    /// Names that a literal object has twice, with the bytes of both.
    twice: Vec<(&'a str, [usize; 2])>,
}

/// What the variables and fragments of a document break.
pub fn broken<'a>(document: &'a Parsed<'a>, defined: &Fragments<'a>) -> Tally {
    let mut tally = Tally::default();
    let mut by_name: HashMap<&str, Uses<'a>> = HashMap::new();
    for fragment in document.fragment_definitions() {
        let uses = Uses::of(fragment.directives(), fragment.selection_set());
        uses.tell(defined, &mut tally);
        by_name.insert(fragment.name().as_str(), uses);
    }
    let mut used: HashSet<&str> = HashSet::new();
    for operation in document.operation_definitions() {
        let mut uses = Uses::of(operation.as_ref().directives(), operation.selection_set());
        for variable in each(operation.as_ref().variable_definitions()) {
            uses.directives(variable.directives());
            variable.default_value().into_iter().for_each(|value| uses.value(value));
        }
        uses.tell(defined, &mut tally);
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

/// The variable that is `after` of an operation's one root field, and nothing else anywhere: where a stream goes on.
pub fn place(document: &Parsed<'_>, operation: &OperationDefinition<'_>) -> Option<String> {
    let set = operation.selection_set();
    let (Some(SelectionReference::Field(root)), 1) =
        (set.iter().next().map(|one| one.as_ref()), set.iter().count())
    else {
        return None;
    };
    let after = each(root.arguments()).find(|one| one.name() == "after")?;
    let ValueReference::Variable(place) = after.value().as_ref() else { return None };
    let mut uses = Uses::of(operation.as_ref().directives(), set);
    for fragment in document.fragment_definitions() {
        uses.directives(fragment.directives());
        uses.set(fragment.selection_set());
    }
    let times = uses.variables.iter().filter(|(name, _)| *name == place.name()).count();
    (times == 1).then(|| place.name().to_owned())
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

    fn directives<const CONST: bool>(&mut self, directives: Option<&'a Directives<'a, CONST>>) {
        for directive in each(directives) {
            self.arguments(directive.arguments());
        }
    }

    fn arguments<const CONST: bool>(&mut self, arguments: Option<&'a Arguments<'a, CONST>>) {
        for argument in each(arguments) {
            self.value(argument.value());
        }
    }

    fn value<const CONST: bool>(&mut self, value: &'a Value<'a, CONST>) {
        match value.as_ref() {
            ValueReference::Variable(name) => self.variables.push((name.name(), byte(name))),
            ValueReference::List(items) => items.iter().for_each(|item| self.value(item)),
            ValueReference::Object(fields) => {
                let mut first: HashMap<&str, usize> = HashMap::new();
                for (name, item) in AsIter::iter(fields) {
                    let at = byte(name);
                    let first = *first.entry(name.as_str()).or_insert(at);
                    if first != at {
                        self.twice.push((name.as_str(), [first, at]));
                    }
                    self.value(item);
                }
            }
            _ => {}
        }
    }

    fn tell(&self, defined: &Fragments<'_>, tally: &mut Tally) {
        for spread in &self.spreads {
            if defined.get(spread.name().as_str()).is_none() {
                tally.add(|| fragments::unknown(spread));
            }
        }
        for (name, bytes) in &self.twice {
            let message = || format!("There can be only one input field named \"{name}\".");
            tally.add(|| vec![Told::new(bytes.to_vec(), message())]);
        }
    }
}

#[cfg(test)]
mod tests {
    use bluejay_parser::ast::{Parse, ParseOptions};

    use super::place;
    use crate::graphql::document::syntax::Parsed;

    #[test]
    fn the_place_of_a_stream_is_a_variable_of_its_own() {
        for (text, expected) in [
            ("subscription($c: String) { feed(after: $c) { cursor } }", Some("c")),
            (
                "subscription($after: String) { f: feed(first: 1, after: $after) { ...a } } fragment a on A { b }",
                Some("after"),
            ),
            ("subscription($after: String) { feed { a(after: $after) } }", None),
            ("subscription($after: String) { feed(after: $after) { a(after: $after) } }", None),
            (
                "subscription($after: String) { feed(after: $after) { ...a } } fragment a on A { a(b: [{ c: $after }]) }",
                None,
            ),
            ("subscription($a: Boolean) { feed(after: $a) { a @skip(if: $a) } }", None),
            ("subscription { feed(after: \"x\") { a } }", None),
            ("subscription($a: String) { ... { feed(after: $a) { a } } }", None),
            ("subscription($a: String) { feed(after: $a) { a } feed(after: $a) { a } }", None),
            ("subscription { feed { a } }", None),
        ] {
            let document =
                Parsed::parse_with_options(text, ParseOptions::default()).result.unwrap();
            let operation = &document.operation_definitions()[0];
            assert_eq!(place(&document, operation).as_deref(), expected, "{text}");
        }
    }
}
