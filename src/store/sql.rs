//! Statements for both stores: one text, with the few places where they differ filled in.
//!
//! Lists travel as one parameter each (arrays on PostgreSQL, JSON on SQLite), so that a statement's text does not depend
//! on how many rows it is about, and its plan is kept.

use std::fmt::{Display, Write as _};

use sea_orm::sea_query::{ArrayType, Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryResult, QueryTrait, Statement, Value,
};

pub use crate::entity::table::CellType;
use crate::entity::table::Table;
use crate::error::Result;
use crate::store::dialect::Dialect;

/// A statement under construction: text and parameters.
#[derive(Clone, Debug)]
pub struct Sql {
    pub dialect: Dialect,
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    pub fn new(dialect: Dialect) -> Self {
        Sql { dialect, text: String::with_capacity(512), values: Vec::new() }
    }

    pub fn is_postgres(&self) -> bool {
        self.dialect.is_postgres()
    }

    /// A statement that SeaORM built.
    pub fn from_query(dialect: Dialect, query: &impl QueryTrait) -> Self {
        let Statement { sql, values, .. } = query.build(dialect.backend());
        Sql { dialect, text: sql, values: values.map(|values| values.0).unwrap_or_default() }
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds what can be written as text.
    pub fn add(&mut self, text: impl Display) -> &mut Self {
        // Writing to memory does not fail.
        let _ = write!(self.text, "{text}");
        self
    }

    /// Adds a parameter.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.add(format_args!("${}", self.values.len()))
    }

    /// Adds ` = ANY (…)` over numbers.
    pub fn among(&mut self, numbers: impl IntoIterator<Item = i64>) -> &mut Self {
        if self.is_postgres() {
            let numbers = numbers.into_iter().map(|n| Value::BigInt(Some(n))).collect();
            self.push(" = ANY (")
                .bind(Value::Array(ArrayType::BigInt, Some(Box::new(numbers))))
                .push(")")
        } else {
            let numbers = serde_json::Value::from_iter(numbers).to_string();
            self.push(" IN (SELECT value FROM json_each(").bind(numbers).push("))")
        }
    }

    /// The same over texts.
    pub fn among_texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> &mut Self {
        if self.is_postgres() {
            let texts = texts.into_iter().map(|text| Value::from(text.to_owned())).collect();
            self.push(" = ANY (")
                .bind(Value::Array(ArrayType::String, Some(Box::new(texts))))
                .push(")")
        } else {
            let texts = serde_json::Value::from_iter(texts).to_string();
            self.push(" IN (SELECT value FROM json_each(").bind(texts).push("))")
        }
    }

    /// Adds the rows of a select as one value, for [`lines`](crate::store::lines::lines); nothing where there are none.
    /// `columns` are all places of a line.
    pub fn lines(&mut self, columns: impl Display, select: impl FnOnce(&mut Self)) -> &mut Self {
        if self.is_postgres() {
            self.push("(SELECT array_agg(line) FROM (");
            select(self);
            return self.push(") AS line)");
        }
        self.push("('[' || ").listed_lines(columns, select).push(" || ']')")
    }

    /// SQLite: the same without brackets, so that several can be put together.
    pub fn listed_lines(
        &mut self,
        columns: impl Display,
        select: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.push("(SELECT group_concat(json_array(").add(columns).push(")) FROM (");
        select(self);
        self.push("))")
    }

    pub fn done(self) -> Statement {
        Statement::from_sql_and_values(self.dialect.backend(), self.text, self.values)
    }
}

/// The models of rows that a [`Select`](sea_orm::Select) brought.
pub(super) fn models<E: EntityTrait>(rows: &[QueryResult]) -> Result<Vec<E::Model>> {
    rows.iter().map(|row| Ok(E::Model::from_query_result(row, "")?)).collect()
}

/// A condition of a query that SeaORM builds: the column is one of these. One parameter, however many they are, so that
/// the statement's text and plan stay.
pub fn among<C: ColumnTrait>(
    dialect: Dialect,
    column: C,
    numbers: impl IntoIterator<Item = i64>,
) -> SimpleExpr {
    let column = Expr::col(column.as_column_ref());
    if dialect.is_postgres() {
        let numbers = numbers.into_iter().map(|n| Value::BigInt(Some(n))).collect();
        let numbers = Value::Array(ArrayType::BigInt, Some(Box::new(numbers)));
        Expr::cust_with_exprs("$1 = ANY ($2)", [column, Expr::value(numbers)])
    } else {
        let numbers = serde_json::Value::from_iter(numbers).to_string();
        Expr::cust_with_exprs(
            "? IN (SELECT value FROM json_each(?))",
            [column, Expr::value(numbers)],
        )
    }
}

/// `INSERT INTO table (…) SELECT … FROM rows`, without the conflict clause: names and types are the entity's.
pub fn insert<E: Table>(dialect: Dialect, rows: &[E::Model]) -> Sql {
    let shape = E::shape();
    let columns: Vec<(&str, CellType)> =
        shape.columns.iter().map(|(_, name, cell)| (*name, *cell)).collect();
    let rows: Vec<Vec<Value>> = rows.iter().map(E::cells).collect();
    insert_cells(dialect, shape.table, &columns, rows)
}

/// The same with a column that the entity does not have: the words of PostgreSQL's full-text index. SQLite keeps them
/// in a table of their own.
pub fn insert_with_words<E: Table>(
    dialect: Dialect,
    rows: &[E::Model],
    words: impl Fn(usize) -> Option<String>,
) -> Sql {
    if !dialect.is_postgres() {
        return insert::<E>(dialect, rows);
    }
    let shape = E::shape();
    let columns: Vec<(&str, CellType)> = shape
        .columns
        .iter()
        .map(|(_, name, cell)| (*name, *cell))
        .chain([("words", CellType::Words)])
        .collect();
    let cells = |(n, row): (usize, &E::Model)| {
        let mut cells = E::cells(row);
        cells.push(words(n).into());
        cells
    };
    let rows: Vec<Vec<Value>> = rows.iter().enumerate().map(cells).collect();
    insert_cells(dialect, shape.table, &columns, rows)
}

/// The same for a table that has no entity, such as a full-text index.
pub fn insert_cells(
    dialect: Dialect,
    table: &str,
    names: &[(&str, CellType)],
    rows: Vec<Vec<Value>>,
) -> Sql {
    let (list, columns): (Vec<&str>, Vec<CellType>) = names.iter().copied().unzip();
    let picked: Vec<String> = (1..=names.len()).map(|n| format!("r.column{n}")).collect();
    let mut sql = Sql::new(dialect);
    sql.push("INSERT INTO ")
        .push(table)
        .push(" (")
        .push(&list.join(", "))
        .push(") SELECT ")
        .push(&picked.join(", "))
        .push(" FROM ")
        .move_rows(&columns, rows);
    // "WHERE true" keeps SQLite from reading ON CONFLICT as a join.
    sql.push(" AS r WHERE true");
    sql
}
