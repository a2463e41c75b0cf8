//! `__Type`: a named type, or a list or a non-null of one; and what types are made of.

use crate::graphql::execute::{Flow, Null, Output, Walk};
use crate::graphql::introspection::view::view;
use crate::graphql::plan::Slot;
use crate::graphql::types::{EnumValue, Field, InputValue, Kind, Type, TypeId, TypeRef, Types};

/// A type as introspection tells it.
#[derive(Clone)]
pub struct TypeView {
    types: &'static Types,
    what: What,
}

#[derive(Clone)]
enum What {
    Named(&'static Type),
    List(&'static TypeRef),
    NonNull(&'static TypeRef),
}

impl TypeView {
    pub fn named(types: &'static Types, id: TypeId) -> Self {
        TypeView { types, what: What::Named(&types[id]) }
    }

    pub fn of(types: &'static Types, ty: &'static TypeRef) -> Self {
        let what = match ty {
            TypeRef::Named(id) => What::Named(&types[*id]),
            TypeRef::List(inner) => What::List(inner),
            TypeRef::NonNull(inner) => What::NonNull(inner),
        };
        TypeView { types, what }
    }

    fn ty(&self) -> Option<&'static Type> {
        match self.what {
            What::Named(ty) => Some(ty),
            What::List(_) | What::NonNull(_) => None,
        }
    }

    /// The type, if it is of one of these kinds.
    fn of_kind(&self, kinds: &[Kind]) -> Option<&'static Type> {
        self.ty().filter(|ty| kinds.contains(&ty.kind))
    }

    fn all(&self, ids: &[TypeId]) -> Vec<TypeView> {
        ids.iter().map(|id| TypeView::named(self.types, *id)).collect()
    }

    fn kind(&self) -> &'static str {
        match self.what {
            What::List(_) => "LIST",
            What::NonNull(_) => "NON_NULL",
            What::Named(ty) => match ty.kind {
                Kind::Scalar => "SCALAR",
                Kind::Object => "OBJECT",
                Kind::Interface => "INTERFACE",
                Kind::Union => "UNION",
                Kind::Enum => "ENUM",
                Kind::Input => "INPUT_OBJECT",
            },
        }
    }
}

const FIELDS: &[Kind] = &[Kind::Object, Kind::Interface];
const POSSIBLE: &[Kind] = &[Kind::Interface, Kind::Union];

view!(TypeView, "__Type" {
    "kind" => |this, walk, slot| this.kind().write(walk, slot);
    "name" => |this, walk, slot| this.ty().map(|ty| ty.name.as_str()).write(walk, slot);
    "description" => |this, walk, slot| {
        this.ty().and_then(|ty| ty.description.as_deref()).write(walk, slot)
    };
    "specifiedByURL" => |this, walk, slot| {
        this.ty().and_then(|ty| ty.specified_by.as_deref()).write(walk, slot)
    };
    "fields" => |this, walk, slot| match this.of_kind(FIELDS) {
        Some(ty) => {
            let shown = shown(walk, slot, &ty.fields, |field| field.deprecation.is_some())?;
            walk.list(shown.into_iter().map(|field| FieldView(this.types, field)), slot)
        }
        None => walk.null(),
    };
    "interfaces" => |this, walk, slot| {
        this.of_kind(FIELDS).map(|ty| this.all(&ty.interfaces)).write(walk, slot)
    };
    "possibleTypes" => |this, walk, slot| {
        this.of_kind(POSSIBLE).map(|ty| this.all(&ty.possible)).write(walk, slot)
    };
    "enumValues" => |this, walk, slot| match this.of_kind(&[Kind::Enum]) {
        Some(ty) => {
            let shown = shown(walk, slot, &ty.values, |value| value.deprecation.is_some())?;
            walk.list(shown.into_iter().map(EnumValueView), slot)
        }
        None => walk.null(),
    };
    "inputFields" => |this, walk, slot| match this.of_kind(&[Kind::Input]) {
        Some(ty) => inputs(walk, slot, this.types, &ty.inputs),
        None => walk.null(),
    };
    "ofType" => |this, walk, slot| match this.what {
        What::List(inner) | What::NonNull(inner) => {
            Some(TypeView::of(this.types, inner)).write(walk, slot)
        }
        What::Named(_) => walk.null(),
    };
    "isOneOf" => |this, walk, slot| {
        this.of_kind(&[Kind::Input]).map(|ty| ty.one_of).write(walk, slot)
    };
} leads to FieldView, EnumValueView);

/// A field.
pub struct FieldView(&'static Types, &'static Field);

view!(FieldView, "__Field" {
    "name" => |this, walk, slot| this.1.name.as_str().write(walk, slot);
    "description" => |this, walk, slot| this.1.description.write(walk, slot);
    "args" => |this, walk, slot| inputs(walk, slot, this.0, &this.1.arguments);
    "type" => |this, walk, slot| TypeView::of(this.0, &this.1.ty).write(walk, slot);
    "isDeprecated" => |this, walk, slot| this.1.deprecation.is_some().write(walk, slot);
    "deprecationReason" => |this, walk, slot| this.1.deprecation.write(walk, slot);
} leads to InputValueView);

/// An argument, or a field of an input object.
pub struct InputValueView(&'static Types, &'static InputValue);

view!(InputValueView, "__InputValue" {
    "name" => |this, walk, slot| this.1.name.as_str().write(walk, slot);
    "description" => |this, walk, slot| this.1.description.write(walk, slot);
    "type" => |this, walk, slot| TypeView::of(this.0, &this.1.ty).write(walk, slot);
    "defaultValue" => |this, walk, slot| this.1.default_text.write(walk, slot);
    "isDeprecated" => |this, walk, slot| this.1.deprecation.is_some().write(walk, slot);
    "deprecationReason" => |this, walk, slot| this.1.deprecation.write(walk, slot);
} leads to);

/// The inputs that a slot asks for.
pub fn inputs<'p>(
    walk: &mut Walk<'p>,
    slot: &'p Slot,
    types: &'static Types,
    all: &'static [InputValue],
) -> Flow {
    let shown = shown(walk, slot, all, |input| input.deprecation.is_some())?;
    walk.list(shown.into_iter().map(|input| InputValueView(types, input)), slot)
}

/// A value of an enum.
pub struct EnumValueView(&'static EnumValue);

view!(EnumValueView, "__EnumValue" {
    "name" => |this, walk, slot| this.0.name.as_str().write(walk, slot);
    "description" => |this, walk, slot| this.0.description.write(walk, slot);
    "isDeprecated" => |this, walk, slot| this.0.deprecation.is_some().write(walk, slot);
    "deprecationReason" => |this, walk, slot| this.0.deprecation.write(walk, slot);
} leads to);

/// Whether a slot asks for deprecated elements too.
fn with_deprecated<'p>(walk: &mut Walk<'p>, slot: &'p Slot) -> Result<bool, Null> {
    Ok(walk.argument::<Option<bool>>(slot, 0)?.unwrap_or_default())
}

/// The elements that a slot asks for.
fn shown<'p, T>(
    walk: &mut Walk<'p>,
    slot: &'p Slot,
    all: &'static [T],
    deprecation: impl Fn(&T) -> bool,
) -> Result<Vec<&'static T>, Null> {
    let with_deprecated = with_deprecated(walk, slot)?;
    Ok(all.iter().filter(|element| with_deprecated || !deprecation(element)).collect())
}
