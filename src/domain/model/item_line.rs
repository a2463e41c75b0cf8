//! An item as its columns: read from a row, or as a list of all of them.

use sea_orm::QueryResult;
use serde::ser::SerializeTuple;
use serde::{Deserialize, Serialize, Serializer};

use crate::domain::model::item::{Body, Data, Engagement, Item, PageView};
use crate::domain::model::item_columns::WIDTH;
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId, ItemId, Micros};
use crate::store::row::{get, kind, maybe};

/// The columns of an item, from a row or a line.
#[derive(Deserialize)]
pub struct Line {
    kind: i16,
    id: i64,
    home: i64,
    occurred_at: i64,
    recorded_at: i64,
    channel: i16,
    direction: Option<i16>,
    identity: Option<i64>,
    source: String,
    source_id: Option<String>,
    c1: Option<String>,
    c2: Option<String>,
    c3: Option<String>,
    state: Option<i16>,
    state_at: i64,
    duration: Option<i64>,
    c4: Option<String>,
    c5: Option<String>,
    c6: Option<String>,
    c7: Option<String>,
}

impl TryFrom<Line> for Item {
    type Error = Error;

    fn try_from(line: Line) -> Result<Item> {
        let channel = kind(line.channel.into(), Channel::from_number)?;
        let kind = kind(line.kind.into(), HistoryKind::from_number)?;
        let unreadable = |error| Error::Internal(format!("item data: {error}"));
        let body = if kind == HistoryKind::PageView {
            let correction = line.c7.map(|json| serde_json::from_str(&json)).transpose();
            Body::PageView(PageView {
                category: line.c1,
                title: line.c2,
                url: line.c3.unwrap_or_default(),
                object_id: line.c4,
                session_id: line.c5,
                description: line.c6,
                correction: correction.map_err(unreadable)?,
            })
        } else {
            Body::Engagement(Engagement {
                record_type: line.c1,
                text: line.c2,
                data: match line.c3 {
                    Some(json) => serde_json::from_str(&json).map_err(unreadable)?,
                    None => Data::default(),
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
            source: line.source,
            source_id: line.source_id,
            body,
        })
    }
}

impl Serialize for Line {
    /// As a list: what is read is one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_tuple(WIDTH)?;
        list.serialize_element(&self.kind)?;
        list.serialize_element(&self.id)?;
        list.serialize_element(&self.home)?;
        list.serialize_element(&self.occurred_at)?;
        list.serialize_element(&self.recorded_at)?;
        list.serialize_element(&self.channel)?;
        list.serialize_element(&self.direction)?;
        list.serialize_element(&self.identity)?;
        list.serialize_element(&self.source)?;
        list.serialize_element(&self.source_id)?;
        list.serialize_element(&self.c1)?;
        list.serialize_element(&self.c2)?;
        list.serialize_element(&self.c3)?;
        list.serialize_element(&self.state)?;
        list.serialize_element(&self.state_at)?;
        list.serialize_element(&self.duration)?;
        list.serialize_element(&self.c4)?;
        list.serialize_element(&self.c5)?;
        list.serialize_element(&self.c6)?;
        list.serialize_element(&self.c7)?;
        list.end()
    }
}

impl Line {
    /// All columns of an item.
    pub fn of(item: &Item) -> Line {
        let line = Line {
            kind: item.kind.number(),
            id: item.id.0,
            home: item.home.0,
            occurred_at: item.occurred_at.0,
            recorded_at: item.recorded_at.0,
            channel: item.channel.number(),
            direction: item.direction.map(Direction::number),
            identity: item.identity.map(|identity| identity.0),
            source: item.source.clone(),
            source_id: item.source_id.clone(),
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
                c1: body.record_type.clone(),
                c2: body.text.clone(),
                c3: body.data.to_json(),
                state: body.state,
                state_at: body.state_at.0,
                duration: body.duration,
                ..line
            },
            Body::PageView(page) => Line {
                c1: page.category.clone(),
                c2: page.title.clone(),
                c3: Some(page.url.clone()),
                c4: page.object_id.clone(),
                c5: page.session_id.clone(),
                c6: page.description.clone(),
                c7: page.correction_json(),
                ..line
            },
        }
    }
}

impl Item {
    /// Reads a whole item whose columns begin at `at`.
    pub fn read(row: &QueryResult, at: usize) -> Result<Item> {
        Item::try_from(Line {
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
