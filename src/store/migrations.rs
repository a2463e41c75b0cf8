//! The migrations: which are applied, which are missing, and whether this version may use a store that a newer one has
//! migrated.

use rapport_migrations::Migrator;
use rapport_migrations::sea_orm_migration::MigratorTrait;
use sea_orm::DatabaseConnection;

use crate::config::StoreConfig;

/// On what the migrations run.
pub(super) enum Migrates {
    /// The one writer's pool.
    Sqlite(DatabaseConnection),
    /// A connection of their own, and whether a pooler stands before it.
    Postgres(StoreConfig, bool),
}

/// The migrations of a store, beside those that this version knows.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Migrations {
    /// Those that are still to be applied, in their order.
    pub missing: Vec<String>,
    /// Those that a newer version has applied.
    pub unknown: Vec<String>,
    /// The migration that a version must know at least to use the store.
    oldest: Option<String>,
}

impl Migrations {
    /// Of these applied ones.
    pub fn of(applied: &[String], oldest: Option<String>) -> Migrations {
        let known: Vec<String> =
            Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let without = |all: &[String], others: &[String]| -> Vec<String> {
            all.iter().filter(|name| !others.contains(name)).cloned().collect()
        };
        Migrations { missing: without(&known, applied), unknown: without(applied, &known), oldest }
    }

    /// Why this version must not use the store; nothing where it may.
    pub fn refusal(&self) -> Option<String> {
        let newest = self.unknown.iter().max()?;
        let known = Migrator::migrations().last().map(|last| last.name().to_owned());
        let fits = self.missing.is_empty() && self.oldest.is_some() && self.oldest <= known;
        (!fits).then(|| {
            format!(
                "DATABASE_URL: the store was migrated by a newer rapport (to {newest}), which this version ({}) cannot work with; start the newer one",
                env!("CARGO_PKG_VERSION")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use rapport_migrations::Migrator;
    use rapport_migrations::sea_orm_migration::MigratorTrait;

    use crate::store::migrations::Migrations;

    fn known() -> Vec<String> {
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
    }

    fn later(oldest: Option<&str>, missing: usize) -> Migrations {
        let mut applied = known();
        applied.truncate(applied.len() - missing);
        applied.push("m20991231_000099_later".into());
        Migrations::of(&applied, oldest.map(str::to_owned))
    }

    #[test]
    fn a_store_of_a_newer_version_says_who_may_use_it() {
        let last = known().pop().expect("a few");
        assert_eq!(Migrations::of(&known(), Some(last.clone())).refusal(), None);
        assert_eq!(Migrations::of(&[], None).refusal(), None, "an empty store is to be migrated");
        assert_eq!(later(Some(&last), 0).refusal(), None);
        assert_eq!(later(Some(&known()[2]), 0).refusal(), None);
        for refused in
            [later(Some("m20991231_000099_later"), 0), later(None, 0), later(Some(&last), 1)]
        {
            let told = refused.refusal().expect("is refused");
            assert!(told.contains("m20991231_000099_later") && !told.contains('\n'), "{told}");
        }
    }
}
