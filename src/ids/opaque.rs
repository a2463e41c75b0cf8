//! Ids as clients see them: they know their kind and their tenant.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::Value as Json;

use crate::ids::TenantId;

/// What an id is of. The letters are part of ids that clients keep: they never change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum IdKind {
    Customer = b'C',
    Contact = b'N',
    Identity = b'I',
    Item = b'H',
    Comment = b'K',
    Merge = b'M',
    Review = b'R',
    KeepApart = b'A',
    Audit = b'U',
    Source = b'S',
    SourceEvent = b'E',
    File = b'F',
}

impl IdKind {
    const ALL: [IdKind; 12] = [
        IdKind::Customer,
        IdKind::Contact,
        IdKind::Identity,
        IdKind::Item,
        IdKind::Comment,
        IdKind::Merge,
        IdKind::Review,
        IdKind::KeepApart,
        IdKind::Audit,
        IdKind::Source,
        IdKind::SourceEvent,
        IdKind::File,
    ];
}

/// The opaque id of a thing.
pub fn opaque_id(kind: IdKind, tenant: TenantId, number: i64) -> String {
    let (bytes, length) = packed(kind, tenant, number);
    BASE64.encode(&bytes[..length])
}

/// Adds the opaque id of a thing to a text.
pub fn write_opaque_id(out: &mut Vec<u8>, kind: IdKind, tenant: TenantId, number: i64) {
    let (bytes, length) = packed(kind, tenant, number);
    write_base64(out, &bytes[..length]);
}

/// Adds bytes to a text, in the alphabet of ids and cursors.
pub fn write_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, 0);
    // There is room for more than it takes.
    let length = BASE64.encode_slice(bytes, &mut out[start..]).unwrap_or(0);
    out.truncate(start + length);
}

/// What an id holds, and how many bytes of it.
fn packed(kind: IdKind, tenant: TenantId, number: i64) -> ([u8; 17], usize) {
    let tenant = tenant.0.to_be_bytes();
    let tenant = &tenant[tenant.iter().position(|b| *b != 0).unwrap_or(7)..];
    let mut bytes = [0; 17];
    bytes[0] = kind as u8;
    bytes[1..9].copy_from_slice(&number.to_be_bytes());
    bytes[9..9 + tenant.len()].copy_from_slice(tenant);
    (bytes, 9 + tenant.len())
}

/// A number as the opaque id of a thing, in lists as well; what is no number stays.
pub fn opaque_ids(kind: IdKind, tenant: TenantId, numbers: Json) -> Json {
    match numbers {
        Json::Array(list) => {
            list.into_iter().map(|number| opaque_ids(kind, tenant, number)).collect()
        }
        other => match other.as_i64() {
            Some(number) => opaque_id(kind, tenant, number).into(),
            None => other,
        },
    }
}

/// Kind, tenant and number of an id; nothing for what never was one.
pub fn read_id(id: &str) -> Option<(IdKind, TenantId, i64)> {
    if id.len() > 64 {
        return None;
    }
    let bytes = BASE64.decode(id).ok()?;
    let kind = IdKind::ALL.into_iter().find(|kind| Some(&(*kind as u8)) == bytes.first())?;
    let number = i64::from_be_bytes(bytes.get(1..9)?.try_into().ok()?);
    let mut tenant = [0u8; 8];
    let rest = bytes.get(9..)?;
    tenant.get_mut(8usize.checked_sub(rest.len())?..)?.copy_from_slice(rest);
    Some((kind, TenantId(i64::from_be_bytes(tenant)), number))
}
