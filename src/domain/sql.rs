//! Statements for both stores: one text, with the few places where they differ filled in.
//!
//! Lists travel as one parameter each (arrays on PostgreSQL, JSON on SQLite), so that a statement's text does not depend
//! on how many rows it is about, and its plan is kept.

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, Statement, Value};

/// The type of a column in a list of rows. `…OrNull` columns may hold nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    Big,
    BigOrNull,
    Small,
    SmallOrNull,
    Text,
    TextOrNull,
    Bool,
    /// Words for a full-text index: `TSVECTOR` on PostgreSQL, left out on SQLite.
    Words,
}

/// Stands for "nothing" inside PostgreSQL's arrays: numbers that no column holds, and text of noncharacters.
const NO_BIG: i64 = i64::MIN;
const NO_SMALL: i16 = i16::MIN;
const NO_TEXT: &str = "\u{FFFF}\u{FFFE}";

/// A statement under construction: text and parameters.
#[derive(Clone, Debug)]
pub struct Sql {
    pub backend: DbBackend,
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    pub fn new(backend: DbBackend) -> Self {
        Sql { backend, text: String::new(), values: Vec::new() }
    }

    pub fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a parameter.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
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

    /// SQLite: adds the rows of a select as JSON arrays of these columns with commas between them, as one value; nothing
    /// where there are none. Its driver hands each row from one thread to another, which costs more than the row.
    pub fn lines(&mut self, columns: &str, select: impl FnOnce(&mut Self)) -> &mut Self {
        self.push("(SELECT group_concat(json_array(").push(columns).push(")) FROM (");
        select(self);
        self.push("))")
    }

    /// Adds a relation of rows with the columns `column1`, `column2`, … to stand in a FROM.
    pub fn rows(&mut self, columns: &[Column], rows: &[Vec<Value>]) -> &mut Self {
        if self.is_postgres() { self.unnest(columns, rows) } else { self.json_rows(columns, rows) }
    }

    fn unnest(&mut self, columns: &[Column], rows: &[Vec<Value>]) -> &mut Self {
        self.push("(SELECT ");
        for (n, column) in columns.iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            let n = n + 1;
            let text = match column {
                Column::BigOrNull => format!("{comma}NULLIF(u{n}, {NO_BIG}) AS column{n}"),
                Column::SmallOrNull => {
                    format!("{comma}NULLIF(u{n}, ({NO_SMALL})::smallint) AS column{n}")
                }
                Column::TextOrNull => format!("{comma}NULLIF(u{n}, '{NO_TEXT}') AS column{n}"),
                Column::Words => format!(
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
            let cells = rows.iter().map(|row| cell(*column, &row[n])).collect();
            let (kind, cast) = match column {
                Column::Big | Column::BigOrNull => (ArrayType::BigInt, "::bigint[]"),
                Column::Small | Column::SmallOrNull => (ArrayType::SmallInt, "::smallint[]"),
                Column::Bool => (ArrayType::Bool, "::boolean[]"),
                Column::Text | Column::TextOrNull | Column::Words => {
                    (ArrayType::String, "::text[]")
                }
            };
            self.bind(Value::Array(kind, Some(Box::new(cells)))).push(cast);
        }
        self.push(") AS u(");
        let names: Vec<String> = (1..=columns.len()).map(|n| format!("u{n}")).collect();
        self.push(&names.join(", ")).push("))")
    }

    fn json_rows(&mut self, columns: &[Column], rows: &[Vec<Value>]) -> &mut Self {
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
        Statement::from_sql_and_values(self.backend, self.text, self.values)
    }
}

/// `INSERT INTO table (names) SELECT … FROM rows`, without the conflict clause.
pub fn insert(
    backend: DbBackend,
    table: &str,
    names: &[(&str, Column)],
    rows: &[Vec<Value>],
) -> Sql {
    let kept: Vec<usize> = (0..names.len())
        .filter(|n| names[*n].1 != Column::Words || backend == DbBackend::Postgres)
        .collect();
    let columns: Vec<Column> = kept.iter().map(|n| names[*n].1).collect();
    let list: Vec<&str> = kept.iter().map(|n| names[*n].0).collect();
    let picked: Vec<String> = (1..=kept.len()).map(|n| format!("r.column{n}")).collect();
    let mut sql = Sql::new(backend);
    sql.push("INSERT INTO ")
        .push(table)
        .push(" (")
        .push(&list.join(", "))
        .push(") SELECT ")
        .push(&picked.join(", "))
        .push(" FROM ");
    if kept.len() == names.len() {
        sql.rows(&columns, rows);
    } else {
        let rows: Vec<Vec<Value>> =
            rows.iter().map(|row| kept.iter().map(|n| row[*n].clone()).collect()).collect();
        sql.rows(&columns, &rows);
    }
    // "WHERE true" keeps SQLite from reading ON CONFLICT as a join.
    sql.push(" AS r WHERE true");
    sql
}

fn cell(column: Column, value: &Value) -> Value {
    match (column, value) {
        (Column::BigOrNull, Value::BigInt(None)) => Value::BigInt(Some(NO_BIG)),
        (Column::SmallOrNull, Value::SmallInt(None)) => Value::SmallInt(Some(NO_SMALL)),
        (Column::TextOrNull | Column::Words, Value::String(None)) => {
            Value::String(Some(NO_TEXT.into()))
        }
        (_, value) => value.clone(),
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
