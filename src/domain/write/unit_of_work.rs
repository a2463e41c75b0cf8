//! The unit of work: the one way in which the domain writes.
//!
//! A write is a value that implements [`Write`]; [`Rapport::write`] runs it in a transaction, tries it again where it met
//! another one, stores what it gathered (statements, changes of customers, search rows, audit), commits, and tells
//! readers. A write that leaves one of these out does not pass: see [`obligations`](crate::domain::write::obligations).

use sea_orm::{EntityTrait, QueryResult, Select};
use serde_json::Value as Json;

use crate::bus::Moved;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::Item;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::audit::audit_row;
use crate::domain::write::customer_changes::CustomerChanges;
use crate::domain::write::item_rows;
use crate::domain::write::label_rows::LabelRows;
use crate::domain::write::obligations::{Written, only_reads};
use crate::domain::write::search_rows::SearchRows;
use crate::entity::audit;
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::request_notes::carried;
use crate::store::row_statement::RowStatement;
use crate::store::sql::Sql;
use crate::store::{Dialect, Ending, Held, Transaction, Work};

/// Something that is written: it borrows what it needs, and is applied again from the start where it met another write.
pub trait Write: Sync {
    /// What the caller gets.
    type Done: Send;

    /// The line that it leaves in the audit log whenever it writes; `None` for the everyday.
    const AUDIT: Option<AuditAction>;

    fn apply(&self, unit: &mut UnitOfWork<'_>) -> impl Future<Output = Result<Self::Done>> + Send;
}

impl Rapport {
    /// Applies a write, commits it and tells readers; a rehearsal ([`Ending::RollBack`]) changes nothing. Must not be
    /// dropped half-way.
    pub async fn write<W: Write>(
        &self,
        scope: &Scope,
        ending: Ending,
        write: &W,
    ) -> Result<W::Done> {
        let attempt = Attempt { rapport: self, scope, write };
        let (done, moved) = self.store.transact(ending, &attempt).await?;
        if let Some(moved) = moved.filter(|_| ending == Ending::Commit) {
            self.bus.publish(&moved);
        }
        Ok(done)
    }
}

/// What writes, in a task of its own: it runs to its end, also when the caller goes away. For callers that are no mutation.
pub async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    tokio::spawn(carried(work)).await.map_err(|error| Error::Internal(error.to_string()))?
}

struct Attempt<'a, W> {
    rapport: &'a Rapport,
    scope: &'a Scope,
    write: &'a W,
}

impl<W: Write> Work for Attempt<'_, W> {
    type Done = (W::Done, Option<Moved>);

    async fn run(&self, tx: &Transaction) -> Result<Self::Done> {
        let mut unit = UnitOfWork::new(self.rapport, self.scope, tx);
        let done = self.write.apply(&mut unit).await?;
        let moved = unit.finish(W::AUDIT).await?;
        Ok((done, moved))
    }
}

/// A statement that is stored at the end.
enum Stored {
    One(Sql),
    Rows(RowStatement),
}

impl Stored {
    fn sql(self, dialect: Dialect) -> Sql {
        match self {
            Stored::One(sql) => sql,
            Stored::Rows(rows) => rows.sql(dialect),
        }
    }
}

/// One attempt at a write: its transaction, and what is stored with it at the end.
pub struct UnitOfWork<'a> {
    pub rapport: &'a Rapport,
    pub scope: &'a Scope,
    /// The time of the write.
    pub now: Micros,
    /// Locked heads, and what the logs of customers gain.
    pub changes: CustomerChanges,
    /// The rows by which search finds a home, and those by which filters find a customer.
    pub search: SearchRows,
    pub labels: LabelRows,
    tx: &'a Transaction,
    statements: Vec<Stored>,
    /// Changes of identity, which are items of the history: stored at the end, all in one statement.
    pub(super) identity_items: Vec<Item>,
    written: Written,
}

impl<'a> UnitOfWork<'a> {
    fn new(rapport: &'a Rapport, scope: &'a Scope, tx: &'a Transaction) -> Self {
        let now = rapport.clock.now();
        UnitOfWork {
            rapport,
            scope,
            now,
            changes: CustomerChanges::new(scope.tenant, now),
            search: SearchRows::default(),
            labels: LabelRows::default(),
            tx,
            statements: Vec::new(),
            identity_items: Vec::new(),
            written: Written::default(),
        }
    }

    pub fn tenant(&self) -> TenantId {
        self.scope.tenant
    }

    /// An empty statement in the store's dialect.
    pub fn sql(&self) -> Sql {
        self.tx.sql()
    }

    pub fn dialect(&self) -> Dialect {
        self.tx.dialect
    }

    /// Rows, as this transaction sees them. A statement that writes is refused: it would escape the obligations.
    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        only_reads(&sql)?;
        self.tx.all(sql).await
    }

    /// The same, of at most one row.
    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>> {
        only_reads(&sql)?;
        self.tx.one(sql).await
    }

    /// The rows of a statement with `RETURNING`; it has written where there are any.
    pub async fn returning(&mut self, sql: Sql) -> Result<Vec<QueryResult>> {
        let text = sql.text.clone();
        let rows = self.tx.all(sql).await?;
        if !rows.is_empty() {
            self.written.note(&text);
        }
        Ok(rows)
    }

    /// The same where rows come back that were there before: the caller tells them apart, and notes new ones by
    /// [`UnitOfWork::inserted`].
    pub(super) async fn claim(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        self.tx.all(sql).await
    }

    /// A statement that writes nothing but what follows from what is stored, such as keys and words of an index: it owes
    /// nobody anything, and runs now.
    pub(super) async fn derive(&self, sql: Sql) -> Result<()> {
        self.tx.run(sql).await.map(drop)
    }

    /// Rows as they are at this moment, and may not be a moment later; see [`CustomerChanges::expect`].
    pub async fn peek(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        only_reads(&sql)?;
        self.tx.peek(sql).await
    }

    /// The rows of an entity, as this transaction sees them.
    pub async fn find<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        self.tx.find(select).await
    }

    /// Locks the heads of these homes in order of number; see [`CustomerChanges::lock`].
    pub async fn lock(&mut self, homes: impl IntoIterator<Item = CustomerId>) -> Result<()> {
        self.changes.lock(self.tx, homes).await
    }

    /// A statement that is stored at the end, in one round trip with the others where the store can. It must not
    /// read or write a row that another one writes, nor heads, logs, search rows or the audit: PostgreSQL would see the
    /// rows as they were before, and lose the second change.
    pub fn push(&mut self, sql: Sql) {
        self.written.note(&sql.text);
        self.statements.push(Stored::One(sql));
    }

    /// The same, before everything that was pushed so far.
    pub(crate) fn push_first(&mut self, sql: Sql) {
        self.written.note(&sql.text);
        self.statements.insert(0, Stored::One(sql));
    }

    /// The same of a statement over rows: what is gathered of one shape is stored as one statement.
    pub fn gather(&mut self, mut rows: RowStatement) {
        self.written.note(rows.text());
        for stored in &mut self.statements {
            let Stored::Rows(others) = stored else { continue };
            match others.take_in(rows) {
                Ok(()) => return,
                Err(back) => rows = back,
            }
        }
        self.statements.push(Stored::Rows(rows));
    }

    pub fn extend(&mut self, statements: impl IntoIterator<Item = Sql>) {
        statements.into_iter().for_each(|sql| self.push(sql));
    }

    /// A statement that others of this write build on: runs now. The rows that it affected.
    pub async fn run(&mut self, sql: Sql) -> Result<u64> {
        self.written.note(&sql.text);
        self.tx.run(sql).await
    }

    /// Runs what was pushed so far.
    pub async fn run_pushed(&mut self) -> Result<()> {
        self.tx.run_together(None, self.take_statements()).await
    }

    fn take_statements(&mut self) -> Vec<Sql> {
        let statements = std::mem::take(&mut self.statements).into_iter();
        statements.map(|stored| stored.sql(self.tx.dialect)).collect()
    }

    /// Runs what was pushed so far, and the heads and logs as they stand.
    pub async fn run_changes(&mut self) -> Result<()> {
        let (held, entries) = self.changes.flush_gains(self.tx.dialect).unzip();
        let mut statements = self.take_statements();
        statements.extend(entries);
        statements.extend(self.changes.flush(self.tx.dialect));
        self.tx.run_together(held, statements).await
    }

    /// Runs everything that was gathered so far, so that what comes next reads it.
    pub async fn run_all(&mut self) -> Result<()> {
        let (held, statements) = self.gathered().await?;
        self.tx.run_together(held, statements).await
    }

    /// All statements that were gathered since the last time.
    async fn gathered(&mut self) -> Result<(Option<Held>, Vec<Sql>)> {
        let (dialect, tenant) = (self.tx.dialect, self.scope.tenant);
        let locks = self.search.lock(dialect, tenant);
        for sql in self.changes.followed(dialect).into_iter().chain(locks) {
            self.tx.run(sql).await?;
        }
        if !self.identity_items.is_empty() {
            let items = std::mem::take(&mut self.identity_items);
            self.push(item_rows::engagements(dialect, tenant, &Vec::from_iter(&items)));
        }
        let (held, entries) = self.changes.flush_gains(dialect).unzip();
        let mut statements = self.take_statements();
        statements.extend(entries);
        statements.extend(self.changes.flush(dialect));
        statements.extend(self.labels.flush(dialect, tenant));
        let search = self.search.flush(dialect, tenant, &self.changes);
        self.written.note_search_rows(!search.is_empty());
        statements.extend(search);
        Ok((held, statements))
    }

    /// Appends to the audit log. `detail` holds ids only.
    pub fn audit(&mut self, action: AuditAction, customer: Option<CustomerId>, detail: &Json) {
        let row = audit_row(&self.rapport.clock, self.scope, action, customer, detail);
        self.gather(RowStatement::insert::<audit::Entity>(&[row], ""));
    }

    /// Notes rows that a statement with `RETURNING` turned out to have inserted.
    pub(super) fn inserted<E: Table>(&mut self) {
        self.written.note_inserted(E::shape().table);
    }

    /// Stores everything that is left; whom to tell, once it is committed.
    async fn finish(mut self, audit: Option<AuditAction>) -> Result<Option<Moved>> {
        let (held, statements) = self.gathered().await?;
        self.written.check(audit, &self.changes)?;
        self.tx.run_last(held, statements).await?;
        let (customers, calls) = (self.changes.moved(), self.changes.calls);
        let moved = Moved { tenant: self.scope.tenant, customers, calls };
        Ok((!moved.customers.is_empty()).then_some(moved))
    }
}
