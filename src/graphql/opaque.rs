//! Opaque ids and cursors: they know their kind and their tenant, and refuse others.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::domain::customers::CustomerPlace;
use crate::domain::live::{FeedCursor, LiveCursor};
use crate::domain::seal::Seal;
use crate::error::Code;
use crate::graphql::fault::{Fault, Result};
use crate::ids::{CustomerId, ItemId, Micros, TenantId, opaque_id};
pub use crate::ids::{IdKind, read_id};

/// The opaque id of a thing.
pub fn id(kind: IdKind, tenant: TenantId, number: i64) -> ID {
    ID(opaque_id(kind, tenant, number))
}

/// The number of an id of this kind. Another tenant's is a number that nothing has, so that it meets the same checks, in
/// the same order, as one that does not exist; what is no id of this kind is an error.
pub fn named(id: &str, kind: IdKind, tenant: TenantId) -> Result<i64> {
    match read_id(id) {
        Some((found, of, number)) if found == kind && of == tenant => Ok(number),
        // Below zero, whatever the number: nothing is counted there.
        Some((found, _, number)) if found == kind => Ok(-1 - (number & i64::MAX)),
        _ => Err(Fault::new(Code::InvalidArgument, format!("not the id of a {kind:?}"))),
    }
}

/// A cursor under construction or being read: a list's letter, fields, and a tag over all of it and the tenant.
fn sealed(seal: &Seal, tenant: TenantId, list: &str, bytes: &[u8]) -> String {
    let tag = seal.tag(&[&tenant.0.to_be_bytes(), list.as_bytes(), &[0], bytes]).to_be_bytes();
    // Nearly all cursors are of at most four numbers.
    let mut short = [0; 40];
    match short.get_mut(..tag.len() + bytes.len()) {
        Some(out) => {
            out[..tag.len()].copy_from_slice(&tag);
            out[tag.len()..].copy_from_slice(bytes);
            BASE64.encode(out)
        }
        None => BASE64.encode([&tag, bytes].concat()),
    }
}

fn unsealed(seal: &Seal, tenant: TenantId, list: &str, cursor: &str) -> Result<Vec<u8>> {
    let foreign = || Fault::new(Code::InvalidCursor, "the cursor is not of this list and filter");
    if cursor.len() > 1024 {
        return Err(foreign());
    }
    let bytes = BASE64.decode(cursor).map_err(|_| foreign())?;
    let fields = bytes.get(8..).ok_or_else(foreign)?.to_vec();
    if sealed(seal, tenant, list, &fields) != cursor {
        return Err(foreign());
    }
    Ok(fields)
}

fn numbers<const N: usize>(bytes: &[u8]) -> Result<[i64; N]> {
    let mut out = [0; N];
    for (n, slot) in out.iter_mut().enumerate() {
        let part = bytes.get(n * 8..n * 8 + 8).and_then(|part| part.try_into().ok());
        *slot = part
            .map(i64::from_be_bytes)
            .ok_or_else(|| Fault::new(Code::InvalidCursor, "the cursor is cut off"))?;
    }
    Ok(out)
}

fn packed<const N: usize>(numbers: [i64; N]) -> [[u8; 8]; N] {
    numbers.map(i64::to_be_bytes)
}

/// Makes and reads the cursors of one tenant.
#[derive(Clone, Copy)]
pub struct Cursors<'a> {
    pub seal: &'a Seal,
    pub tenant: TenantId,
}

impl Cursors<'_> {
    /// A place in a list of items; `list` names list and filter.
    pub fn item(&self, list: &str, place: (Micros, ItemId)) -> String {
        sealed(self.seal, self.tenant, list, packed([place.0.0, place.1.0]).as_flattened())
    }

    pub fn read_item(&self, list: &str, cursor: &str) -> Result<(Micros, ItemId)> {
        let [at, id] = numbers(&unsealed(self.seal, self.tenant, list, cursor)?)?;
        Ok((Micros(at), ItemId(id)))
    }

    /// A place in a list ordered by one number.
    pub fn number(&self, list: &str, number: i64) -> String {
        sealed(self.seal, self.tenant, list, packed([number]).as_flattened())
    }

    pub fn read_number(&self, list: &str, cursor: &str) -> Result<i64> {
        let [number] = numbers(&unsealed(self.seal, self.tenant, list, cursor)?)?;
        Ok(number)
    }

    /// A place in the results of a search: which part of them, and its three keys.
    pub fn hit(&self, list: &str, place: [i64; 4]) -> String {
        sealed(self.seal, self.tenant, list, packed(place).as_flattened())
    }

    pub fn read_hit(&self, list: &str, cursor: &str) -> Result<[i64; 4]> {
        numbers(&unsealed(self.seal, self.tenant, list, cursor)?)
    }

    pub fn customer(&self, list: &str, place: &CustomerPlace) -> String {
        let bytes = match place {
            CustomerPlace::Seen(at, id) => packed([at.0, id.0]).as_flattened().to_vec(),
            CustomerPlace::Created(id) => packed([id.0, 0]).as_flattened().to_vec(),
            CustomerPlace::Name(name, id) => {
                [packed([0, id.0]).as_flattened(), name.as_bytes()].concat()
            }
        };
        sealed(self.seal, self.tenant, list, &bytes)
    }

    pub fn read_customer(
        &self,
        list: &str,
        cursor: &str,
        order: crate::domain::customers::CustomerOrder,
    ) -> Result<CustomerPlace> {
        use crate::domain::customers::CustomerOrder;
        let bytes = unsealed(self.seal, self.tenant, list, cursor)?;
        let [a, b] = numbers(&bytes)?;
        Ok(match order {
            CustomerOrder::LastSeenDesc => CustomerPlace::Seen(Micros(a), CustomerId(b)),
            CustomerOrder::CreatedDesc => CustomerPlace::Created(CustomerId(a)),
            CustomerOrder::NameAsc => CustomerPlace::Name(
                String::from_utf8_lossy(&bytes[16..]).into_owned(),
                CustomerId(b),
            ),
        })
    }

    pub fn live(&self, cursor: &LiveCursor) -> String {
        sealed(
            self.seal,
            self.tenant,
            "live",
            packed([cursor.epoch, cursor.root.0, cursor.at.0, cursor.position]).as_flattened(),
        )
    }

    pub fn read_live(&self, cursor: &str) -> Result<LiveCursor> {
        let [epoch, root, at, position] =
            numbers(&unsealed(self.seal, self.tenant, "live", cursor)?)?;
        Ok(LiveCursor { epoch, root: CustomerId(root), at: CustomerId(at), position })
    }

    pub fn feed(&self, cursor: &FeedCursor) -> String {
        sealed(
            self.seal,
            self.tenant,
            "feed",
            packed([cursor.epoch, cursor.xid, cursor.seq]).as_flattened(),
        )
    }

    pub fn read_feed(&self, cursor: &str) -> Result<FeedCursor> {
        let [epoch, xid, seq] = numbers(&unsealed(self.seal, self.tenant, "feed", cursor)?)?;
        Ok(FeedCursor { epoch, xid, seq })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::seal::Seal;
    use crate::graphql::opaque::{Cursors, IdKind, id, named, read_id};
    use crate::ids::{ItemId, Micros, TenantId};

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

    #[test]
    fn a_cursor_refuses_another_list_another_tenant_and_a_changed_byte() {
        let seal = Seal::new([7; 32], 1);
        assert_eq!(
            seal.tag(&[b"ab", b"", b"c"]),
            seal.tag(&[b"abc"]),
            "cursors of earlier servers are tagged over one text"
        );
        let (one, two) = (
            Cursors { seal: &seal, tenant: TenantId(1) },
            Cursors { seal: &seal, tenant: TenantId(2) },
        );
        let cursor = one.item("history", (Micros(5), ItemId(6)));
        assert!(matches!(one.read_item("history", &cursor), Ok((Micros(5), ItemId(6)))));
        assert!(one.read_item("feed", &cursor).is_err());
        assert!(two.read_item("history", &cursor).is_err());
        let mut forged = cursor.into_bytes();
        forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
        assert!(one.read_item("history", &String::from_utf8(forged).expect("ASCII")).is_err());
    }
}
