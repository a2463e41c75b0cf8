//! rapport's tables, in one text for SQLite and PostgreSQL.
//!
//! Migrations are dated, go both ways, stay backward compatible with the version that runs while they are applied, and
//! are never edited once released. The statements are the stores' own SQL, because partial, covering and full-text
//! indexes are; where the two stores differ, [`dialect`] fills the gap.

pub use sea_orm_migration;
use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait, async_trait};

mod dialect;
mod m20261121_000001_people;
mod m20261121_000002_history;
mod m20261121_000003_search;
mod m20261121_000004_operations;
mod m20261121_000005_items_by_home;
mod m20261126_000006_last_seen;
mod m20261126_000007_own_profiles;
mod m20261126_000008_other_kinds;
mod m20261126_000009_search_renewal;
mod m20261126_000010_staff_names;
mod m20261126_000011_rereading;
mod m20261126_000012_sources;
mod m20261126_000013_files;
mod m20261126_000014_edited_comments;
mod m20261126_000015_searched_traits;
mod m20261126_000016_labels;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_people::Migration),
            Box::new(m20261121_000002_history::Migration),
            Box::new(m20261121_000003_search::Migration),
            Box::new(m20261121_000004_operations::Migration),
            Box::new(m20261121_000005_items_by_home::Migration),
            Box::new(m20261126_000006_last_seen::Migration),
            Box::new(m20261126_000007_own_profiles::Migration),
            Box::new(m20261126_000008_other_kinds::Migration),
            Box::new(m20261126_000009_search_renewal::Migration),
            Box::new(m20261126_000010_staff_names::Migration),
            Box::new(m20261126_000011_rereading::Migration),
            Box::new(m20261126_000012_sources::Migration),
            Box::new(m20261126_000013_files::Migration),
            Box::new(m20261126_000014_edited_comments::Migration),
            Box::new(m20261126_000015_searched_traits::Migration),
            Box::new(m20261126_000016_labels::Migration),
        ]
    }
}
