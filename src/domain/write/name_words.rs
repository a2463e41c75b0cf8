//! The words of names, in which fragments are looked for, in stores that [have them](Dialect::has_name_words). They are few,
//! however many people have each: a fragment finds its words here, and by the index of terms those who have them and were seen
//! last.
//!
//! Who writes names waits for nobody: two at once may add a word twice, and one may be missing while it is added and taken away
//! at once. The first is not seen, and the second leaves the fragments in `search_doc`, which holds all of them.

use std::collections::BTreeSet;

use sea_orm::Value;

use crate::domain::text::SearchField;
use crate::ids::{CustomerId, TenantId};
use crate::store::Dialect;
use crate::store::sql::{CellType, Sql};

/// A home, and a word of one of its names.
pub(super) type Named = (CustomerId, String);

/// The statement that adds words that are not there yet.
pub(super) fn add(dialect: Dialect, tenant: TenantId, words: &BTreeSet<&str>) -> Sql {
    let rows: Vec<Vec<Value>> =
        words.iter().map(|word| vec![(*word).into(), tenant.into()]).collect();
    let mut sql = Sql::new(dialect);
    sql.push("INSERT INTO name_word (tenant, word) SELECT v.column2, v.column1 FROM ");
    sql.rows(&[CellType::Text, CellType::Big], &rows);
    sql.push(" AS v WHERE NOT EXISTS (SELECT 1 FROM name_word w WHERE w.tenant = v.column2 AND w.word = v.column1");
    sql.push(dialect.bytewise()).push(")");
    sql
}

/// The statement that locks words some of which go: of two who take the last ones who have a word away, the second sees that
/// there is nobody left. It runs by itself, before [`remove`].
pub(super) fn lock(dialect: Dialect, tenant: TenantId, named: &BTreeSet<Named>) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT 1 FROM name_word WHERE tenant = ").bind(tenant).push(" AND word");
    sql.among_texts(words(named)).push(" ORDER BY word FOR UPDATE");
    sql
}

/// The statement that takes words away that no other home has.
pub(super) fn remove(dialect: Dialect, tenant: TenantId, named: &BTreeSet<Named>) -> Sql {
    let rows: Vec<Vec<Value>> =
        named.iter().map(|(home, word)| vec![(*home).into(), word.as_str().into()]).collect();
    let mut sql = Sql::new(dialect);
    sql.push("DELETE FROM name_word WHERE tenant = ").bind(tenant).push(" AND word");
    sql.among_texts(words(named));
    sql.push(" AND NOT EXISTS (SELECT 1 FROM search_term o WHERE o.tenant = ").bind(tenant);
    let name = SearchField::Name.number();
    sql.push(&format!(" AND o.term = name_word.word AND o.field = {name}"));
    sql.push(" AND NOT EXISTS (SELECT 1 FROM ").rows(&[CellType::Big, CellType::Text], &rows);
    sql.push(" AS g WHERE g.column1 = o.home AND g.column2");
    sql.push(dialect.bytewise()).push(" = o.term))");
    sql
}

fn words(named: &BTreeSet<Named>) -> BTreeSet<&str> {
    named.iter().map(|(_, word)| word.as_str()).collect()
}
