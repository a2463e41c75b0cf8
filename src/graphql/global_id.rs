//! Global object ids of GraphQL (`Node.id`): they know their kind and their tenant, and refuse
//! others.

use std::fmt::{self, Display, Formatter};
use std::hash::{DefaultHasher, Hash, Hasher};

use async_graphql::ID;

use crate::error::Code;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::plan::Slot;
use crate::graphql::scalars::text_output;
use crate::ids::{IdKind, TenantId, opaque_id, read_id, write_opaque_id};

/// The opaque id of a thing; a text only where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GlobalId {
    kind: IdKind,
    tenant: TenantId,
    number: i64,
}

/// The opaque id of a thing.
pub fn id(kind: IdKind, tenant: TenantId, number: i64) -> GlobalId {
    GlobalId { kind, tenant, number }
}

impl Display for GlobalId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&opaque_id(self.kind, self.tenant, self.number))
    }
}

impl Output for GlobalId {
    fn write<'p>(&self, walk: &mut Walk<'p>, _: &'p Slot) -> Flow {
        walk.out.push(b'"');
        write_opaque_id(&mut walk.out, self.kind, self.tenant, self.number);
        walk.out.push(b'"');
        Ok(())
    }
}

text_output!(GlobalId as ID);

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

/// The same for what is written: a wrong id of any sort is one that nothing has, so that the domain says of each of them,
/// in the same words, that there is no such thing.
pub fn named_or_nothing(id: &str, kind: IdKind, tenant: TenantId) -> i64 {
    named(id, kind, tenant).unwrap_or_else(|_| {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        // Different texts stay different.
        -1 - (hasher.finish() >> 1).cast_signed()
    })
}

#[cfg(test)]
mod tests {
    use crate::graphql::global_id::{id, named, named_or_nothing};
    use crate::ids::TenantId;
    use crate::ids::{IdKind, read_id};

    #[test]
    fn an_id_refuses_another_kind_and_is_nothing_to_another_tenant() {
        let opaque = id(IdKind::Customer, TenantId(300), 42).to_string();
        assert_eq!(read_id(&opaque), Some((IdKind::Customer, TenantId(300), 42)));
        assert!(matches!(named(&opaque, IdKind::Customer, TenantId(300)), Ok(42)));
        for number in [0, 42, -42, i64::MAX, i64::MIN] {
            let theirs = id(IdKind::Customer, TenantId(301), number).to_string();
            assert!(matches!(named(&theirs, IdKind::Customer, TenantId(300)), Ok(..0)), "{number}");
        }
        assert!(named(&opaque, IdKind::Item, TenantId(300)).is_err());
        assert!(named("hello", IdKind::Item, TenantId(300)).is_err());

        let wrong = |text: &str| named_or_nothing(text, IdKind::Item, TenantId(300));
        assert!([wrong(&opaque), wrong("hello"), wrong("")].iter().all(|number| *number < 0));
        assert_ne!(wrong("hello"), wrong("hello!"));
        let own = id(IdKind::Item, TenantId(300), 7).to_string();
        assert_eq!(wrong(&own), 7);
    }
}
