//! rapport's tables, in one text for SQLite and PostgreSQL.
//!
//! Migrations are dated, go both ways, stay backward compatible with the version that runs while they are applied, and
//! are never edited once released. The statements are the stores' own SQL, because partial, covering and full-text
//! indexes are; where the two stores differ, [`dialect`] fills the gap.
//!
//! The release before runs on a store that the next one has migrated, so that servers can be replaced one after the other
//! and a release can be taken back. A migration that cannot keep to that says so in the table [`COMPATIBILITY`]:
//! `UPDATE compatibility SET oldest = '<its own name>'`. Versions that do not know the migration named there do not start
//! on the store.

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
mod m20261126_000015_corrected_items;
mod m20261126_000016_removed_identities;
mod m20261126_000017_searched_traits;
mod m20261126_000018_labels;
mod m20261126_000019_compatibility;
mod m20261126_000020_stages;
mod m20261126_000021_terms_by_day;
mod m20261126_000022_history_words;
mod m20261126_000023_narrow_log;
mod m20261127_000024_prepared_rows;
mod m20261127_000025_words_by_stretch;
mod m20261127_000026_full_pages;
mod m20261127_000027_statistics;
mod m20261127_000028_packed_items;
mod m20261128_000029_ages_of_minutes;
mod m20261128_000030_name_words;

pub use m20261127_000024_prepared_rows::{PERSON_CARDS_POSTGRES, PERSON_CARDS_SQLITE};

/// The table of one row that says which versions may use the store.
pub const COMPATIBILITY: &str = "compatibility";

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
            Box::new(m20261126_000015_corrected_items::Migration),
            Box::new(m20261126_000016_removed_identities::Migration),
            Box::new(m20261126_000017_searched_traits::Migration),
            Box::new(m20261126_000018_labels::Migration),
            Box::new(m20261126_000019_compatibility::Migration),
            Box::new(m20261126_000020_stages::Migration),
            Box::new(m20261126_000021_terms_by_day::Migration),
            Box::new(m20261126_000022_history_words::Migration),
            Box::new(m20261126_000023_narrow_log::Migration),
            Box::new(m20261127_000024_prepared_rows::Migration),
            Box::new(m20261127_000025_words_by_stretch::Migration),
            Box::new(m20261127_000026_full_pages::Migration),
            Box::new(m20261127_000027_statistics::Migration),
            Box::new(m20261127_000028_packed_items::Migration),
            Box::new(m20261128_000029_ages_of_minutes::Migration),
            Box::new(m20261128_000030_name_words::Migration),
        ]
    }
}
