//! Statements over rows that can be gathered: what several steps of one write say of a table is one statement.

use sea_orm::Value;

use crate::entity::table::{CellType, Table};
use crate::ids::TenantId;
use crate::store::dialect::Dialect;
use crate::store::sql::Sql;

/// A statement over rows of one shape: a text, the rows as a relation, and a text.
#[derive(Clone, Debug)]
pub struct RowStatement {
    before: String,
    types: Vec<CellType>,
    rows: Vec<Vec<Value>>,
    after: String,
}

impl RowStatement {
    /// `INSERT INTO table (…) SELECT … FROM rows`: names and types are the entity's. `conflict` is what comes after.
    pub fn insert<E: Table>(rows: &[E::Model], conflict: &str) -> RowStatement {
        let shape = E::shape();
        let names: Vec<&str> = shape.columns.iter().map(|(_, name, _)| *name).collect();
        let picked: Vec<String> = (1..=names.len()).map(|n| format!("r.column{n}")).collect();
        let (names, picked) = (names.join(", "), picked.join(", "));
        RowStatement {
            before: format!("INSERT INTO {} ({names}) SELECT {picked} FROM ", shape.table),
            types: shape.columns.iter().map(|(.., cell)| *cell).collect(),
            rows: rows.iter().map(E::cells).collect(),
            // "WHERE true" keeps SQLite from reading ON CONFLICT as a join.
            after: format!(" AS r WHERE true{conflict}"),
        }
    }

    /// `UPDATE table SET … FROM rows AS v WHERE …`, over the tenant's rows. The tenant stands in the rows: SQLite would go
    /// through all of a tenant's rows, and through these for each of them, where it knew the tenant without them.
    pub fn update(
        table: &str,
        set: &str,
        types: &[CellType],
        mut rows: Vec<Vec<Value>>,
        (tenant, joined): (TenantId, &str),
    ) -> RowStatement {
        for row in &mut rows {
            row.push(tenant.into());
        }
        let types: Vec<CellType> = types.iter().copied().chain([CellType::Big]).collect();
        let column = types.len();
        RowStatement {
            before: format!("UPDATE {table} SET {set} FROM "),
            types,
            rows,
            after: format!(" AS v WHERE {table}.tenant = v.column{column} AND {joined}"),
        }
    }

    /// What tells which table it writes.
    pub fn text(&self) -> &str {
        &self.before
    }

    /// Takes the rows of another one in that is the same but for its rows; gives it back where it is not.
    pub fn take_in(&mut self, other: RowStatement) -> Result<(), RowStatement> {
        if self.before != other.before || self.after != other.after {
            return Err(other);
        }
        self.rows.extend(other.rows);
        Ok(())
    }

    pub fn sql(self, dialect: Dialect) -> Sql {
        let mut sql = Sql::new(dialect);
        sql.push(&self.before).move_rows(&self.types, self.rows).push(&self.after);
        sql
    }
}
