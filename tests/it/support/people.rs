//! What tests of merge, undo, split and erase ask of a stand.

use std::collections::{BTreeMap, BTreeSet};

use rapport::domain::identity::merge::{MergeDone, MergeRequest};
use rapport::domain::model::audit_action::AuditAction;
use rapport::domain::model::item::{Body, Engagement, Item, PageView};
use rapport::domain::model::scope::Scope;
use rapport::domain::write::item_rows;
use rapport::domain::write::unit_of_work::{UnitOfWork, Write};
use rapport::entity::kinds::{Channel, Direction, HistoryKind};
use rapport::error::{Error, Result, UserErrorCode};
use rapport::ids::{CustomerId, IdentityId, ItemId, Micros};
use rapport::store::Ending;
use rapport::store::sql::Sql;
use sea_orm::{ConnectionTrait, Database, QueryResult};

use crate::support::invariants::assert_invariants;
use crate::support::stand::{Stand, email};

/// The code of a refusal that the user can mend.
pub fn refused<T: std::fmt::Debug>(result: Result<T>) -> UserErrorCode {
    match result {
        Err(Error::User(error)) => error.code,
        other => panic!("not a user's error: {other:?}"),
    }
}

impl Stand {
    /// Strangers named by letters: a has the email a@x.org, and so on.
    pub async fn strangers(&self, scope: &Scope, letters: &str) -> Vec<CustomerId> {
        let mut customers = Vec::new();
        for letter in letters.chars() {
            customers.push(
                self.identify(scope, &[email(&format!("{letter}@x.org"))])
                    .await
                    .expect("a stranger")
                    .customer,
            );
        }
        customers
    }

    /// The identity that was sent as this.
    pub async fn identity(&self, scope: &Scope, raw: &str) -> IdentityId {
        self.one_number(scope, "SELECT id FROM identity WHERE raw_value = ", raw)
            .await
            .map(IdentityId)
            .expect("an identity that was sent")
    }

    /// The survivor of the customer of this identity.
    pub async fn survivor(&self, scope: &Scope, raw: &str) -> CustomerId {
        let text = "SELECT COALESCE(h.merged_into, h.number) FROM identity i JOIN customer_head h ON h.tenant = i.tenant AND h.number = i.home WHERE i.raw_value = ";
        self.one_number(scope, text, raw).await.map(CustomerId).expect("an identity that was sent")
    }

    /// The home of this identity.
    pub async fn home(&self, scope: &Scope, raw: &str) -> CustomerId {
        self.one_number(scope, "SELECT i.home FROM identity i WHERE i.raw_value = ", raw)
            .await
            .map(CustomerId)
            .expect("an identity that was sent")
    }

    async fn one_number(&self, scope: &Scope, text: &str, raw: &str) -> Option<i64> {
        let mut sql = self.sql();
        let tenant =
            if text.contains("identity i") { " AND i.tenant = " } else { " AND tenant = " };
        sql.push(text).bind(raw).push(tenant).bind(scope.tenant);
        self.rapport
            .store
            .one(sql)
            .await
            .expect("reads")
            .map(|row| row.try_get_by_index(0).expect("a number"))
    }

    /// The version that a client sees through this id, whatever became of it.
    pub async fn version(&self, scope: &Scope, id: CustomerId) -> Option<i64> {
        let mut sql = self.sql();
        sql.push("SELECT s.position FROM customer_head h JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) WHERE h.number = ");
        sql.bind(id).push(" AND h.tenant = ").bind(scope.tenant);
        self.rapport
            .store
            .one(sql)
            .await
            .expect("reads")
            .map(|row| row.try_get_by_index(0).expect("a number"))
    }

    pub async fn merge(&self, scope: &Scope, customers: &[CustomerId]) -> MergeDone {
        let request = MergeRequest { customers: customers.to_vec(), ..MergeRequest::default() };
        self.rapport.merge_customers(scope, request, false).await.expect("merged")
    }

    /// Messages that came through an identity, written as recording writes them.
    pub async fn messages(&self, scope: &Scope, raw: &str, texts: &[&str]) -> Vec<Item> {
        let (identity, home) = (self.identity(scope, raw).await, self.home(scope, raw).await);
        let item = |n: usize, text: &str| {
            let at = Micros(1_790_000_000_000_000 + n as i64 * 1_000_000);
            let direction =
                if n.is_multiple_of(2) { Direction::Inbound } else { Direction::Outbound };
            Item {
                id: ItemId(self.rapport.clock.next_id()),
                home,
                kind: HistoryKind::Message,
                occurred_at: at,
                recorded_at: at,
                channel: Channel::Sms,
                direction: Some(direction),
                identity: Some(identity),
                source: "test".into(),
                source_id: None,
                body: Body::Engagement(Engagement {
                    text: Some(text.into()),
                    state_at: at,
                    ..Engagement::default()
                }),
            }
        };
        let items: Vec<Item> = texts.iter().enumerate().map(|(n, text)| item(n, text)).collect();
        self.write(scope, &items).await;
        items
    }

    /// A page view that came through an identity.
    pub async fn page_view(&self, scope: &Scope, raw: &str, url: &str, title: &str) -> Item {
        let at = Micros(1_790_000_100_000_000);
        let item = Item {
            id: ItemId(self.rapport.clock.next_id()),
            home: self.home(scope, raw).await,
            kind: HistoryKind::PageView,
            occurred_at: at,
            recorded_at: at,
            channel: Channel::Web,
            direction: None,
            identity: Some(self.identity(scope, raw).await),
            source: "test".into(),
            source_id: None,
            body: Body::PageView(PageView {
                url: url.into(),
                title: Some(title.into()),
                ..PageView::default()
            }),
        };
        self.write(scope, std::slice::from_ref(&item)).await;
        item
    }

    async fn write(&self, scope: &Scope, items: &[Item]) {
        self.rapport.write(scope, Ending::Commit, &PutItems(items)).await.expect("recorded");
    }

    /// A comment of the staff on an item.
    pub async fn comment(&self, scope: &Scope, item: &Item, text: &str) {
        let id = self.rapport.clock.next_id();
        let Item { id: on, home, .. } = item;
        self.execute(&format!(
            "INSERT INTO comment (tenant, id, item, home, text, author, created_at) VALUES ({}, {id}, {on}, {home}, '{text}', 'tester', 1)",
            scope.tenant
        ))
        .await;
    }

    pub async fn check(&self, scope: &Scope) {
        assert_invariants(&self.rapport.store, scope.tenant).await;
    }

    pub fn sql(&self) -> Sql {
        self.rapport.store.sql()
    }

    /// A statement with no parameters, written straight into the store.
    pub async fn execute(&self, text: &str) {
        let connection = Database::connect(&self.store.url).await.expect("connects");
        connection.execute_unprepared(text).await.expect("runs");
    }

    pub async fn query(&self, text: &str) -> Vec<QueryResult> {
        let mut sql = self.sql();
        sql.push(text);
        self.rapport.store.all(sql).await.expect("reads")
    }

    pub async fn count(&self, text: &str) -> i64 {
        self.query(text).await[0].try_get_by_index(0).expect("a number")
    }

    /// Rows as texts, by table: what must be the same before and after. Times of change and log positions grow, and are
    /// left out.
    pub async fn dump(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut dump = BTreeMap::new();
        for (table, columns) in DUMPED {
            let texts: Vec<String> = columns
                .iter()
                .map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')"))
                .collect();
            let text = format!("SELECT {} FROM {table} ORDER BY 1", texts.join(" || '|' || "));
            let rows = self
                .query(&text)
                .await
                .iter()
                .map(|row| row.try_get_by_index(0).expect("text"))
                .collect();
            dump.insert(*table, rows);
        }
        dump
    }
}

/// Items that happened, written as recording writes them.
struct PutItems<'a>(&'a [Item]);

impl Write for PutItems<'_> {
    type Done = ();
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let (dialect, tenant, items) = (unit.dialect(), unit.tenant(), self.0);
        let homes: BTreeSet<CustomerId> = items.iter().map(|item| item.home).collect();
        unit.lock(homes.iter().copied()).await?;
        let survivor = |home: &CustomerId| {
            unit.changes.head(*home).expect("locked").merged_into.unwrap_or(*home)
        };
        let survivors: Vec<CustomerId> = homes.iter().map(survivor).collect();
        unit.lock(survivors).await?;
        for item in items {
            unit.changes.add_item(item)?;
        }
        let (pages, others): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|item| item.kind == HistoryKind::PageView);
        unit.extend((!pages.is_empty()).then(|| item_rows::page_views(dialect, tenant, &pages)));
        unit.extend((!others.is_empty()).then(|| item_rows::engagements(dialect, tenant, &others)));
        unit.extend(item_rows::words(dialect, tenant, &items.iter().collect::<Vec<_>>()));
        Ok(())
    }
}

const DUMPED: &[(&str, &[&str])] = &[
    (
        "contact",
        &[
            "number",
            "home",
            "customer",
            "email",
            "phone_number",
            "linked_id",
            "link_precedence",
            "created_at",
            "deleted_at",
        ],
    ),
    ("customer", &["number", "name", "status", "stage", "tags", "traits", "created_at"]),
    ("customer_head", &["number", "merged_into"]),
    (
        "identity",
        &[
            "id",
            "namespace",
            "match_key",
            "home",
            "contact",
            "kind",
            "value",
            "verification",
            "shared",
        ],
    ),
    ("link_evidence", &["a", "b", "rule", "source", "actor", "at"]),
    ("search_term", &["term", "field", "home"]),
    ("customer_tag", &["tag_key", "number", "tag"]),
    ("customer_trait", &["name", "value", "number"]),
    // Changes of identity are items of their own, and grow.
    (
        "engagement WHERE kind <> 7",
        &["id", "home", "occurred_at", "kind", "identity", "source_id", "text"],
    ),
    ("page_view", &["id", "home", "occurred_at", "identity", "url"]),
    ("comment", &["id", "item", "home", "text"]),
];
