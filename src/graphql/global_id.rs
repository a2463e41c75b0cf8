//! Global object ids of GraphQL (`Node.id`): they know their kind and their tenant, and refuse
//! others.

use async_graphql::ID;

use crate::error::Code;
use crate::graphql::fault::{Fault, Result};
use crate::ids::{IdKind, TenantId, opaque_id, read_id};

/// The opaque id of a thing.
pub fn id(kind: IdKind, tenant: TenantId, number: i64) -> ID {
    ID(opaque_id(kind, tenant, number))
}

/// The number of an id of this kind. Another tenant's is a number that nothing has, so that it
/// meets the same checks, in the same order, as one that does not exist; what is no id of this kind
/// is an error.
pub fn named(id: &str, kind: IdKind, tenant: TenantId) -> Result<i64> {
    match read_id(id) {
        Some((found, of, number)) if found == kind && of == tenant => Ok(number),
        // Below zero, whatever the number: nothing is counted there.
        Some((found, _, number)) if found == kind => Ok(-1 - (number & i64::MAX)),
        _ => {
            let kind = format!("{kind:?}");
            let article = if kind.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" };
            Err(Fault::new(Code::InvalidArgument, format!("not the id of {article} {kind}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::global_id::{id, named};
    use crate::ids::TenantId;
    use crate::ids::{IdKind, read_id};

    #[test]
    fn an_id_refuses_another_kind_and_is_nothing_to_another_tenant() {
        let opaque = id(IdKind::Customer, TenantId(300), 42);
        assert_eq!(read_id(&opaque), Some((IdKind::Customer, TenantId(300), 42)));
        assert!(matches!(named(&opaque, IdKind::Customer, TenantId(300)), Ok(42)));
        for number in [0, 42, -42, i64::MAX, i64::MIN] {
            let theirs = id(IdKind::Customer, TenantId(301), number);
            assert!(matches!(named(&theirs, IdKind::Customer, TenantId(300)), Ok(..0)), "{number}");
        }
        assert!(named(&opaque, IdKind::Item, TenantId(300)).is_err());
        assert!(named("hello", IdKind::Item, TenantId(300)).is_err());
    }
}
