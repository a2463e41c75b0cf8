//! Name and traits: what is empty is filled, and what was said later replaces what was said before.

use std::collections::BTreeMap;

use sea_orm::QueryResult;
use serde_json::{Map, Value as Json};

use crate::domain::item::get;
use crate::domain::sql::Sql;
use crate::domain::words::fold;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};

/// What a home's row says, and since when.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Profile {
    pub name: Option<String>,
    pub name_at: Option<Micros>,
    pub traits: Map<String, Json>,
    pub trait_times: BTreeMap<String, Micros>,
}

pub fn select(mut sql: Sql, tenant: TenantId, home: CustomerId) -> Sql {
    sql.push("SELECT name, name_at, traits, trait_times FROM customer WHERE tenant = ")
        .bind(tenant)
        .push(" AND number = ")
        .bind(home);
    sql
}

impl Profile {
    pub fn read(row: &QueryResult) -> Result<Profile> {
        let json = |error: serde_json::Error| Error::Internal(format!("customer.traits: {error}"));
        Ok(Profile {
            name: get(row, 0)?,
            name_at: get(row, 1)?,
            traits: serde_json::from_str(&get::<String>(row, 2)?).map_err(json)?,
            trait_times: serde_json::from_str(&get::<String>(row, 3)?).map_err(json)?,
        })
    }

    /// The profile after this was said, or nothing where that changes nothing. A trait of `null` is taken away.
    #[must_use]
    pub fn told(
        &self,
        name: Option<&str>,
        traits: Option<&Map<String, Json>>,
        at: Micros,
    ) -> Option<Profile> {
        let mut after = self.clone();
        if let Some(name) = name
            && self.name.as_deref() != Some(name)
            && self.name_at.is_none_or(|before| before <= at)
        {
            after.name = Some(name.to_string());
            after.name_at = Some(at);
        }
        for (key, value) in traits.into_iter().flatten() {
            let late = self.trait_times.get(key).is_some_and(|before| *before > at);
            if late
                || self.traits.get(key) == Some(value)
                || (value.is_null() && !self.traits.contains_key(key))
            {
                continue;
            }
            if value.is_null() {
                after.traits.remove(key);
            } else {
                after.traits.insert(key.clone(), value.clone());
            }
            after.trait_times.insert(key.clone(), at);
        }
        (after != *self).then_some(after)
    }

    pub fn traits_json(&self) -> (String, String) {
        let times = serde_json::to_string(&self.trait_times).expect("numbers are JSON");
        (serde_json::to_string(&self.traits).expect("a JSON object is JSON"), times)
    }

    /// The statement that stores it, with the staff's words (status, stage and tags) where there are any.
    pub fn update(
        &self,
        mut sql: Sql,
        tenant: TenantId,
        home: CustomerId,
        now: Micros,
        staff: Option<&(i16, i16, String)>,
    ) -> Sql {
        let (traits, times) = self.traits_json();
        sql.push("UPDATE customer SET name = ")
            .bind(self.name.clone())
            .push(", name_key = ")
            .bind(self.name.as_deref().map(fold));
        sql.push(", name_at = ").bind(self.name_at.map(|at| at.0)).push(", traits = ").bind(traits);
        sql.push(", trait_times = ").bind(times).push(", updated_at = ").bind(now);
        if let Some((status, stage, tags)) = staff {
            sql.push(", status = ")
                .bind(*status)
                .push(", stage = ")
                .bind(*stage)
                .push(", tags = ")
                .bind(tags.clone());
        }
        sql.push(" WHERE tenant = ").bind(tenant).push(" AND number = ").bind(home);
        sql
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::domain::profile::Profile;
    use crate::ids::Micros;

    #[test]
    fn the_later_word_stands_whatever_comes_first() {
        let empty = Profile::default();
        let named = empty.told(Some("Ada"), None, Micros(10)).expect("a first name is news");
        assert_eq!(named.told(Some("Ada"), None, Micros(20)), None);
        assert_eq!(named.told(Some("Bea"), None, Micros(5)), None);
        assert_eq!(
            named.told(Some("Bea"), None, Micros(20)).expect("newer").name.as_deref(),
            Some("Bea")
        );
        let traits = json!({"plan": "gold", "city": null});
        let told = named.told(None, traits.as_object(), Micros(10)).expect("a first trait is news");
        assert_eq!(told.traits, *json!({"plan": "gold"}).as_object().expect("object"));
        assert_eq!(told.told(None, json!({"plan": "old"}).as_object(), Micros(9)), None);
        assert!(
            told.told(None, json!({"plan": null}).as_object(), Micros(11))
                .expect("taken away")
                .traits
                .is_empty()
        );
    }
}
