//! The fields of selections, fragments expanded, by response key.

use std::collections::{HashMap, HashSet};

use bluejay_core::AsIter;
use bluejay_core::definition::{
    FieldDefinition as _, FieldsDefinition as _, OutputType as _, SchemaDefinition as _,
    TypeDefinitionReference,
};
use bluejay_core::executable::{Selection as _, SelectionReference};
use bluejay_parser::ast::definition::FieldDefinition;
use bluejay_parser::ast::executable::{Field, SelectionSet};

use crate::graphql::document::limit::{Refused, within};
use crate::graphql::document::places::Fragments;
use crate::graphql::document::syntax::Scalars;
use crate::graphql::document::syntax::Schema;

pub type Type<'a> = TypeDefinitionReference<'a, Schema<'a>>;

/// How many fields are looked at. Clients' documents need a few looks for each of their fields; each
/// level of several objects inside interfaces may multiply that by their number.
const BUDGET: u64 = 100_000;

/// A field in merged selections.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    pub parent: Type<'a>,
    pub field: &'a Field<'a>,
    /// Nothing for a field that bluejay does not know: one of introspection that is newer, or none at all.
    pub definition: Option<&'a FieldDefinition<'a, Scalars>>,
    /// The number of the field that selects it; nothing at the top.
    pub above: Option<usize>,
}

/// Selections that are merged, with their type and the number of the field that selects them.
pub type Part<'a> = (&'a SelectionSet<'a>, Type<'a>, Option<usize>);

pub struct Collector<'a, 'f> {
    pub schema: &'a Schema<'a>,
    fragments: &'f Fragments<'a>,
    /// Fields by number.
    pub found: Vec<Found<'a>>,
    looks: u64,
}

/// The numbers of fields by response key, in the document's order.
#[derive(Default)]
struct Groups<'a> {
    by_key: HashMap<&'a str, usize>,
    numbers: Vec<Vec<usize>>,
    /// Which fragments are in them: their fields are the same wherever they are spread.
    fragments: HashSet<&'a str>,
}

impl<'a, 'f> Collector<'a, 'f> {
    pub fn new(schema: &'a Schema<'a>, fragments: &'f Fragments<'a>) -> Self {
        Collector { schema, fragments, found: Vec::new(), looks: 0 }
    }

    pub fn collect(&mut self, parts: &[Part<'a>]) -> Result<Vec<Vec<usize>>, Refused> {
        let mut groups = Groups::default();
        for part in parts {
            self.add(*part, &mut groups)?;
        }
        Ok(groups.numbers)
    }

    fn add(&mut self, part: Part<'a>, groups: &mut Groups<'a>) -> Result<(), Refused> {
        let (set, parent, above) = part;
        for selection in set.iter() {
            self.look(1)?;
            match selection.as_ref() {
                SelectionReference::Field(field) => {
                    let definition = definition(field, parent);
                    let next = groups.numbers.len();
                    let group = *groups.by_key.entry(field.response_key()).or_insert(next);
                    if group == next {
                        groups.numbers.push(Vec::new());
                    }
                    groups.numbers[group].push(self.found.len());
                    self.found.push(Found { parent, field, definition, above });
                }
                SelectionReference::InlineFragment(inline) => {
                    let condition = inline.type_condition();
                    let condition = condition.map(|ty| ty.named_type().as_ref());
                    if let Some(ty) = self.condition(condition, parent) {
                        self.add((inline.selection_set(), ty, above), groups)?;
                    }
                }
                SelectionReference::FragmentSpread(spread) => {
                    let name = spread.name().as_str();
                    let Some(fragment) = self.fragments.get(name) else { continue };
                    let condition = fragment.type_condition().named_type().as_ref();
                    let ty = self.schema.get_type_definition(condition);
                    if let (Some(ty), true) = (ty, groups.fragments.insert(name)) {
                        self.add((fragment.selection_set(), ty, above), groups)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Charges the budget.
    pub fn look(&mut self, fields: usize) -> Result<(), Refused> {
        self.looks += fields as u64;
        within("overlapping fields", self.looks, BUDGET)
    }

    /// The type of a field's selections.
    pub fn ty(&self, field: &'a FieldDefinition<'a, Scalars>) -> Option<Type<'a>> {
        self.schema.get_type_definition(field.r#type().base_name())
    }

    /// The type of a fragment's selections inside selections of a type.
    pub fn condition(&self, condition: Option<&str>, ty: Type<'a>) -> Option<Type<'a>> {
        condition.map_or(Some(ty), |condition| self.schema.get_type_definition(condition))
    }

    /// A field and those above it, from the top.
    pub fn lineage(&self, number: usize) -> Vec<&'a Field<'a>> {
        let up = |number: &usize| self.found[*number].above;
        let numbers = std::iter::successors(Some(number), up);
        let mut fields: Vec<_> = numbers.map(|number| self.found[number].field).collect();
        fields.reverse();
        fields
    }
}

pub fn definition<'a>(field: &Field<'_>, ty: Type<'a>) -> Option<&'a FieldDefinition<'a, Scalars>> {
    ty.fields_definition()?.get(field.name().as_str())
}
