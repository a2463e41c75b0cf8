//! What is wrong with variables.

use bluejay_core::definition::{InputType as _, SchemaDefinition as _};
use bluejay_core::executable::{OperationDefinition as _, VariableType as _};
use bluejay_core::{Value as _, ValueReference, Variable};
use bluejay_parser::HasSpan;
use bluejay_parser::ast::definition::InputType;
use bluejay_parser::ast::executable::{OperationDefinition, VariableDefinition, VariableType};

use crate::graphql::document::messages::told::{Teller, Told, told};
use crate::graphql::document::places::{self, byte};
use crate::graphql::document::syntax::Scalars;

pub fn same_variables(name: &str, variables: &[&VariableDefinition<'_>]) -> Vec<Told> {
    // The name stands behind the dollar.
    let bytes = variables.iter().map(|one| byte(one.variable()) + 1).collect();
    vec![Told::new(bytes, format!("There can be only one variable named \"${name}\"."))]
}

pub fn undefined(name: &str, at: usize, operation: &OperationDefinition<'_>) -> Vec<Told> {
    let by = by(" by", operation);
    let message = format!("Variable \"${name}\" is not defined{by}.");
    vec![Told::new(vec![at, byte(operation)], message)]
}

pub fn unused(variable: &VariableDefinition<'_>, operation: &OperationDefinition<'_>) -> Vec<Told> {
    let (name, by) = (variable.variable().as_str(), by(" in", operation));
    told(variable.variable(), format!("Variable \"${name}\" is never used{by}."))
}

fn by(how: &str, operation: &OperationDefinition<'_>) -> String {
    let name = operation.as_ref().name();
    name.map_or_else(String::new, |name| format!("{how} operation \"{name}\""))
}

impl Teller<'_> {
    pub fn no_input(&self, variable: &VariableDefinition<'_>) -> Vec<Told> {
        let ty = variable.r#type();
        let name = ty.as_ref().name();
        if self.schema.get_type_definition(name).is_none() {
            return self.unknown_type(&Named(innermost(ty)));
        }
        let (variable, ty_name) = (variable.variable().as_str(), ty.as_ref().display_name());
        told(ty, format!("Variable \"${variable}\" cannot be non-input type \"{ty_name}\"."))
    }

    pub fn misplaced(
        &self,
        variable: &(impl HasSpan + Variable),
        ty: &VariableType<'_>,
        expected: &InputType<'_, Scalars>,
    ) -> Vec<Told> {
        let (name, expected) = (variable.name(), expected.display_name());
        let message = format!(
            "Variable \"${name}\" of type \"{}\" used in position expecting type \"{expected}\".",
            ty.as_ref().display_name()
        );
        self.used(variable, ty, message)
    }

    pub fn nullable(
        &self,
        variable: &(impl HasSpan + Variable),
        ty: &VariableType<'_>,
        parent: &str,
    ) -> Vec<Told> {
        // With a default that is not null it may stand there (5.8.5, IsNonNullPosition).
        let definition = places::definition(self.document, ty);
        let default = definition.and_then(|(_, definition)| definition.default_value());
        if default.is_some_and(|value| !matches!(value.as_ref(), ValueReference::Null)) {
            return Vec::new();
        }
        let message = format!(
            "Variable \"${}\" is of type \"{}\" but must be non-nullable to be used for OneOf \
             Input Object \"{parent}\".",
            variable.name(),
            ty.as_ref().display_name()
        );
        self.used(variable, ty, message)
    }

    /// About a variable's definition and its use.
    fn used(&self, variable: &impl HasSpan, ty: &VariableType<'_>, message: String) -> Vec<Told> {
        let definition = places::definition(self.document, ty);
        let defined = definition.map(|(_, variable)| byte(variable.variable()));
        vec![Told::new(defined.into_iter().chain([byte(variable)]).collect(), message)]
    }
}

/// The named type inside the lists of a variable's type.
fn innermost<'t, 'a>(ty: &'t VariableType<'a>) -> &'t VariableType<'a> {
    match ty {
        VariableType::Named { .. } => ty,
        VariableType::List { inner, .. } => innermost(inner),
    }
}

struct Named<'t, 'a>(&'t VariableType<'a>);

impl HasSpan for Named<'_, '_> {
    fn span(&self) -> &bluejay_parser::Span {
        self.0.span()
    }
}

impl AsRef<str> for Named<'_, '_> {
    fn as_ref(&self) -> &str {
        self.0.as_ref().name()
    }
}
