//! What every table has: its shape, read once from the entity, and finders that are bound to a tenant.

use sea_orm::sea_query::ColumnType;
use sea_orm::{
    ColumnTrait, DeleteMany, EntityTrait, Iterable, ModelTrait, QueryFilter, Select, UpdateMany,
    Value,
};

use crate::ids::TenantId;

/// The type of a cell in a list of rows. `…OrNull` cells may hold nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellType {
    Big,
    BigOrNull,
    Int,
    Small,
    SmallOrNull,
    Text,
    TextOrNull,
    Bool,
    Bytes,
    /// Words for a full-text index: `TSVECTOR` on PostgreSQL, left out on SQLite.
    Words,
}

/// A table as statements need it: its name, and the columns that a writer fills, in the order of the entity.
#[derive(Debug)]
pub struct Shape<C> {
    pub table: &'static str,
    pub columns: Vec<(C, &'static str, CellType)>,
}

/// A table of the store. [`Table::of`], [`Table::update_of`] and [`Table::delete_of`] are how statements begin: there is no
/// row of nobody's, and no way to forget whose it is.
pub trait Table: EntityTrait<Model: ModelTrait<Entity = Self>> {
    /// The column that says whose a row is.
    fn tenant() -> Self::Column;

    /// Read once, kept for ever.
    fn shape() -> &'static Shape<Self::Column>;

    /// The rows of a tenant.
    #[expect(clippy::disallowed_methods, reason = "bound to the tenant at once")]
    fn of(tenant: TenantId) -> Select<Self> {
        Self::find().filter(Self::tenant().eq(tenant))
    }

    /// An update of rows of a tenant.
    #[expect(clippy::disallowed_methods, reason = "bound to the tenant at once")]
    fn update_of(tenant: TenantId) -> UpdateMany<Self> {
        Self::update_many().filter(Self::tenant().eq(tenant))
    }

    /// A deletion of rows of a tenant.
    #[expect(clippy::disallowed_methods, reason = "bound to the tenant at once")]
    fn delete_of(tenant: TenantId) -> DeleteMany<Self> {
        Self::delete_many().filter(Self::tenant().eq(tenant))
    }

    /// The cells of a row, in the order of [`Table::shape`].
    fn cells(row: &Self::Model) -> Vec<Value> {
        Self::shape().columns.iter().map(|(column, ..)| row.get(*column)).collect()
    }
}

impl<C> Shape<C> {
    /// Reads the shape of an entity, without the columns that the store fills by itself.
    pub fn read<E: EntityTrait<Column = C>>(filled_by_the_store: &[&str]) -> Shape<C>
    where
        C: ColumnTrait + Iterable,
    {
        let columns = C::iter()
            .filter(|column| !filled_by_the_store.contains(&column.as_str()))
            .map(|column| {
                let def = column.def();
                (column, column.as_str(), cell_type(def.get_column_type(), def.is_null()))
            })
            .collect();
        Shape { table: E::default().table_name(), columns }
    }
}

fn cell_type(column: &ColumnType, null: bool) -> CellType {
    let (plain, or_null) = match column {
        ColumnType::SmallInteger => (CellType::Small, CellType::SmallOrNull),
        ColumnType::BigInteger => (CellType::Big, CellType::BigOrNull),
        ColumnType::Integer => return CellType::Int,
        ColumnType::Boolean => return CellType::Bool,
        ColumnType::Blob => return CellType::Bytes,
        _ => (CellType::Text, CellType::TextOrNull),
    };
    if null { or_null } else { plain }
}

/// Makes an entity a [`Table`]: the column that says whose a row is, and the columns that the store fills by itself.
macro_rules! table {
    (tenant: $tenant:ident $(, filled_by_the_store: [$($filled:literal),+])? $(,)?) => {
        impl $crate::entity::table::Table for Entity {
            fn tenant() -> Column {
                Column::$tenant
            }

            fn shape() -> &'static $crate::entity::table::Shape<Column> {
                static SHAPE: std::sync::OnceLock<$crate::entity::table::Shape<Column>> =
                    std::sync::OnceLock::new();
                SHAPE.get_or_init(|| $crate::entity::table::Shape::read::<Entity>(&[$($($filled),+)?]))
            }
        }
    };
}

pub(crate) use table;
