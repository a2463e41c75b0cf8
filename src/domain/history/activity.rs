//! How much happened on each day: items of a history by day and channel, for a chart.
//!
//! For each home the days' part of its two indexes is read and counted where it lies; nothing of an item travels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::rapport::Rapport;
use crate::entity::kinds::Channel;
use crate::entity::table::CellType;
use crate::error::Result;
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::lines::lines;
use crate::store::row::{get, kind};
use crate::store::sql::Sql;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The last days, today among them, as a clock shows them that is so many minutes ahead of UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LastDays {
    pub days: u16,
    pub minutes_east: i16,
}

/// A day on which something happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActiveDay {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Items by channel.
    pub channels: BTreeMap<Channel, i64>,
}

impl LastDays {
    fn ahead(self) -> i64 {
        i64::from(self.minutes_east) * MINUTE
    }

    /// From the midnight with which the first of them begins to the one with which today ends.
    fn range(self, now: Micros) -> (Micros, Micros) {
        let tomorrow = (now.0 + self.ahead()).div_euclid(DAY) + 1;
        let midnight = |day: i64| Micros(day * DAY - self.ahead());
        (midnight(tomorrow - i64::from(self.days)), midnight(tomorrow))
    }
}

impl Rapport {
    /// The days on which something happened with each customer, oldest first, in the order of the customers; each with all
    /// its homes. One statement for all of them.
    pub async fn activity(
        &self,
        tenant: TenantId,
        customers: &[Vec<CustomerId>],
        last: LastDays,
    ) -> Result<Vec<Vec<ActiveDay>>> {
        let homes: BTreeSet<CustomerId> = customers.iter().flatten().copied().collect();
        let mut sql = self.store.sql();
        select(&mut sql, tenant, homes, last, last.range(self.clock.now()));
        let mut counts: HashMap<CustomerId, Vec<(i64, i32, i64)>> = HashMap::new();
        for row in self.store.all(sql).await? {
            counts.insert(get(&row, 0)?, lines(&row, 1)?);
        }
        customers
            .iter()
            .map(|homes| days(homes.iter().filter_map(|home| counts.get(home))))
            .collect()
    }
}

/// A row for each home: its number, and lines of day, channel and count.
fn select(
    sql: &mut Sql,
    tenant: TenantId,
    homes: impl IntoIterator<Item = CustomerId>,
    last: LastDays,
    (from, to): (Micros, Micros),
) {
    sql.push("SELECT h.column1, ");
    sql.lines("day, channel, items", |sql| {
        for (n, table) in ["engagement", "page_view"].into_iter().enumerate() {
            sql.push(if n == 0 {
                "SELECT (occurred_at + "
            } else {
                " UNION ALL SELECT (occurred_at + "
            });
            sql.bind(last.ahead())
                .push(") / ")
                .add(DAY)
                .push(" AS day, channel, COUNT(*) AS items FROM ");
            sql.push(table).push(" WHERE tenant = ").bind(tenant).push(" AND home = h.column1");
            sql.push(" AND occurred_at >= ").bind(from).push(" AND occurred_at < ").bind(to);
            sql.push(" GROUP BY 1, 2");
        }
    });
    let homes: Vec<_> = homes.into_iter().map(|home| vec![home.0.into()]).collect();
    sql.push(" FROM ").rows(&[CellType::Big], &homes).push(" AS h");
}

/// The days of several homes as those of one customer.
fn days<'a>(homes: impl Iterator<Item = &'a Vec<(i64, i32, i64)>>) -> Result<Vec<ActiveDay>> {
    let mut days: BTreeMap<i64, BTreeMap<Channel, i64>> = BTreeMap::new();
    for (day, channel, items) in homes.flatten() {
        let channel = kind(*channel, Channel::from_number)?;
        *days.entry(*day).or_default().entry(channel).or_default() += items;
    }
    Ok(days.into_iter().map(|(day, channels)| ActiveDay { day, channels }).collect())
}

#[cfg(test)]
mod tests {
    use crate::domain::history::activity::{ActiveDay, LastDays, days};
    use crate::entity::kinds::Channel;
    use crate::ids::Micros;

    #[test]
    fn days_begin_and_end_at_the_viewers_midnight() {
        const HOUR: i64 = 3_600_000_000;
        // 1970-01-11T01:30Z.
        let now = Micros(10 * 24 * HOUR + HOUR + HOUR / 2);
        for (days, minutes_east, from, to) in [
            (1, 0, 10 * 24, 11 * 24),
            (7, 0, 4 * 24, 11 * 24),
            // New York: still the day before.
            (1, -300, 9 * 24 + 5, 10 * 24 + 5),
            (1, 120, 10 * 24 - 2, 11 * 24 - 2),
            (2, 840, 9 * 24 - 14, 11 * 24 - 14),
            (371, -840, 9 * 24 + 14 - 370 * 24, 10 * 24 + 14),
        ] {
            let range = LastDays { days, minutes_east }.range(now);
            assert_eq!(range, (Micros(from * HOUR), Micros(to * HOUR)), "{days} {minutes_east}");
        }
        // At midnight itself a day begins.
        let last = LastDays { days: 1, minutes_east: 330 };
        let midnight = Micros(10 * 24 * HOUR - 330 * 60_000_000);
        assert_eq!(last.range(midnight).0, midnight);
        assert_eq!(last.range(Micros(midnight.0 - 1)).1, midnight);
    }

    #[test]
    fn homes_add_up_day_by_day() {
        let (one, other) = (vec![(5, 3, 2), (4, 1, 1)], vec![(5, 3, 4), (5, 6, 1), (4, 1, 7)]);
        let told = days([&one, &other].into_iter()).unwrap();
        let day = |day, channels: &[(Channel, i64)]| ActiveDay {
            day,
            channels: channels.iter().copied().collect(),
        };
        let (web, sms, voice) = (Channel::Web, Channel::Sms, Channel::Voice);
        assert_eq!(told, [day(4, &[(web, 8)]), day(5, &[(sms, 6), (voice, 1)])]);
        assert_eq!(days(std::iter::empty()).unwrap(), []);
        assert!(days([&vec![(1, 99, 1)]].into_iter()).is_err(), "an unknown channel");
    }
}
