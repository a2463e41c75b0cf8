//! The rule of fields that share a response key (specification, 5.3.2). bluejay's own accepts an
//! alias of a union's `__typename` beside another field of a member, and for some documents doubles
//! its work with each level.
//!
//! Selections are merged level by level, each fragment once a level. Fields whose parents may be
//! one object must be the same field with the same arguments; answers of others only look alike.

mod collect;

use std::collections::HashSet;

use bluejay_core::definition::{
    FieldDefinition as _, OutputType as _, OutputTypeReference, SchemaDefinition as _,
};
use bluejay_core::executable::{OperationDefinition as _, Selection as _, SelectionReference};
use bluejay_core::{Arguments as _, AsIter};
use bluejay_parser::HasSpan;
use bluejay_parser::ast::VariableArguments;
use bluejay_parser::ast::definition::OutputType;
use bluejay_parser::ast::executable::{Field, SelectionSet};

use crate::graphql::document::limit::Refused;
use crate::graphql::document::merging::collect::{Collector, Part, Type, definition};
use crate::graphql::document::messages::{Tally, Told};
use crate::graphql::document::places::{Fragments, byte, root};
use crate::graphql::document::syntax::Scalars;
use crate::graphql::document::syntax::{Parsed, Schema};

/// How many bytes of arguments cost as much as one field.
const ARGUMENT: usize = 16;

/// What the fields of a document break. A document with too many to compare is refused.
pub fn broken<'a>(
    document: &'a Parsed<'a>,
    fragments: &Fragments<'a>,
    schema: &'a Schema<'a>,
) -> Result<Tally, Refused> {
    let fields = Collector::new(schema, fragments);
    let mut merging = Merging { fields, seen: HashSet::new(), tally: Tally::default() };
    for operation in document.operation_definitions() {
        if let Some(ty) = root(schema, operation.as_ref().operation_type()) {
            merging.set(operation.selection_set(), ty)?;
        }
    }
    for fragment in document.fragment_definitions() {
        let condition = fragment.type_condition().named_type().as_ref();
        if let Some(ty) = schema.get_type_definition(condition) {
            merging.set(fragment.selection_set(), ty)?;
        }
    }
    Ok(merging.tally)
}

struct Merging<'a, 'f> {
    fields: Collector<'a, 'f>,
    /// Which conflicts are told.
    seen: HashSet<(usize, usize)>,
    tally: Tally,
}

impl<'a> Merging<'a, '_> {
    /// Looks at a selection set and at all inside it, fragments aside.
    fn set(&mut self, set: &'a SelectionSet<'a>, ty: Type<'a>) -> Result<(), Refused> {
        self.fields.found.clear();
        let groups = self.fields.collect(&[(set, ty, None)])?;
        self.merge(&groups, true)?;
        self.inside(set, ty)
    }

    fn inside(&mut self, set: &'a SelectionSet<'a>, ty: Type<'a>) -> Result<(), Refused> {
        for selection in set.iter() {
            match selection.as_ref() {
                SelectionReference::Field(field) => {
                    let Some(inner) = field.selection_set() else { continue };
                    let ty = definition(field, ty).and_then(|field| self.fields.ty(field));
                    if let Some(ty) = ty {
                        self.set(inner, ty)?;
                    }
                }
                SelectionReference::InlineFragment(inline) => {
                    let condition = inline.type_condition();
                    let condition = condition.map(|ty| ty.named_type().as_ref());
                    if let Some(ty) = self.fields.condition(condition, ty) {
                        self.inside(inline.selection_set(), ty)?;
                    }
                }
                SelectionReference::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    /// Holds the fields of each key against each other, and then what they select. `same` says
    /// whether the selections may all be of one object; else answers need only look alike.
    fn merge(&mut self, groups: &[Vec<usize>], same: bool) -> Result<(), Refused> {
        for group in groups.iter().filter(|group| group.len() > 1) {
            let objects = if same { self.objects(group) } else { Vec::new() };
            if self.clash(group, &objects)? {
                continue;
            }
            for object in &objects {
                self.below(object, true)?;
            }
            if objects.len() != 1 {
                self.below(group, false)?;
            }
        }
        Ok(())
    }

    /// Merges what fields select.
    fn below(&mut self, group: &[usize], same: bool) -> Result<(), Refused> {
        let part = |number: &usize| {
            let found = &self.fields.found[*number];
            let ty = self.fields.ty(found.definition?)?;
            Some((found.field.selection_set()?, ty, Some(*number)))
        };
        let parts: Vec<Part<'a>> = group.iter().filter_map(part).collect();
        if parts.len() < 2 {
            return Ok(());
        }
        let before = self.fields.found.len();
        let groups = self.fields.collect(&parts)?;
        self.merge(&groups, same)?;
        self.fields.found.truncate(before);
        Ok(())
    }

    /// The fields of a key that may be of one object: those of one object type, each time with all
    /// those of interfaces and unions, in the document's order.
    fn objects(&self, group: &[usize]) -> Vec<Vec<usize>> {
        let mut abstracts = Vec::new();
        let mut objects: Vec<(&str, Vec<usize>)> = Vec::new();
        for number in group {
            let parent = self.fields.found[*number].parent;
            match objects.iter_mut().find(|(name, _)| *name == parent.name()) {
                _ if parent.is_abstract() => abstracts.push(*number),
                Some((_, numbers)) => numbers.push(*number),
                None => objects.push((parent.name(), vec![*number])),
            }
        }
        if objects.is_empty() {
            return vec![abstracts];
        }
        let with = |(_, mut numbers): (&str, Vec<usize>)| {
            numbers.extend(&abstracts);
            numbers.sort_unstable();
            numbers
        };
        objects.into_iter().map(with).collect()
    }

    /// Whether fields of one key differ.
    fn clash(&mut self, group: &[usize], objects: &[Vec<usize>]) -> Result<bool, Refused> {
        let mut clash = false;
        for object in objects {
            for number in &object[1..] {
                clash |= self.differ(object[0], *number)?;
            }
        }
        if clash {
            return Ok(true);
        }
        let ty = |number: &usize| Some(self.fields.found[*number].definition?.r#type());
        let types: Vec<_> = group.iter().map(ty).collect();
        let Some(first) = types[0] else { return Ok(false) };
        for (number, other) in group.iter().zip(types).skip(1) {
            let Some(other) = other else { continue };
            if !self.alike(first, other) {
                let types = (first.display_name(), other.display_name());
                let reason =
                    format!("they return conflicting types \"{}\" and \"{}\"", types.0, types.1);
                self.tell(group[0], *number, &reason);
                clash = true;
            }
        }
        Ok(clash)
    }

    /// Whether two fields of one object are not the same.
    fn differ(&mut self, one: usize, other: usize) -> Result<bool, Refused> {
        let fields = (self.fields.found[one].field, self.fields.found[other].field);
        let names = (fields.0.name().as_str(), fields.1.name().as_str());
        if names.0 != names.1 {
            let reason = format!("\"{}\" and \"{}\" are different fields", names.0, names.1);
            self.tell(one, other, &reason);
            return Ok(true);
        }
        let length = |all: &VariableArguments<'_>| all.span().byte_range().len() / ARGUMENT;
        self.fields.look(fields.0.arguments().map_or(0, length))?;
        let same = VariableArguments::equivalent(fields.0.arguments(), fields.1.arguments());
        if !same {
            self.tell(one, other, "they have differing arguments");
        }
        Ok(!same)
    }

    fn alike(&self, one: &OutputType<'a, Scalars>, other: &OutputType<'a, Scalars>) -> bool {
        use OutputTypeReference::{Base, List};
        let schema = self.fields.schema;
        match (one.as_ref(schema), other.as_ref(schema)) {
            (Base(one, needed), Base(other, too)) => {
                let leaf = one.is_scalar_or_enum() || other.is_scalar_or_enum();
                needed == too && (!leaf || one.name() == other.name())
            }
            (List(one, needed), List(other, too)) => needed == too && self.alike(one, other),
            _ => false,
        }
    }

    /// Tells a conflict once, by the fields at the top that bring it in. Where that is one field,
    /// its own selections tell it.
    fn tell(&mut self, one: usize, other: usize, reason: &str) {
        let (one, other) = (self.fields.lineage(one), self.fields.lineage(other));
        let bytes = |fields: &[&'a Field<'a>]| fields.iter().map(|field| byte(*field)).collect();
        let (ones, others): (Vec<usize>, Vec<usize>) = (bytes(&one), bytes(&other));
        let inner = (ones[ones.len() - 1], others[others.len() - 1]);
        if ones[0] == others[0] || !self.seen.insert(inner) {
            return;
        }
        self.tally.add(|| {
            let key =
                |field: &&Field<'_>| format!("\"{}\" conflict because ", field.response_key());
            let keys: Vec<String> = one.iter().map(key).collect();
            let message = format!(
                "Fields {}{reason}. Use different aliases on the fields to fetch both if this was \
                 intentional.",
                keys.join("subfields ")
            );
            vec![Told::new([ones, others].concat(), message)]
        });
    }
}
