//! The rows by which search finds a home, gathered over one transaction and written with it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;

use crate::domain::identifier::Identifier;
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::domain::words::{SearchField, fold, terms_of_identifier, terms_of_name};
use crate::ids::{CustomerId, TenantId};

#[derive(Debug, Default)]
pub struct Index {
    terms: BTreeSet<(CustomerId, SearchField, String)>,
    gone: BTreeSet<(CustomerId, SearchField, String)>,
    /// Words for the fragments' index; whether the home is new.
    docs: BTreeMap<CustomerId, (String, bool)>,
}

impl Index {
    pub fn identifier(&mut self, home: CustomerId, identifier: &Identifier, new_home: bool) {
        self.terms.extend(
            terms_of_identifier(identifier).into_iter().map(|(field, term)| (home, field, term)),
        );
        self.doc(home, &identifier.value, new_home);
    }

    /// The words of a name come, those of the one before go.
    pub fn name(
        &mut self,
        home: CustomerId,
        before: Option<&str>,
        name: Option<&str>,
        new_home: bool,
    ) {
        let terms = |name: Option<&str>| -> BTreeSet<(CustomerId, SearchField, String)> {
            name.map(terms_of_name)
                .unwrap_or_default()
                .into_iter()
                .map(|(field, term)| (home, field, term))
                .collect()
        };
        let (old, new) = (terms(before), terms(name));
        self.gone.extend(old.difference(&new).cloned());
        self.terms.extend(new.difference(&old).cloned());
        if let Some(name) = name {
            self.doc(home, name, new_home);
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

    /// The statements that take away everything by which these homes are found. They run before [`Index::flush`], never
    /// together with it.
    pub fn forget(tx: &Tx, tenant: TenantId, homes: &BTreeSet<CustomerId>) -> Vec<Sql> {
        let list = || homes.iter().map(|home| home.0);
        let mut terms = tx.sql();
        terms
            .push("DELETE FROM search_term WHERE tenant = ")
            .bind(tenant)
            .push(" AND home")
            .among(list());
        let mut docs = tx.sql();
        if tx.is_postgres() {
            docs.push("DELETE FROM search_doc WHERE tenant = ")
                .bind(tenant)
                .push(" AND home")
                .among(list());
        } else {
            docs.push("DELETE FROM search_doc WHERE rowid")
                .among(list())
                .push(" AND scope = ")
                .bind(scope_word(tenant));
        }
        vec![terms, docs]
    }

    pub fn flush(&self, tx: &Tx, tenant: TenantId) -> Vec<Sql> {
        let mut statements = Vec::new();
        let columns = [
            ("tenant", Column::Big),
            ("term", Column::Text),
            ("field", Column::Small),
            ("home", Column::Big),
        ];
        let row = |(home, field, term): &(CustomerId, SearchField, String)| -> Vec<Value> {
            vec![tenant.0.into(), term.clone().into(), (*field as i16).into(), home.0.into()]
        };
        if !self.terms.is_empty() {
            let rows: Vec<Vec<Value>> = self.terms.iter().map(row).collect();
            let mut sql = insert(tx.backend, "search_term", &columns, &rows);
            sql.push(" ON CONFLICT DO NOTHING");
            statements.push(sql);
        }
        if !self.gone.is_empty() {
            let rows: Vec<Vec<Value>> = self.gone.iter().map(row).collect();
            let mut sql = tx.sql();
            let bytewise = if tx.is_postgres() { " COLLATE \"C\"" } else { "" };
            sql.push("DELETE FROM search_term WHERE tenant = ").bind(tenant).push(&format!(
                " AND (term, field, home) IN (SELECT column2{bytewise}, column3, column4 FROM "
            ));
            sql.rows(&columns.map(|(_, column)| column), &rows).push(" AS gone)");
            statements.push(sql);
        }
        statements.extend(self.flush_docs(tx, tenant));
        statements
    }

    fn flush_docs(&self, tx: &Tx, tenant: TenantId) -> Vec<Sql> {
        if self.docs.is_empty() {
            return Vec::new();
        }
        if tx.is_postgres() {
            let rows: Vec<Vec<Value>> = self
                .docs
                .iter()
                .map(|(home, (words, _))| {
                    vec![tenant.0.into(), home.0.into(), words.clone().into()]
                })
                .collect();
            let mut sql = insert(
                tx.backend,
                "search_doc",
                &[("tenant", Column::Big), ("home", Column::Big), ("words", Column::Text)],
                &rows,
            );
            sql.push(" ON CONFLICT (tenant, home) DO UPDATE SET words = search_doc.words || excluded.words");
            return vec![sql];
        }
        let mut statements = Vec::new();
        let (new, old): (Vec<_>, Vec<_>) = self.docs.iter().partition(|(_, (_, new))| *new);
        if !new.is_empty() {
            let rows: Vec<Vec<Value>> = new
                .into_iter()
                .map(|(home, (words, _))| {
                    vec![home.0.into(), words.clone().into(), scope_word(tenant).into()]
                })
                .collect();
            statements.push(insert(
                tx.backend,
                "search_doc",
                &[("rowid", Column::Big), ("words", Column::Text), ("scope", Column::Text)],
                &rows,
            ));
        }
        for (home, (words, _)) in old {
            let mut sql = tx.sql();
            sql.push("UPDATE search_doc SET words = words || ")
                .bind(words.clone())
                .push(" WHERE rowid = ")
                .bind(*home);
            statements.push(sql);
        }
        statements
    }
}

/// The tenant as a word of SQLite's full-text tables.
pub fn scope_word(tenant: TenantId) -> String {
    format!("tenant{:06}", tenant.0)
}
