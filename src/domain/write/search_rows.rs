//! The rows by which search finds a home, gathered over one transaction and written with it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;
use serde_json::{Map, Value as Json};

use crate::domain::identifier::Identifier;
use crate::domain::text::{
    SearchField, age, fold, terms_of_identifier, terms_of_name, terms_of_traits,
};
use crate::domain::write::customer_changes::CustomerChanges;
use crate::domain::write::name_words::{self, Named};
use crate::entity::search_term;
use crate::ids::{CustomerId, TenantId};
use crate::store::Dialect;
use crate::store::sql::{CellType, Sql, insert, insert_cells};

#[derive(Debug, Default)]
pub struct SearchRows {
    terms: BTreeSet<(CustomerId, SearchField, String)>,
    gone: BTreeSet<(CustomerId, SearchField, String)>,
    /// Words for the fragments' index; whether the home is new.
    docs: BTreeMap<CustomerId, (String, bool)>,
    /// Whether some are stored already.
    flushed: bool,
}

impl SearchRows {
    pub fn identifier(&mut self, home: CustomerId, identifier: &Identifier, new_home: bool) {
        self.terms.extend(
            terms_of_identifier(identifier).into_iter().map(|(field, term)| (home, field, term)),
        );
        self.doc(home, &identifier.value, new_home);
    }

    /// A number of the home is another one now: the words of the one before go, but for those that others of the home,
    /// which are left, have as well.
    pub fn renewed(
        &mut self,
        home: CustomerId,
        before: &Identifier,
        now: &Identifier,
        left: &[&Identifier],
    ) {
        self.identifier(home, now, false);
        let kept: BTreeSet<(SearchField, String)> =
            left.iter().copied().chain([now]).flat_map(terms_of_identifier).collect();
        let gone = terms_of_identifier(before).into_iter().filter(|term| !kept.contains(term));
        self.gone.extend(gone.map(|(field, term)| (home, field, term)));
    }

    /// An identifier leaves the home: its words go, but for those that others of the home, which are left, have as well.
    pub fn removed(&mut self, home: CustomerId, gone: &Identifier, left: &[&Identifier]) {
        let kept: BTreeSet<(SearchField, String)> =
            left.iter().copied().flat_map(terms_of_identifier).collect();
        let gone = terms_of_identifier(gone).into_iter().filter(|term| !kept.contains(term));
        self.gone.extend(gone.map(|(field, term)| (home, field, term)));
    }

    /// The words of a name come, those of the one before go.
    pub fn name(
        &mut self,
        home: CustomerId,
        before: Option<&str>,
        name: Option<&str>,
        new_home: bool,
    ) {
        let terms = |name: Option<&str>| name.map(terms_of_name).unwrap_or_default();
        self.replace(home, terms(before), terms(name));
        if let Some(name) = name {
            self.doc(home, name, new_home);
        }
    }

    /// The words of traits, which are JSON objects, come, those of the ones before go.
    pub fn traits(&mut self, home: CustomerId, before: Option<&str>, traits: Option<&str>) {
        let terms = |traits: Option<&str>| {
            let traits = traits.filter(|traits| *traits != "{}");
            let traits =
                traits.and_then(|json| serde_json::from_str::<Map<String, Json>>(json).ok());
            traits.as_ref().map(terms_of_traits).unwrap_or_default()
        };
        self.replace(home, terms(before), terms(traits));
    }

    /// What is only in the second list comes, what is only in the first goes.
    fn replace(
        &mut self,
        home: CustomerId,
        before: Vec<(SearchField, String)>,
        now: Vec<(SearchField, String)>,
    ) {
        let of_home = |terms: Vec<(SearchField, String)>| {
            terms.into_iter().map(|(field, term)| (home, field, term)).collect::<BTreeSet<_>>()
        };
        let (before, now) = (of_home(before), of_home(now));
        for term in before.difference(&now) {
            self.terms.remove(term);
            self.gone.insert(term.clone());
        }
        for term in now.difference(&before) {
            self.gone.remove(term);
            self.terms.insert(term.clone());
        }
    }

    /// Old words may stay in the fragments' index: what it finds is compared with the person again.
    fn doc(&mut self, home: CustomerId, text: &str, new_home: bool) {
        let doc = self.docs.entry(home).or_insert_with(|| (String::new(), new_home));
        doc.0.push(' ');
        doc.0.push_str(&fold(text));
    }

    /// A home that begins, or begins anew, without a word.
    pub fn begin(&mut self, home: CustomerId) {
        self.doc(home, "", true);
    }

    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.gone.is_empty() && self.docs.is_empty()
    }

    /// The statements that take away the terms of these homes and what is looked through for fragments of theirs. They run
    /// before [`SearchRows::flush`], never together with it.
    pub(super) fn forget(
        dialect: Dialect,
        tenant: TenantId,
        homes: &BTreeSet<CustomerId>,
    ) -> Vec<Sql> {
        let list = || homes.iter().map(|home| home.0);
        let mut terms = Sql::new(dialect);
        terms
            .push("DELETE FROM search_term WHERE tenant = ")
            .bind(tenant)
            .push(" AND home")
            .among(list());
        let mut docs = Sql::new(dialect);
        docs.push("DELETE FROM search_doc WHERE ");
        if dialect.is_postgres() {
            docs.push("tenant = ").bind(tenant).push(" AND home").among(list());
        } else {
            docs.push("rowid").among(list()).push(" AND scope = ").bind(scope_word(tenant));
        }
        vec![terms, docs]
    }

    /// What runs before [`SearchRows::flush`], where words of names go.
    pub(super) fn lock(&self, dialect: Dialect, tenant: TenantId) -> Option<Sql> {
        let gone = named(&self.gone);
        let goes = dialect.has_name_words() && !gone.is_empty();
        goes.then(|| name_words::lock(dialect, tenant, &gone))
    }

    /// The statements that store what was gathered since the last time, under the survivors that the locked heads tell.
    pub fn flush(
        &mut self,
        dialect: Dialect,
        tenant: TenantId,
        changes: &CustomerChanges,
    ) -> Vec<Sql> {
        let row = |(home, field, term): (CustomerId, SearchField, String)| {
            let person = changes.survivor(home).unwrap_or(home);
            let seen = changes.head(person).ok().and_then(|head| head.list_seen);
            search_term::Model { tenant, home, term, field: field.number(), person, age: age(seen) }
        };
        let mut statements = Vec::new();
        if dialect.has_name_words() {
            statements.extend(self.name_words(dialect, tenant));
        }
        let new: Vec<_> = std::mem::take(&mut self.terms).into_iter().map(row).collect();
        let gone: Vec<_> = std::mem::take(&mut self.gone).into_iter().map(row).collect();
        if !new.is_empty() {
            let mut sql = insert::<search_term::Entity>(dialect, &new);
            // A home that is new has none yet. Looking for a conflict costs PostgreSQL a further record for each row.
            let begins = |home| self.docs.get(&home).is_some_and(|(_, new_home)| *new_home);
            if self.flushed || !new.iter().all(|row| begins(row.home)) {
                sql.push(" ON CONFLICT DO NOTHING");
            }
            statements.push(sql);
        }
        self.flushed = true;
        if !gone.is_empty() {
            let rows: Vec<Vec<Value>> = gone
                .into_iter()
                .map(|row| vec![row.home.into(), row.term.into(), row.field.into()])
                .collect();
            let mut sql = Sql::new(dialect);
            sql.push("DELETE FROM search_term WHERE tenant = ")
                .bind(tenant)
                .push(" AND (home, term, field) IN (SELECT column1, column2")
                .push(dialect.bytewise())
                .push(", column3 FROM ")
                .rows(&[CellType::Big, CellType::Text, CellType::Small], &rows)
                .push(" AS gone)");
            statements.push(sql);
        }
        let docs = std::mem::take(&mut self.docs);
        if !docs.is_empty() {
            statements.extend(if dialect.is_postgres() {
                docs_on_postgres(tenant, docs)
            } else {
                docs_on_sqlite(tenant, docs)
            });
        }
        statements
    }

    /// The statements for the words of names that come and go.
    fn name_words(&self, dialect: Dialect, tenant: TenantId) -> Vec<Sql> {
        let new = named(&self.terms);
        let new: BTreeSet<&str> = new.iter().map(|(_, word)| word.as_str()).collect();
        let mut gone = named(&self.gone);
        gone.retain(|(_, word)| !new.contains(word.as_str()));
        let mut statements = Vec::new();
        if !new.is_empty() {
            statements.push(name_words::add(dialect, tenant, &new));
        }
        if !gone.is_empty() {
            statements.push(name_words::remove(dialect, tenant, &gone));
        }
        statements
    }
}

/// The words of names among terms.
fn named(terms: &BTreeSet<(CustomerId, SearchField, String)>) -> BTreeSet<Named> {
    let names = terms.iter().filter(|(_, field, _)| *field == SearchField::Name);
    names.map(|(home, _, word)| (*home, word.clone())).collect()
}

type Docs = BTreeMap<CustomerId, (String, bool)>;

/// PostgreSQL: what comes to a home is a row of its own, since a longer text would be indexed anew as a whole.
fn docs_on_postgres(tenant: TenantId, docs: Docs) -> Vec<Sql> {
    let names = [("tenant", CellType::Big), ("home", CellType::Big), ("words", CellType::Text)];
    let rows: Vec<Vec<Value>> = docs
        .into_iter()
        .map(|(home, (words, _))| vec![tenant.0.into(), home.0.into(), words.into()])
        .collect();
    vec![insert_cells(Dialect::Postgres, "search_doc", &names, rows)]
}

/// SQLite's full-text tables know no conflict: new rows are inserted, others are updated one by one.
fn docs_on_sqlite(tenant: TenantId, docs: Docs) -> Vec<Sql> {
    let (new, old): (Docs, Docs) = docs.into_iter().partition(|(_, (_, new))| *new);
    let mut statements = Vec::new();
    if !new.is_empty() {
        let names =
            [("rowid", CellType::Big), ("words", CellType::Text), ("scope", CellType::Text)];
        let rows: Vec<Vec<Value>> = new
            .into_iter()
            .map(|(home, (words, _))| vec![home.0.into(), words.into(), scope_word(tenant).into()])
            .collect();
        statements.push(insert_cells(Dialect::Sqlite, "search_doc", &names, rows));
    }
    for (home, (words, _)) in old {
        let mut sql = Sql::new(Dialect::Sqlite);
        sql.push("UPDATE search_doc SET words = words || ")
            .bind(words)
            .push(" WHERE rowid = ")
            .bind(home)
            .push(" AND scope = ")
            .bind(scope_word(tenant));
        statements.push(sql);
    }
    statements
}

/// The tenant as a word of SQLite's full-text tables.
pub fn scope_word(tenant: TenantId) -> String {
    format!("tenant{:06}", tenant.0)
}
