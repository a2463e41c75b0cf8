//! A write that forgets what it owes to readers or to the audit does not pass, and leaves nothing behind.

use rapport::domain::model::audit_action::AuditAction;
use rapport::domain::model::scope::Scope;
use rapport::domain::write::unit_of_work::{UnitOfWork, Write};
use rapport::entity::kinds::ChangeKind;
use rapport::entity::table::Table;
use rapport::entity::{comment, identity};
use rapport::error::{Error, Result};
use rapport::ids::{CommentId, ContactNumber, CustomerId, IdentityId, ItemId, Micros};
use rapport::store::Ending;
use rapport::store::sql::{Sql, insert};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use crate::support::stand::{Stand, email};

/// What a write does, and what it leaves out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Does {
    /// A comment, and an entry of the customer's log: all that it owes.
    CommentAndLog,
    CommentOnly,
    CommentAtOnceOnly,
    IdentityWithoutSearchRows,
    NameWithoutLog,
    AuditNobodyDeclared,
    Nothing,
}

struct Careless {
    home: CustomerId,
    does: Does,
}

fn comment(unit: &UnitOfWork<'_>, home: CustomerId) -> Sql {
    let row = comment::Model {
        tenant: unit.tenant(),
        id: CommentId(7),
        item: ItemId(7),
        home,
        text: "half a write".into(),
        author: "me".into(),
        created_at: Micros(7),
        edited_at: None,
        edited_by: None,
    };
    insert::<comment::Entity>(unit.dialect(), &[row])
}

fn identity(unit: &UnitOfWork<'_>, home: CustomerId) -> Sql {
    let text = || "lost@example.com".to_string();
    let row = identity::Model {
        tenant: unit.tenant(),
        id: IdentityId(7),
        namespace: "email".into(),
        match_key: text(),
        home,
        contact: ContactNumber(home.0),
        kind: rapport::entity::kinds::IdentityKind::Email,
        value: text(),
        raw_value: text(),
        verification: rapport::entity::kinds::Verification::Claimed,
        shared: false,
        source: "api".into(),
        actor: None,
        first_seen: Micros(7),
        last_seen: Micros(7),
        other_kinds: rapport::entity::kinds::Kinds::default(),
        reread_in: None,
    };
    insert::<identity::Entity>(unit.dialect(), &[row])
}

impl Careless {
    async fn go(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        unit.lock([self.home]).await?;
        match self.does {
            Does::CommentAndLog => {
                let sql = comment(unit, self.home);
                unit.push(sql);
                unit.changes.log(self.home, ChangeKind::Profile, None)?;
            }
            Does::CommentOnly => {
                let sql = comment(unit, self.home);
                unit.push(sql);
            }
            Does::CommentAtOnceOnly => {
                let sql = comment(unit, self.home);
                unit.run(sql).await?;
            }
            Does::IdentityWithoutSearchRows => {
                let sql = identity(unit, self.home);
                unit.push(sql);
                unit.changes.log(self.home, ChangeKind::Identified, None)?;
            }
            Does::NameWithoutLog => {
                use rapport::entity::customer::{Column, Entity};
                let update = Entity::update_of(unit.tenant())
                    .filter(Column::Number.eq(self.home))
                    .col_expr(Column::Name, "Half".into());
                unit.push(Sql::from_query(unit.dialect(), &update));
            }
            Does::AuditNobodyDeclared => {
                unit.audit(AuditAction::Merge, None, &json!({}));
                unit.changes.log(self.home, ChangeKind::Profile, None)?;
            }
            Does::Nothing => {}
        }
        Ok(())
    }
}

impl Write for Careless {
    type Done = ();

    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        self.go(unit).await
    }
}

/// The same, but it promises a line in the audit log, which it never writes.
struct Unaudited(Careless);

impl Write for Unaudited {
    type Done = ();

    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateCustomer);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        self.0.go(unit).await
    }
}

/// What the store holds of a tenant: comments, identities, named customers, entries of the log.
async fn state(stand: &Stand, scope: &Scope) -> Vec<i64> {
    let mut counts = Vec::new();
    for of in
        ["comment", "identity", "customer WHERE name IS NOT NULL AND tenant", "change", "audit"]
    {
        let mut sql = stand.rapport.store.sql();
        let (table, tenant) =
            of.split_once(" WHERE ").map_or((of, "tenant"), |(table, rest)| (table, rest));
        sql.push(&format!("SELECT COUNT(*) FROM {table} WHERE {tenant} = ")).bind(scope.tenant);
        let row = stand.rapport.store.one(sql).await.expect("reads").expect("a row");
        counts.push(rapport::store::row::get(&row, 0).expect("a number"));
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_forgets_does_not_pass_and_leaves_nothing_behind() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let home =
        stand.identify(&scope, &[email("ada@example.com")]).await.expect("identifies").customer;
    let before = state(&stand, &scope).await;
    let forgetful = [
        (Does::CommentOnly, "the change log: it wrote comment"),
        (Does::CommentAtOnceOnly, "the change log: it wrote comment"),
        (Does::IdentityWithoutSearchRows, "the search rows: it inserted identity"),
        (Does::NameWithoutLog, "the change log: it wrote customer"),
        (Does::AuditNobodyDeclared, "to declare what it audits"),
    ];
    for (does, forgot) in forgetful {
        let done = stand.rapport.write(&scope, Ending::Commit, &Careless { home, does }).await;
        assert!(
            matches!(&done, Err(Error::Internal(why)) if why.ends_with(forgot)),
            "{does:?}: {done:?}"
        );
        assert_eq!(state(&stand, &scope).await, before, "{does:?}");
    }
    let unaudited = Unaudited(Careless { home, does: Does::CommentAndLog });
    let done = stand.rapport.write(&scope, Ending::Commit, &unaudited).await;
    assert!(
        matches!(&done, Err(Error::Internal(why)) if why.contains("the audit log")),
        "{done:?}"
    );
    assert_eq!(state(&stand, &scope).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_owes_nothing_or_gives_all_passes_and_tells_readers() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let home =
        stand.identify(&scope, &[email("ada@example.com")]).await.expect("identifies").customer;
    let before = state(&stand, &scope).await;
    let nothing = Unaudited(Careless { home, does: Does::Nothing });
    stand.rapport.write(&scope, Ending::Commit, &nothing).await.expect("nothing is owed");
    assert_eq!(state(&stand, &scope).await, before);

    let mut told = stand.rapport.bus.watch_customer(scope.tenant, home);
    let whole = Careless { home, does: Does::CommentAndLog };
    stand.rapport.write(&scope, Ending::RollBack, &whole).await.expect("rehearses");
    assert_eq!(state(&stand, &scope).await, before, "a rehearsal changes nothing");
    stand.rapport.write(&scope, Ending::Commit, &whole).await.expect("writes");
    told.changed().await;
    let after = state(&stand, &scope).await;
    assert_eq!((after[0], after[3]), (before[0] + 1, before[3] + 1));
}
