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

/// Stands for "nothing" inside PostgreSQL's arrays: numbers that no column holds, and text of noncharacters.
const NO_BIG: i64 = i64::MIN;
const NO_SMALL: i16 = i16::MIN;
const NO_TEXT: &str = "\u{FFFF}\u{FFFE}";

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

    /// Adds a relation of rows with the columns `column1`, `column2`, … to stand in a FROM.
    pub fn rows(&mut self, columns: &[CellType], rows: &[Vec<Value>]) -> &mut Self {
        if self.is_postgres() {
            self.unnest(columns, rows.to_vec())
        } else {
            self.json_rows(columns, rows)
        }
    }

    /// The same with rows that nobody needs any more: their texts are moved, not copied.
    pub(super) fn move_rows(&mut self, columns: &[CellType], rows: Vec<Vec<Value>>) -> &mut Self {
        if self.is_postgres() { self.unnest(columns, rows) } else { self.json_rows(columns, &rows) }
    }

    fn unnest(&mut self, columns: &[CellType], mut rows: Vec<Vec<Value>>) -> &mut Self {
        self.push("(SELECT ");
        for (n, column) in columns.iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            let n = n + 1;
            let text = match column {
                CellType::BigOrNull => format!("{comma}NULLIF(u{n}, {NO_BIG}) AS column{n}"),
                CellType::SmallOrNull => {
                    format!("{comma}NULLIF(u{n}, ({NO_SMALL})::smallint) AS column{n}")
                }
                CellType::TextOrNull => format!("{comma}NULLIF(u{n}, '{NO_TEXT}') AS column{n}"),
                CellType::Words => format!(
                    "{comma}array_to_tsvector(string_to_array(NULLIF(u{n}, '{NO_TEXT}'), ' ')) AS column{n}"
                ),
                _ => format!("{comma}u{n} AS column{n}"),
            };
            self.push(&text);
        }
        self.push(" FROM unnest(");
        for (n, column) in columns.iter().enumerate() {
            if n > 0 {
                self.push(", ");
            }
            let take = |row: &mut Vec<Value>| std::mem::replace(&mut row[n], Value::Bool(None));
            let cells = rows.iter_mut().map(|row| cell(*column, take(row))).collect();
            let (kind, cast) = match column {
                CellType::Big | CellType::BigOrNull => (ArrayType::BigInt, "::bigint[]"),
                CellType::Small | CellType::SmallOrNull => (ArrayType::SmallInt, "::smallint[]"),
                CellType::Bool => (ArrayType::Bool, "::boolean[]"),
                CellType::Text | CellType::TextOrNull | CellType::Words => {
                    (ArrayType::String, "::text[]")
                }
            };
            self.bind(Value::Array(kind, Some(Box::new(cells)))).push(cast);
        }
        self.push(") AS u(");
        let names: Vec<String> = (1..=columns.len()).map(|n| format!("u{n}")).collect();
        self.push(&names.join(", ")).push("))")
    }

    fn json_rows(&mut self, columns: &[CellType], rows: &[Vec<Value>]) -> &mut Self {
        let json: Vec<Vec<serde_json::Value>> =
            rows.iter().map(|row| row.iter().map(json_cell).collect()).collect();
        let json = serde_json::Value::from(
            json.into_iter().map(serde_json::Value::from).collect::<Vec<_>>(),
        )
        .to_string();
        self.push("(SELECT ");
        for n in 0..columns.len() {
            let comma = if n > 0 { ", " } else { "" };
            self.push(&format!("{comma}value ->> {n} AS column{}", n + 1));
        }
        self.push(" FROM json_each(").bind(json).push("))")
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

fn cell(column: CellType, value: Value) -> Value {
    match (column, value) {
        (CellType::BigOrNull, Value::BigInt(None)) => Value::BigInt(Some(NO_BIG)),
        (CellType::SmallOrNull, Value::SmallInt(None)) => Value::SmallInt(Some(NO_SMALL)),
        (CellType::TextOrNull | CellType::Words, Value::String(None)) => {
            Value::String(Some(NO_TEXT.into()))
        }
        (_, value) => value,
    }
}

fn json_cell(value: &Value) -> serde_json::Value {
    match value {
        Value::BigInt(n) => (*n).into(),
        Value::SmallInt(n) => (*n).into(),
        Value::Bool(b) => b.map(i64::from).into(),
        Value::String(text) => text.as_ref().map(ToString::to_string).into(),
        _ => serde_json::Value::Null,
    }
}
