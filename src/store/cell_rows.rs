//! Rows of cells as a relation within a statement: lists for each column on PostgreSQL, JSON on SQLite, and on PostgreSQL a
//! single row that is written as what it is.

use sea_orm::Value;
use sea_orm::sea_query::ArrayType;

use crate::entity::table::CellType;
use crate::store::sql::Sql;

/// Stands for "nothing" inside PostgreSQL's arrays: numbers that no column holds, and text of noncharacters, which is made
/// longer where one of the rows has just that text.
const NO_BIG: i64 = i64::MIN;
const NO_SMALL: i16 = i16::MIN;
const NO_TEXT: &str = "\u{FFFF}\u{FFFE}";

impl Sql {
    /// Adds a relation of rows with the columns `column1`, `column2`, … to stand in a FROM.
    pub fn rows(&mut self, columns: &[CellType], rows: &[Vec<Value>]) -> &mut Self {
        if self.is_postgres() {
            self.unnest(columns, rows.to_vec())
        } else {
            self.json_rows(columns, rows)
        }
    }

    /// The same with rows that are written, and that nobody needs any more: their texts are moved, not copied. On PostgreSQL
    /// a single row, as most are, is no list: to take lists apart is a sixth of what such a statement costs it.
    pub(super) fn move_rows(
        &mut self,
        columns: &[CellType],
        mut rows: Vec<Vec<Value>>,
    ) -> &mut Self {
        match &mut rows[..] {
            _ if !self.is_postgres() => self.json_rows(columns, &rows),
            [row] => self.single(columns, std::mem::take(row)),
            _ => self.unnest(columns, rows),
        }
    }

    fn single(&mut self, columns: &[CellType], row: Vec<Value>) -> &mut Self {
        for (n, (column, value)) in columns.iter().zip(row).enumerate() {
            self.push(if n > 0 { ", " } else { "(SELECT " });
            if *column == CellType::Words {
                self.push("array_to_tsvector(string_to_array(").bind(value).push("::text, ' '))");
            } else {
                self.bind(value).push("::").push(postgres_type(*column));
            }
            self.add(format_args!(" AS column{}", n + 1));
        }
        self.push(")")
    }

    fn unnest(&mut self, columns: &[CellType], mut rows: Vec<Vec<Value>>) -> &mut Self {
        let no_text = text_of_nobody(&rows);
        self.push("(SELECT ");
        for (n, column) in columns.iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            let n = n + 1;
            let text = match column {
                CellType::BigOrNull => format!("{comma}NULLIF(u{n}, {NO_BIG}) AS column{n}"),
                CellType::SmallOrNull => {
                    format!("{comma}NULLIF(u{n}, ({NO_SMALL})::smallint) AS column{n}")
                }
                CellType::TextOrNull => format!("{comma}NULLIF(u{n}, '{no_text}') AS column{n}"),
                CellType::Words => format!(
                    "{comma}array_to_tsvector(string_to_array(NULLIF(u{n}, '{no_text}'), ' ')) AS column{n}"
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
            let cells = rows.iter_mut().map(|row| cell(*column, take(row), &no_text)).collect();
            let kind = match column {
                CellType::Big | CellType::BigOrNull => ArrayType::BigInt,
                CellType::Int => ArrayType::Int,
                CellType::Small | CellType::SmallOrNull => ArrayType::SmallInt,
                CellType::Bool => ArrayType::Bool,
                CellType::Bytes => ArrayType::Bytes,
                CellType::Text | CellType::TextOrNull | CellType::Words => ArrayType::String,
            };
            self.bind(Value::Array(kind, Some(Box::new(cells))));
            self.push("::").push(postgres_type(*column)).push("[]");
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
        for (n, column) in columns.iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            let cell = match column {
                CellType::Bytes => format!("unhex(value ->> {n})"),
                _ => format!("value ->> {n}"),
            };
            self.push(&format!("{comma}{cell} AS column{}", n + 1));
        }
        self.push(" FROM jsonb_each(").bind(json).push("))")
    }
}

/// A text that no row has.
fn text_of_nobody(rows: &[Vec<Value>]) -> String {
    let mut nobodys = NO_TEXT.to_owned();
    let taken = |text: &str| {
        let is_it = |cell: &Value| matches!(cell, Value::String(Some(given)) if **given == *text);
        rows.iter().flatten().any(is_it)
    };
    while taken(&nobodys) {
        nobodys.push_str(NO_TEXT);
    }
    nobodys
}

fn postgres_type(column: CellType) -> &'static str {
    match column {
        CellType::Big | CellType::BigOrNull => "bigint",
        CellType::Int => "integer",
        CellType::Small | CellType::SmallOrNull => "smallint",
        CellType::Bool => "boolean",
        CellType::Bytes => "bytea",
        CellType::Text | CellType::TextOrNull | CellType::Words => "text",
    }
}

fn cell(column: CellType, value: Value, no_text: &str) -> Value {
    match (column, value) {
        (CellType::BigOrNull, Value::BigInt(None)) => Value::BigInt(Some(NO_BIG)),
        (CellType::SmallOrNull, Value::SmallInt(None)) => Value::SmallInt(Some(NO_SMALL)),
        (CellType::TextOrNull | CellType::Words, Value::String(None)) => {
            Value::String(Some(no_text.into()))
        }
        (_, value) => value,
    }
}

fn json_cell(value: &Value) -> serde_json::Value {
    match value {
        Value::BigInt(n) => (*n).into(),
        Value::Int(n) => (*n).into(),
        Value::SmallInt(n) => (*n).into(),
        Value::Bool(b) => b.map(i64::from).into(),
        Value::String(text) => text.as_ref().map(ToString::to_string).into(),
        Value::Bytes(bytes) => bytes.as_ref().map(hex::encode).into(),
        _ => serde_json::Value::Null,
    }
}
