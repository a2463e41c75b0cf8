//! Which fields a selection set asks of an object: fragments expanded, conditions decided, fields of one key together
//! (specification, 6.3.2).

use std::collections::HashMap;

use bluejay_core::executable::{Field as _, FragmentSpread as _, InlineFragment as _};
use bluejay_core::{AsIter, Directive as _, Value as _, ValueReference};
use bluejay_parser::ast::VariableDirectives;
use bluejay_parser::ast::executable::{
    ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet,
};

use crate::graphql::types::{TypeId, Types};

/// The fields under each key, in the order in which the keys come first.
pub type Groups<'d, 'a> = Vec<(&'d str, Vec<&'d Field<'a>>)>;

/// What collecting needs of the document and the request.
pub struct Collector<'d, 'a> {
    types: &'d Types,
    fragments: HashMap<&'d str, &'d FragmentDefinition<'a>>,
    /// What a variable in `@skip` and `@include` is.
    condition: &'d dyn Fn(&str) -> bool,
}

impl<'d, 'a> Collector<'d, 'a> {
    pub fn new(
        types: &'d Types,
        document: &'d ExecutableDocument<'a>,
        condition: &'d dyn Fn(&str) -> bool,
    ) -> Self {
        let named = |fragment: &'d FragmentDefinition<'a>| -> (&'d str, _) {
            (bluejay_core::executable::FragmentDefinition::name(fragment), fragment)
        };
        Collector {
            types,
            fragments: document.fragment_definitions().iter().map(named).collect(),
            condition,
        }
    }

    /// The fields that these sets ask of an object of this type.
    pub fn collect(&self, ty: TypeId, sets: &[&'d SelectionSet<'a>]) -> Groups<'d, 'a> {
        let (mut groups, mut visited) = (Groups::new(), Vec::new());
        for set in sets {
            self.add(ty, set, &mut groups, &mut visited);
        }
        groups
    }

    fn add(
        &self,
        ty: TypeId,
        set: &'d SelectionSet<'a>,
        groups: &mut Groups<'d, 'a>,
        visited: &mut Vec<&'d str>,
    ) {
        for selection in set.iter() {
            match selection {
                Selection::Field(field) if self.included(field.directives()) => {
                    let key = field.response_name();
                    match groups.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, fields)) => fields.push(field),
                        None => groups.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(fragment) if self.included(fragment.directives()) => {
                    let condition =
                        bluejay_core::executable::InlineFragment::type_condition(fragment);
                    if condition.is_none_or(|name| self.fulfils(ty, name)) {
                        self.add(ty, fragment.selection_set(), groups, visited);
                    }
                }
                Selection::FragmentSpread(spread) if self.included(spread.directives()) => {
                    let name = bluejay_core::executable::FragmentSpread::name(spread);
                    if visited.contains(&name) {
                        continue;
                    }
                    visited.push(name);
                    if let Some(fragment) = self.fragments.get(name)
                        && self.fulfils(
                            ty,
                            bluejay_core::executable::FragmentDefinition::type_condition(*fragment),
                        )
                    {
                        let set: &'d SelectionSet<'a> =
                            bluejay_core::executable::FragmentDefinition::selection_set(*fragment);
                        self.add(ty, set, groups, visited);
                    }
                }
                _ => {}
            }
        }
    }

    fn fulfils(&self, ty: TypeId, condition: &str) -> bool {
        self.types.by_name(condition).is_some_and(|condition| self.types.admits(condition, ty))
    }

    fn included(&self, directives: Option<&VariableDirectives<'a>>) -> bool {
        let Some(directives) = directives else { return true };
        directives.iter().all(|directive| {
            let wanted = match directive.name().as_ref() {
                "include" => true,
                "skip" => false,
                _ => return true,
            };
            let given = directive
                .arguments()
                .and_then(|arguments| arguments.iter().find(|argument| argument.name() == "if"));
            let value = match given.map(|argument| argument.value().as_ref()) {
                Some(ValueReference::Boolean(value)) => value,
                Some(ValueReference::Variable(variable)) => (self.condition)(variable.name()),
                _ => false,
            };
            value == wanted
        })
    }
}
