//! Whom the load asks for, and what the answers must hold: read from the store before the clock runs.

use anyhow::{Result, bail};
use rapport::domain::model::customer::Counts;
use rapport::domain::rapport::Rapport;
use rapport::domain::text::fold;
use rapport::store::sql::Sql;

use crate::load::typed::Sought;

/// A customer that was there before.
#[derive(Clone, Debug)]
pub struct Who {
    pub number: i64,
    pub email: String,
    pub phone: String,
    pub contacts: usize,
    /// At least so many items.
    pub total: i64,
}

/// Up to `most` customers, spread over the store. `full` ones fill a page, and have at most a few pages more.
pub async fn sample(rapport: &Rapport, tenant: i64, most: usize, full: bool) -> Result<Vec<Who>> {
    let positions =
        if full { "s.position BETWEEN 52 AND 200" } else { "s.position BETWEEN 2 AND 5000" };
    let text = format!(
        "SELECT s.number, k.email, k.phone_number, s.counts, (SELECT COUNT(*) FROM contact o WHERE o.tenant = s.tenant AND o.customer = s.number) \
         FROM customer_head s JOIN contact k ON k.tenant = s.tenant AND k.number = s.number \
         WHERE s.tenant = $1 AND s.merged_into IS NULL AND s.shape = 0 AND s.floor > 0 AND {positions} \
         AND k.email IS NOT NULL AND k.phone_number IS NOT NULL ORDER BY (s.number / 4096 * 7919) % 1000003, s.number LIMIT $2"
    );
    let sql = Sql {
        dialect: rapport.store.dialect,
        text,
        values: vec![tenant.into(), (most as i64).into()],
    };
    let rows = rapport.store.all(sql).await.map_err(|error| anyhow::anyhow!(error.detail()))?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let counts = Counts::parse(&row.try_get_by_index::<String>(3)?)
            .map_err(|error| anyhow::anyhow!(error.detail()))?;
        found.push(Who {
            number: row.try_get_by_index(0)?,
            email: row.try_get_by_index(1)?,
            phone: row.try_get_by_index(2)?,
            contacts: usize::try_from(row.try_get_by_index::<i64>(4)?)?,
            total: counts.total(),
        });
    }
    found.retain(|who| !full || who.total >= 50);
    if found.is_empty() {
        bail!("the store is not filled: run `generate` first");
    }
    Ok(found)
}

/// One of the generator's special customers.
pub async fn special(rapport: &Rapport, tenant: i64, email: &str) -> Result<Who> {
    let text = "SELECT s.number, s.counts, (SELECT COUNT(*) FROM contact o WHERE o.tenant = s.tenant AND o.customer = s.number) \
         FROM identity i JOIN customer_head s ON s.tenant = i.tenant AND s.number = i.home WHERE i.tenant = $1 AND i.namespace = 'email' AND i.match_key = $2";
    let sql = Sql {
        dialect: rapport.store.dialect,
        text: text.into(),
        values: vec![tenant.into(), email.into()],
    };
    let Some(row) =
        rapport.store.one(sql).await.map_err(|error| anyhow::anyhow!(error.detail()))?
    else {
        bail!("the store has no {email}: run `generate` first");
    };
    let counts = Counts::parse(&row.try_get_by_index::<String>(1)?)
        .map_err(|error| anyhow::anyhow!(error.detail()))?;
    Ok(Who {
        number: row.try_get_by_index(0)?,
        email: email.into(),
        phone: String::new(),
        contacts: usize::try_from(row.try_get_by_index::<i64>(2)?)?,
        total: counts.total(),
    })
}

/// People of the generated store with a name, an email and a number, drawn by the seed.
pub async fn sought(rapport: &Rapport, tenant: i64, seed: u64) -> Result<Vec<Sought>> {
    let text = "SELECT c.name, k.email, k.phone_number FROM customer_head s \
         JOIN customer c ON c.tenant = s.tenant AND c.number = s.number JOIN contact k ON k.tenant = s.tenant AND k.number = s.number \
         WHERE s.tenant = $1 AND s.merged_into IS NULL AND s.floor > 0 AND c.name IS NOT NULL AND k.email IS NOT NULL \
         AND k.phone_number IS NOT NULL ORDER BY (s.number / 4096 * 7919 + $2) % 1000003, s.number LIMIT 5000";
    let shift = (seed % 1_000_003) as i64 * 104_729;
    let sql = Sql {
        dialect: rapport.store.dialect,
        text: text.into(),
        values: vec![tenant.into(), shift.into()],
    };
    let rows = rapport.store.all(sql).await.map_err(|error| anyhow::anyhow!(error.detail()))?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Sought {
            name: fold(&row.try_get_by_index::<String>(0)?),
            email: row.try_get_by_index(1)?,
            phone: row.try_get_by_index(2)?,
        });
    }
    if !found.iter().any(|who| who.name.rsplit(' ').next().is_some_and(|name| name.len() > 5)) {
        bail!("nobody in the store has a name to look for: run `generate` first");
    }
    Ok(found)
}
