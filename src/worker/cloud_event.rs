//! Changes as `CloudEvents`: ids only, for other services.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};
use url::form_urlencoded::byte_serialize;

use crate::domain::live::Entry;
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::ids::{CustomerId, IdKind, Micros, TenantId, opaque_id};

/// Every `type` of an event, with its meaning. `docs/live.md` prints this table.
pub const EVENT_TYPES: &[(&str, &str)] = &[
    ("customer.created", "A person was seen for the first time"),
    ("customer.updated", "Name, traits, tags, status or stage changed"),
    (
        "customer.identified",
        "An address was added or proved, or a change of identity was written into the history",
    ),
    (
        "customer.merged",
        "Two customers became one; both sides are told, and survivorId is who stays",
    ),
    ("customer.unmerged", "A merge was undone; both sides are told"),
    ("customer.split", "Some addresses became a customer of their own; both sides are told"),
    ("customer.erased", "Everything about the person was deleted"),
    ("engagement.recorded", "A message, call, email, note or record was recorded"),
    ("engagement.updated", "Its state changed, or it got a comment"),
    ("pageview.recorded", "A page view was recorded"),
    ("pageview.updated", "A page view got a comment"),
    (
        "item.removed",
        "An item left the customer's history: it was deleted or erased, grew too old, or belongs to another customer now",
    ),
];

fn type_of(entry: &Entry) -> &'static str {
    match (entry.kind, entry.item_kind) {
        (ChangeKind::Created, _) => "customer.created",
        (ChangeKind::Profile, _) => "customer.updated",
        (ChangeKind::Identified, _)
        | (ChangeKind::ItemAdded | ChangeKind::ItemUpdated, Some(HistoryKind::Identity)) => {
            "customer.identified"
        }
        (ChangeKind::Merged, _) => "customer.merged",
        (ChangeKind::Unmerged, _) => "customer.unmerged",
        (ChangeKind::Split, _) => "customer.split",
        (ChangeKind::Erased, _) => "customer.erased",
        (ChangeKind::ItemAdded, Some(HistoryKind::PageView)) => "pageview.recorded",
        (ChangeKind::ItemUpdated, Some(HistoryKind::PageView)) => "pageview.updated",
        (ChangeKind::ItemAdded, _) => "engagement.recorded",
        (ChangeKind::ItemUpdated, _) => "engagement.updated",
        (ChangeKind::ItemRemoved, _) => "item.removed",
    }
}

/// A place in the tenant's one order, as the id of an event: unique for each change, and the same however often it is
/// sent. The epoch tells a restored store's changes from those that it has forgotten.
fn event_id(epoch: i64, (xid, seq): (i64, i64)) -> String {
    format!("{epoch:08x}-{xid}-{seq}")
}

/// The place that an event's id names.
pub(super) fn place_of(id: &str) -> Option<(i64, i64)> {
    let mut parts = id.rsplit('-');
    let seq = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, seq))
}

/// The event of a change: its id, and itself as JSON.
pub(super) fn cloud_event(
    epoch: i64,
    tenant: TenantId,
    tenant_name: &str,
    entry: &Entry,
) -> (String, String) {
    // Nobody (a withheld number) has no id.
    let customer = |id: CustomerId| (id.0 != 0).then(|| opaque_id(IdKind::Customer, tenant, id.0));
    let mut data = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            data.insert(name.into(), value.into());
        }
    };
    put("customerId", customer(entry.customer));
    put("itemId", entry.item_id.map(|item| opaque_id(IdKind::Item, tenant, item.0)));
    put(
        "itemKind",
        entry
            .item_kind
            .and_then(|kind| serde_json::to_value(kind).ok()?.as_str().map(str::to_owned)),
    );
    if let Some((other, _)) = entry.other {
        put("otherCustomerId", customer(other));
        let survivor = (entry.kind == ChangeKind::Merged).then_some(entry.customer.min(other));
        put("survivorId", survivor.and_then(customer));
    }
    data.insert("position".into(), entry.position.into());
    let id = event_id(epoch, (entry.xid, entry.seq));
    let mut event = json!({
        "specversion": "1.0",
        "id": id,
        "source": format!("rapport/{}", byte_serialize(tenant_name.as_bytes()).collect::<String>()),
        "type": type_of(entry),
        "time": time(entry.at),
        "datacontenttype": "application/json",
        "data": data,
    });
    if let Some(subject) = customer(entry.customer) {
        event["subject"] = Value::String(subject);
    }
    (id, event.to_string())
}

fn time(at: Micros) -> String {
    DateTime::from_timestamp_micros(at.0)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use crate::domain::live::Entry;
    use crate::entity::kinds::ChangeKind;
    use crate::entity::kinds::HistoryKind;
    use crate::ids::CustomerId;
    use crate::ids::{ItemId, Micros, TenantId};
    use crate::worker::cloud_event::EVENT_TYPES;
    use crate::worker::cloud_event::{cloud_event, event_id, place_of, type_of};

    fn entry(kind: ChangeKind, item_kind: Option<HistoryKind>) -> Entry {
        Entry {
            xid: 7,
            seq: 9,
            customer: CustomerId(42),
            position: 3,
            kind,
            item_id: item_kind.map(|_| ItemId(5)),
            item_kind,
            other: None,
            homes: Vec::new(),
            at: Micros(1_700_000_000_000_001),
            item: None,
        }
    }

    #[test]
    fn every_change_has_a_type_of_the_table_and_every_type_is_of_some_change() {
        let mut used = std::collections::BTreeSet::new();
        for kind in ChangeKind::ALL {
            for item in std::iter::once(None).chain(HistoryKind::ALL.iter().copied().map(Some)) {
                used.insert(type_of(&entry(*kind, item)));
            }
        }
        let listed: std::collections::BTreeSet<&str> =
            EVENT_TYPES.iter().map(|(name, _)| *name).collect();
        assert_eq!(used, listed);
    }

    #[test]
    fn an_event_says_where_it_is_and_names_no_person() {
        let (id, event) = cloud_event(
            0xabc,
            TenantId(1),
            "a b/c",
            &entry(ChangeKind::ItemAdded, Some(HistoryKind::Call)),
        );
        let event: serde_json::Value = serde_json::from_str(&event).expect("JSON");
        assert_eq!((id.as_str(), place_of(&id)), ("00000abc-7-9", Some((7, 9))));
        assert_eq!(event["id"], id.as_str());
        assert_eq!(event["source"], "rapport/a+b%2Fc");
        assert_eq!(event["type"], "engagement.recorded");
        assert_eq!(event["time"], "2023-11-14T22:13:20.000001Z");
        assert_eq!(event["subject"], event["data"]["customerId"]);
        assert_eq!(event["data"]["itemKind"], "CALL");
        assert_eq!(event["data"]["position"], 3);
    }

    #[test]
    fn places_are_read_from_ids_and_from_nothing_else() {
        assert_eq!(place_of(&event_id(1, (0, 12))), Some((0, 12)));
        for text in ["", "12", "a-b", "00000001-x-2"] {
            assert_eq!(place_of(text), None, "{text}");
        }
    }
}
