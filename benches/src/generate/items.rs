//! Engagements and page views, in the order in which they happened to be recorded.

use rapport::domain::model::customer::Counts;
use rapport::domain::model::item::{Body, Data, Engagement, Item, PageView};
use rapport::domain::tenant::page_rule::PageRules;
use rapport::domain::write::item_rows::joined_words;
use rapport::entity::kinds::{Channel, Direction, HistoryKind};
use rapport::ids::{CustomerId, IdentityId, ItemId, Micros};

use crate::generate::people::{HOT, ORDINARY, Person, Plan, id_at, scope};
use crate::generate::rows::{Cell, Format, Rows};
use crate::generate::words::Corpus;
use crate::rng::Rng;

pub const ENGAGEMENT: (&str, &str) = (
    "engagement",
    "tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data",
);
pub const PAGE_VIEW: (&str, &str) = (
    "page_view",
    "tenant, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category, object_id, session_id, description",
);
pub const SQLITE_WORDS: (&str, &str) = ("item_words", "rowid, words, scope");
pub const CHANGE: (&str, &str) =
    ("change", "tenant, customer, position, kind, item, item_kind, at");
pub const HEAD: (&str, &str) = (
    "customer_head",
    "tenant, number, merged_into, position, shape, floor, list_seen, last_seen, last_inbound, last_outbound, counts",
);

const RECORDS: [&str; 4] = ["order", "ticket", "visit", "lead"];
const PAGE: u32 = 1 << 31;

/// When, and whose; the highest bit says page view.
pub type Event = (i64, u32);

impl Plan {
    /// Engagements and page views of a customer: few have most.
    pub fn loads(&self, i: usize) -> (usize, usize) {
        match i {
            HOT => return (66_667, 33_333),
            _ if i < ORDINARY => return (30, 20),
            _ => {}
        }
        let rank = (i.wrapping_mul(7_368_787).wrapping_add(11) % self.customers) + 1;
        let weight = 5.0 * (self.customers as f64 / rank as f64).powf(0.75);
        let mut rng = self.rng(3, i);
        let engagements = ((weight * (0.7 + 0.6 * rng.unit())) as usize).min(20_000);
        (engagements, ((engagements as f64) * (0.2 + 0.6 * rng.unit())) as usize)
    }

    /// Everything that happened, oldest first.
    pub fn events(&self, people: &[Person]) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::with_capacity(people.len() * 30);
        for (i, person) in people.iter().enumerate() {
            let (engagements, views) = self.loads(i);
            let mut rng = self.rng(4, i);
            let span = (self.now - person.created - 1_000_000) as f64;
            for n in 0..engagements + views {
                let at = person.created + 1_000_000 + (span * rng.unit().powf(0.7)) as i64;
                events.push((at, i as u32 | if n >= engagements { PAGE } else { 0 }));
            }
        }
        events.sort_unstable();
        events
    }
}

/// One event as an item.
pub fn item(plan: &Plan, corpus: &Corpus, people: &[Person], n: usize, event: Event) -> Item {
    let mut rng = plan.rng(5, n);
    let person = &people[(event.1 & !PAGE) as usize];
    let recorded = event.0 + 20_000 + rng.below(400_000) as i64;
    let (kind, record) = kind_of(&mut rng, event);
    let occurred = Micros(event.0);
    let direction = match kind {
        HistoryKind::Note | HistoryKind::PageView => None,
        HistoryKind::Record => rng.percent(50).then_some(Direction::Inbound),
        _ => Some(if rng.percent(60) { Direction::Inbound } else { Direction::Outbound }),
    };
    let mut engagement = Engagement { state_at: occurred, ..Engagement::default() };
    let (channel, source) = match kind {
        HistoryKind::Message => {
            engagement.text = Some(corpus.text(&mut rng, 4, 22));
            engagement.state = Some([2, 3, 4, 4][rng.below(4)]);
            (
                [Channel::Sms, Channel::Whatsapp, Channel::Whatsapp, Channel::Instagram]
                    [rng.below(4)],
                "messaging",
            )
        }
        HistoryKind::Call => {
            engagement.state = Some([3, 3, 3, 4, 5][rng.below(5)]);
            engagement.duration = (engagement.state == Some(3)).then(|| 10 + rng.below(900) as i64);
            (Channel::Voice, "telephony")
        }
        HistoryKind::Email => {
            engagement.data =
                Data { subject: Some(corpus.text(&mut rng, 3, 9)), ..Data::default() }.into();
            engagement.text = Some(corpus.text(&mut rng, 15, 60));
            engagement.state = Some([3, 4, 5, 6][rng.below(4)]);
            (Channel::Email, "mail")
        }
        HistoryKind::Note => {
            engagement.text = Some(corpus.text(&mut rng, 5, 30));
            (Channel::Internal, "desk")
        }
        HistoryKind::Record => {
            engagement.record_type = Some(RECORDS[record].into());
            engagement.data = Data {
                record_id: Some(format!("{}-{n}", RECORDS[record])),
                record_state: Some(["open", "paid", "closed"][rng.below(3)].into()),
                ..Data::default()
            }
            .into();
            engagement.text = rng.percent(50).then(|| corpus.text(&mut rng, 3, 12));
            (Channel::Web, "shop")
        }
        _ => (Channel::Web, "web"),
    };
    let body = if kind == HistoryKind::PageView {
        let object = rng.below(5_000);
        let url = match rng.below(3) {
            0 => format!("https://shop.example/products/{object}"),
            1 => format!("https://shop.example/blog/{object}?utm_source=mail"),
            _ => format!("https://shop.example/category/{}", object % 40),
        };
        let page = PageRules::default().page(&url);
        Body::PageView(PageView {
            title: Some(corpus.text(&mut rng, 2, 6)),
            category: page.category,
            object_id: page.object,
            session_id: Some(format!("s{:x}", rng.next() >> 24)),
            description: None,
            url,
            correction: None,
        })
    } else {
        Body::Engagement(engagement)
    };
    let through = match kind {
        HistoryKind::Message | HistoryKind::Call if person.line != 0 => person.line,
        HistoryKind::Note => 0,
        _ if person.email != 0 => person.email,
        _ => person.line,
    };
    Item {
        id: ItemId(id_at(recorded, n as u64)),
        home: CustomerId(person.number),
        kind,
        occurred_at: occurred,
        recorded_at: Micros(recorded),
        channel,
        direction,
        identity: (through != 0).then_some(IdentityId(through)),
        source: source.into(),
        source_id: (kind != HistoryKind::Note && kind != HistoryKind::PageView)
            .then(|| format!("{source}-{n:x}")),
        body,
    }
}

fn kind_of(rng: &mut Rng, event: Event) -> (HistoryKind, usize) {
    if event.1 & PAGE != 0 {
        return (HistoryKind::PageView, 0);
    }
    let kind = match rng.below(100) {
        0..=44 => HistoryKind::Message,
        45..=59 => HistoryKind::Call,
        60..=79 => HistoryKind::Email,
        80..=84 => HistoryKind::Note,
        _ => HistoryKind::Record,
    };
    (kind, rng.below(RECORDS.len()))
}

/// The rows of a block of items: engagements, page views, SQLite's words, changes.
pub struct Block {
    pub rows: [Rows; 4],
    /// Who, and what the heads must know of it.
    pub tallies: Vec<(u32, Tally)>,
}

#[derive(Clone, Copy, Debug)]
pub struct Tally {
    pub slot: usize,
    pub at: i64,
    pub direction: Option<Direction>,
}

impl Block {
    /// `positions` holds the live position of each item that the log still has, and its survivor's number.
    pub fn of(
        plan: &Plan,
        corpus: &Corpus,
        people: &[Person],
        first: usize,
        events: &[Event],
        positions: &[Option<(i64, i64)>],
    ) -> Block {
        let mut block = Block {
            rows: std::array::from_fn(|_| Rows::new(plan.format)),
            tallies: Vec::with_capacity(events.len()),
        };
        let scope = scope(plan.tenant);
        for (k, event) in events.iter().enumerate() {
            let item = item(plan, corpus, people, first + k, *event);
            block.add(plan, &scope, &item);
            block.tallies.push((
                event.1 & !PAGE,
                Tally { slot: slot(&item), at: item.occurred_at.0, direction: item.direction },
            ));
            if let Some((survivor, position)) = positions[k] {
                block.rows[3].push(&[
                    plan.tenant.into(),
                    survivor.into(),
                    position.into(),
                    Cell::Small(2),
                    item.id.0.into(),
                    Cell::Small(item.kind.number()),
                    item.recorded_at.0.into(),
                ]);
            }
        }
        block
    }

    fn add(&mut self, plan: &Plan, scope: &str, item: &Item) {
        let words = joined_words(item);
        let common: [Cell<'_>; 5] = [
            plan.tenant.into(),
            item.id.0.into(),
            item.home.0.into(),
            item.occurred_at.0.into(),
            item.recorded_at.0.into(),
        ];
        let through: [Cell<'_>; 5] = [
            Cell::Small(item.channel.number()),
            item.direction.map(Direction::number).into(),
            item.identity.map(|id| id.0).into(),
            (&item.source).into(),
            item.source_id.as_ref().into(),
        ];
        let mut cells: Vec<Cell<'_>> = Vec::with_capacity(18);
        cells.extend(common);
        let data;
        let rows = match &item.body {
            Body::Engagement(engagement) => {
                data = engagement.data.to_json();
                cells.push(Cell::Small(item.kind.number()));
                cells.extend(through);
                cells.extend::<[Cell<'_>; 6]>([
                    engagement.record_type.as_ref().into(),
                    engagement.state.into(),
                    engagement.state_at.0.into(),
                    engagement.duration.into(),
                    engagement.text.as_ref().into(),
                    data.as_ref().into(),
                ]);
                &mut self.rows[0]
            }
            Body::PageView(page) => {
                cells.extend(through);
                cells.extend::<[Cell<'_>; 6]>([
                    (&page.url).into(),
                    page.title.as_ref().into(),
                    page.category.as_ref().into(),
                    page.object_id.as_ref().into(),
                    page.session_id.as_ref().into(),
                    page.description.as_ref().into(),
                ]);
                &mut self.rows[1]
            }
        };
        if plan.format == Format::Copy {
            cells.push(words.as_deref().map_or(Cell::Null, Cell::Words));
        }
        rows.push(&cells);
        if let (Format::Json, Some(words)) = (plan.format, &words) {
            self.rows[2].push(&[item.id.0.into(), words.into(), scope.into()]);
        }
    }
}

const SLOTS: [(HistoryKind, Option<&str>); 9] = [
    (HistoryKind::Message, None),
    (HistoryKind::Call, None),
    (HistoryKind::Email, None),
    (HistoryKind::PageView, None),
    (HistoryKind::Note, None),
    (HistoryKind::Record, Some(RECORDS[0])),
    (HistoryKind::Record, Some(RECORDS[1])),
    (HistoryKind::Record, Some(RECORDS[2])),
    (HistoryKind::Record, Some(RECORDS[3])),
];

fn slot(item: &Item) -> usize {
    SLOTS
        .iter()
        .position(|slot| *slot == (item.kind, item.record_type()))
        .expect("every generated kind has its slot")
}

/// What is counted of a home.
#[derive(Clone, Debug, Default)]
pub struct Book {
    counts: [(u32, i64); SLOTS.len()],
    last: i64,
    inbound: i64,
    outbound: i64,
    /// Of a survivor: its position, and how much of its log is gone.
    pub position: i64,
    pub floor: i64,
    pub list_seen: i64,
    pub merged: bool,
}

impl Book {
    /// The first position is the creation's.
    pub fn new() -> Self {
        Book { position: 1, floor: 1, ..Book::default() }
    }

    pub fn add(&mut self, tally: Tally) {
        let (count, last) = &mut self.counts[tally.slot];
        *count += 1;
        *last = (*last).max(tally.at);
        self.last = self.last.max(tally.at);
        match tally.direction {
            Some(Direction::Inbound) => self.inbound = self.inbound.max(tally.at),
            Some(Direction::Outbound) => self.outbound = self.outbound.max(tally.at),
            None => {}
        }
    }

    pub fn seen(&self) -> i64 {
        self.last
    }

    pub fn row(&self, plan: &Plan, people: &[Person], i: usize, rows: &mut Rows) {
        let person = &people[i];
        let mut counts = Counts::default();
        for ((kind, record), (count, last)) in SLOTS.iter().zip(&self.counts) {
            if *count > 0 {
                counts.add(*kind, *record, i64::from(*count), Micros(*last));
            }
        }
        let survives = person.survivor as usize == i;
        let time = |at: i64| (at != 0).then_some(at);
        rows.push(&[
            plan.tenant.into(),
            person.number.into(),
            (!survives).then(|| people[person.survivor as usize].number).into(),
            self.position.into(),
            Cell::Big(i64::from(self.merged || !survives)),
            self.floor.into(),
            survives.then_some(self.list_seen.max(person.created)).into(),
            time(self.last).into(),
            time(self.inbound).into(),
            time(self.outbound).into(),
            (&counts.to_json()).into(),
        ]);
    }
}
