//! Opaque cursors of lists and streams: signed, bound to a tenant and to one list, so that a forged
//! or foreign one is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::domain::customer::list::{CustomerOrder, CustomerPlace};
use crate::domain::live::{FeedCursor, LiveCursor};
use crate::domain::tenant::secret::StoreSecret;
use crate::error::Code;
use crate::graphql::fault::{Fault, Result};
use crate::ids::{CustomerId, ItemId, Micros, TenantId, write_base64};

/// A cursor under construction or being read: fields, and before them a tag over them, the list's name and the tenant.
fn tagged<T>(
    (secret, tenant): (&StoreSecret, TenantId),
    list: &str,
    bytes: &[u8],
    take: impl FnOnce(&[u8]) -> T,
) -> T {
    let tag = secret.tag(&[&tenant.0.to_be_bytes(), list.as_bytes(), &[0], bytes]).to_be_bytes();
    // Nearly all cursors are of at most four numbers.
    let mut short = [0; 40];
    match short.get_mut(..tag.len() + bytes.len()) {
        Some(out) => {
            out[..tag.len()].copy_from_slice(&tag);
            out[tag.len()..].copy_from_slice(bytes);
            take(out)
        }
        None => take(&[&tag, bytes].concat()),
    }
}

fn signed(secret: &StoreSecret, tenant: TenantId, list: &str, bytes: &[u8]) -> String {
    tagged((secret, tenant), list, bytes, |bytes| BASE64.encode(bytes))
}

fn verified(secret: &StoreSecret, tenant: TenantId, list: &str, cursor: &str) -> Result<Vec<u8>> {
    let foreign = || Fault::new(Code::InvalidCursor, "the cursor is not of this list and filter");
    if cursor.len() > 1024 {
        return Err(foreign());
    }
    let bytes = BASE64.decode(cursor).map_err(|_| foreign())?;
    let fields = bytes.get(8..).ok_or_else(foreign)?.to_vec();
    if signed(secret, tenant, list, &fields) != cursor {
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
    pub secret: &'a StoreSecret,
    pub tenant: TenantId,
}

impl Cursors<'_> {
    /// A position in a list of items; `list` names list and filter.
    pub fn item(&self, list: &str, position: (Micros, ItemId)) -> String {
        signed(self.secret, self.tenant, list, packed([position.0.0, position.1.0]).as_flattened())
    }

    /// The same, written to the end of a text.
    pub fn write_item(&self, out: &mut Vec<u8>, list: &str, (at, id): (Micros, ItemId)) {
        let numbers = packed([at.0, id.0]);
        let write = |bytes: &[u8]| write_base64(out, bytes);
        tagged((self.secret, self.tenant), list, numbers.as_flattened(), write);
    }

    pub fn read_item(&self, list: &str, cursor: &str) -> Result<(Micros, ItemId)> {
        let [at, id] = numbers(&verified(self.secret, self.tenant, list, cursor)?)?;
        Ok((Micros(at), ItemId(id)))
    }

    /// A position in a list ordered by one number.
    pub fn number(&self, list: &str, number: i64) -> String {
        signed(self.secret, self.tenant, list, packed([number]).as_flattened())
    }

    pub fn read_number(&self, list: &str, cursor: &str) -> Result<i64> {
        let [number] = numbers(&verified(self.secret, self.tenant, list, cursor)?)?;
        Ok(number)
    }

    /// A position in the results of a search: which part of them, and its two keys.
    pub fn hit(&self, list: &str, position: [i64; 3]) -> String {
        signed(self.secret, self.tenant, list, packed(position).as_flattened())
    }

    pub fn read_hit(&self, list: &str, cursor: &str) -> Result<[i64; 3]> {
        numbers(&verified(self.secret, self.tenant, list, cursor)?)
    }

    pub fn customer(&self, list: &str, position: &CustomerPlace) -> String {
        let bytes = match position {
            CustomerPlace::Seen(at, id) => packed([at.0, id.0]).as_flattened().to_vec(),
            CustomerPlace::Created(id) => packed([id.0, 0]).as_flattened().to_vec(),
            CustomerPlace::Name(name, id) => {
                [packed([0, id.0]).as_flattened(), name.as_bytes()].concat()
            }
        };
        signed(self.secret, self.tenant, list, &bytes)
    }

    pub fn read_customer(
        &self,
        list: &str,
        cursor: &str,
        order: CustomerOrder,
    ) -> Result<CustomerPlace> {
        let bytes = verified(self.secret, self.tenant, list, cursor)?;
        let [a, b] = numbers(&bytes)?;
        Ok(match order {
            CustomerOrder::LastSeenDesc => CustomerPlace::Seen(Micros(a), CustomerId(b)),
            CustomerOrder::CreatedDesc => CustomerPlace::Created(CustomerId(a)),
            CustomerOrder::NameAsc | CustomerOrder::NameDesc => CustomerPlace::Name(
                String::from_utf8_lossy(&bytes[16..]).into_owned(),
                CustomerId(b),
            ),
        })
    }

    pub fn live(&self, cursor: &LiveCursor) -> String {
        signed(
            self.secret,
            self.tenant,
            "live",
            packed([cursor.epoch, cursor.root.0, cursor.at.0, cursor.position]).as_flattened(),
        )
    }

    pub fn read_live(&self, cursor: &str) -> Result<LiveCursor> {
        let [epoch, root, at, position] =
            numbers(&verified(self.secret, self.tenant, "live", cursor)?)?;
        Ok(LiveCursor { epoch, root: CustomerId(root), at: CustomerId(at), position })
    }

    pub fn feed(&self, cursor: &FeedCursor) -> String {
        signed(
            self.secret,
            self.tenant,
            "feed",
            packed([cursor.epoch, cursor.xid, cursor.seq]).as_flattened(),
        )
    }

    pub fn read_feed(&self, cursor: &str) -> Result<FeedCursor> {
        let [epoch, xid, seq] = numbers(&verified(self.secret, self.tenant, "feed", cursor)?)?;
        Ok(FeedCursor { epoch, xid, seq })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::tenant::secret::StoreSecret;
    use crate::graphql::cursors::Cursors;
    use crate::ids::{ItemId, Micros, TenantId};

    #[test]
    fn a_cursor_refuses_another_list_another_tenant_and_a_changed_byte() {
        let secret = StoreSecret::new([7; 32], 1);
        assert_eq!(
            secret.tag(&[b"ab", b"", b"c"]),
            secret.tag(&[b"abc"]),
            "cursors of earlier servers are tagged over one text"
        );
        let (one, two) = (
            Cursors { secret: &secret, tenant: TenantId(1) },
            Cursors { secret: &secret, tenant: TenantId(2) },
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
