//! An item as its columns: read from a row, or from bytes into which several were packed.

use std::borrow::Cow;
use std::sync::Arc;

use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use crate::domain::model::item::{Body, Data, Engagement, Extras, Item, PageView};
use crate::domain::model::item_columns::Columns;
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId, ItemId, Micros};
use crate::store::row::{get, kind, maybe};

/// The columns of an item, their texts as `T`. Packed items have this layout: to change it, a migration has to take them away.
#[derive(Serialize, Deserialize)]
pub struct Line<T = String> {
    kind: i16,
    id: i64,
    home: i64,
    occurred_at: i64,
    recorded_at: i64,
    channel: i16,
    direction: Option<i16>,
    identity: Option<i64>,
    source: T,
    source_id: Option<T>,
    c1: Option<T>,
    c2: Option<T>,
    c3: Option<T>,
    state: Option<i16>,
    state_at: i64,
    duration: Option<i64>,
    c4: Option<T>,
    c5: Option<T>,
    c6: Option<T>,
    c7: Option<T>,
}

impl<T: AsRef<str> + Into<String>> TryFrom<Line<T>> for Item {
    type Error = Error;

    fn try_from(line: Line<T>) -> Result<Item> {
        let text = |text: Option<T>| text.map(Into::into);
        let channel = kind(line.channel.into(), Channel::from_number)?;
        let kind = kind(line.kind.into(), HistoryKind::from_number)?;
        let unreadable = |error| Error::Internal(format!("item data: {error}"));
        let body = if kind == HistoryKind::PageView {
            let correction = line.c7.map(|json| serde_json::from_str(json.as_ref())).transpose();
            Body::PageView(PageView {
                category: text(line.c1),
                title: text(line.c2),
                url: text(line.c3).unwrap_or_default(),
                object_id: text(line.c4),
                session_id: text(line.c5),
                description: text(line.c6),
                correction: correction.map_err(unreadable)?,
            })
        } else {
            Body::Engagement(Engagement {
                record_type: text(line.c1),
                text: text(line.c2),
                data: match line.c3 {
                    Some(json) => {
                        serde_json::from_str::<Data>(json.as_ref()).map_err(unreadable)?.into()
                    }
                    None => Extras::default(),
                },
                state: line.state,
                state_at: Micros(line.state_at),
                duration: line.duration,
            })
        };
        Ok(Item {
            kind,
            id: ItemId(line.id),
            home: CustomerId(line.home),
            occurred_at: Micros(line.occurred_at),
            recorded_at: Micros(line.recorded_at),
            channel,
            direction: line.direction.and_then(Direction::from_number),
            identity: line.identity.map(IdentityId),
            source: line.source.into(),
            source_id: text(line.source_id),
            body,
        })
    }
}

impl<'i> Line<Cow<'i, str>> {
    /// All columns of an item.
    fn of(item: &'i Item) -> Self {
        let some = |text: &'i Option<String>| text.as_deref().map(Cow::Borrowed);
        let line = Line {
            kind: item.kind.number(),
            id: item.id.0,
            home: item.home.0,
            occurred_at: item.occurred_at.0,
            recorded_at: item.recorded_at.0,
            channel: item.channel.number(),
            direction: item.direction.map(Direction::number),
            identity: item.identity.map(|identity| identity.0),
            source: Cow::Borrowed(item.source.as_str()),
            source_id: some(&item.source_id),
            c1: None,
            c2: None,
            c3: None,
            state: None,
            state_at: item.occurred_at.0,
            duration: None,
            c4: None,
            c5: None,
            c6: None,
            c7: None,
        };
        match &item.body {
            Body::Engagement(body) => Line {
                c1: some(&body.record_type),
                c2: some(&body.text),
                c3: body.data.to_json().map(Cow::Owned),
                state: body.state,
                state_at: body.state_at.0,
                duration: body.duration,
                ..line
            },
            Body::PageView(page) => Line {
                c1: some(&page.category),
                c2: some(&page.title),
                c3: Some(Cow::Borrowed(page.url.as_str())),
                c4: some(&page.object_id),
                c5: some(&page.session_id),
                c6: some(&page.description),
                c7: page.correction_json().map(Cow::Owned),
                ..line
            },
        }
    }
}

impl Line<&str> {
    /// Without the texts that are not among these columns. All else costs nothing to be there.
    fn only(&mut self, columns: Columns) {
        let texts = [
            (Columns::SOURCE_ID, &mut self.source_id),
            (Columns::TYPE, &mut self.c1),
            (Columns::TEXT, &mut self.c2),
            (Columns::DATA, &mut self.c3),
            (Columns::OBJECT_ID, &mut self.c4),
            (Columns::SESSION_ID, &mut self.c5),
            (Columns::DESCRIPTION, &mut self.c6),
            (Columns::CORRECTION, &mut self.c7),
        ];
        for (column, text) in texts {
            if !columns.contain(column) {
                *text = None;
            }
        }
        if !columns.contain(Columns::SOURCE) {
            self.source = "";
        }
    }
}

/// Whole items as bytes, to be kept in one cell: in postcard's wire format, one after the other.
pub fn pack<'i>(items: impl IntoIterator<Item = &'i Item>) -> Result<Vec<u8>> {
    let pack = |bytes, item| postcard::to_extend(&Line::of(item), bytes);
    items
        .into_iter()
        .try_fold(Vec::new(), pack)
        .map_err(|error| Error::Internal(format!("packed items: {error}")))
}

/// Adds the items of [`pack`], with these columns.
pub fn unpack(mut bytes: &[u8], columns: Columns, items: &mut Vec<Arc<Item>>) -> Result<()> {
    while !bytes.is_empty() {
        let (mut line, rest) = postcard::take_from_bytes::<Line<&str>>(bytes)
            .map_err(|error| Error::Internal(format!("packed items: {error}")))?;
        line.only(columns);
        items.push(Arc::new(Item::try_from(line)?));
        bytes = rest;
    }
    Ok(())
}

impl Item {
    /// Reads a whole item whose columns begin at `at`.
    pub fn read(row: &QueryResult, at: usize) -> Result<Item> {
        Item::try_from(Line::<String> {
            kind: get(row, at)?,
            id: get(row, at + 1)?,
            home: get(row, at + 2)?,
            occurred_at: get(row, at + 3)?,
            recorded_at: get(row, at + 4)?,
            channel: get(row, at + 5)?,
            direction: maybe(row, at + 6)?,
            identity: maybe(row, at + 7)?,
            source: get(row, at + 8)?,
            source_id: maybe(row, at + 9)?,
            c1: maybe(row, at + 10)?,
            c2: maybe(row, at + 11)?,
            c3: maybe(row, at + 12)?,
            state: maybe(row, at + 13)?,
            state_at: get(row, at + 14)?,
            duration: maybe(row, at + 15)?,
            c4: maybe(row, at + 16)?,
            c5: maybe(row, at + 17)?,
            c6: maybe(row, at + 18)?,
            c7: maybe(row, at + 19)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::domain::model::item::{Body, Data, Engagement, Item, PageView};
    use crate::domain::model::item_columns::Columns;
    use crate::domain::model::item_line::{pack, unpack};
    use crate::entity::kinds::{Channel, Direction, HistoryKind};
    use crate::error::Result;
    use crate::ids::{CustomerId, IdentityId, ItemId, Micros};

    fn item(kind: HistoryKind, body: Body) -> Item {
        Item {
            id: ItemId(7),
            home: CustomerId(300),
            kind,
            occurred_at: Micros(1_793_491_199_000_001),
            recorded_at: Micros(-1),
            channel: Channel::Email,
            direction: Some(Direction::Inbound),
            identity: Some(IdentityId(i64::MAX)),
            source: "a \"source\"".into(),
            source_id: Some("süß\n🚗".into()),
            body,
        }
    }

    fn items() -> [Item; 3] {
        let data = Data { subject: Some("Hello".into()), ..Data::default() };
        let email = Engagement {
            text: Some("x".repeat(300)),
            data: data.into(),
            state: Some(2),
            state_at: Micros(5),
            ..Engagement::default()
        };
        let page = PageView {
            url: "https://x.example/".into(),
            session_id: Some(String::new()),
            ..PageView::default()
        };
        let note = Engagement { text: Some("y".into()), ..Engagement::default() };
        [
            item(HistoryKind::Email, Body::Engagement(email)),
            item(HistoryKind::PageView, Body::PageView(page)),
            item(HistoryKind::Note, Body::Engagement(note)),
        ]
    }

    fn read(bytes: &[u8], columns: Columns) -> Result<Vec<Arc<Item>>> {
        let mut read = Vec::new();
        unpack(bytes, columns, &mut read).map(|()| read)
    }

    #[test]
    fn packed_items_are_what_they_were() {
        let bytes = pack(&items()).expect("packs");
        let all = read(&bytes, Columns::ALL).expect("items");
        assert!(all.iter().map(Arc::as_ref).eq(&items()), "{all:?}");
        assert_eq!(read(&[], Columns::ALL).expect("none"), []);
    }

    #[test]
    fn texts_that_are_not_asked_are_left_out() {
        let bytes = pack(&items()).expect("packs");
        let some = read(&bytes, Columns::KEY.and(Columns::TEXT)).expect("items");
        for (found, whole) in some.iter().zip(items()) {
            assert_eq!((found.id, found.occurred_at), (whole.id, whole.occurred_at));
            assert_eq!((&*found.source, &found.source_id), ("", &None));
        }
        let Body::Engagement(email) = &some[0].body else { panic!("{some:?}") };
        assert_eq!((email.text.as_ref().map(String::len), &email.data.subject), (Some(300), &None));
        let Body::PageView(page) = &some[1].body else { panic!("{some:?}") };
        assert_eq!((&*page.url, &page.session_id), ("", &None));
    }

    #[test]
    fn what_is_cut_off_or_broken_is_an_error() {
        let [email, ..] = items();
        let bytes = pack([&email]).expect("packs");
        for length in 1..bytes.len() {
            assert!(read(&bytes[..length], Columns::ALL).is_err(), "{length}");
        }
        // A kind that nobody knows.
        assert!(read(&[&[200], &bytes[1..]].concat(), Columns::ALL).is_err());
    }
}
