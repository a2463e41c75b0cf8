//! The list that is looked at most: everybody by time, without a filter. It is read from what was prepared of each person;
//! who or what was not prepared is read beside it.

use crate::domain::customer::beside::{Beside, Found};
use crate::domain::customer::filter::CustomerFilter;
use crate::domain::customer::list::{CustomerList, Placed};
use crate::domain::customer::order::{CustomerOrder, CustomerPlace};
use crate::domain::history::page::PageRequest;
use crate::domain::history::prepared;
use crate::domain::model::person_card::Told;
use crate::domain::model::standing::{STANDING, Standing, standing_columns};
use crate::domain::rapport::Rapport;
use crate::domain::search::Person;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::row::{get, maybe};

impl CustomerList {
    /// Whether it is everybody by time, with nothing beside them that is never prepared.
    pub(super) fn is_everybody(&self, beside: Beside<'_>) -> bool {
        !self.order.by_name()
            && self.filter == CustomerFilter::default()
            && beside.page.is_none_or(PageRequest::is_newest)
    }
}

impl Rapport {
    /// A page of everybody, and whether there are more.
    pub(super) async fn everybody(
        &self,
        tenant: TenantId,
        list: &CustomerList,
        beside: Beside<'_>,
    ) -> Result<(Vec<Placed>, bool)> {
        let mut sql = self.store.sql();
        sql.push("SELECT s.number, k.card, ");
        standing_columns(&mut sql, tenant, "s", "number");
        if let Some(request) = beside.page {
            prepared::columns(sql.push(", "), request);
        }
        sql.push(" FROM customer_head s LEFT JOIN person_card k ON k.tenant = s.tenant AND k.customer = s.number");
        beside.join(&mut sql);
        sql.push(" WHERE s.tenant = ").bind(tenant).push(list.order.listed());
        list.between(&mut sql);
        list.order.order(&mut sql, list.backwards);
        sql.push(" LIMIT ").bind((list.limit + 1) as i64);
        let mut people = Vec::new();
        for row in self.store.all(sql).await? {
            let number = get(&row, 0)?;
            let standing = Standing::read(tenant, number, &row, 2)?;
            let place = match list.order {
                CustomerOrder::LastSeenDesc => {
                    CustomerPlace::Seen(standing.last_seen.unwrap_or_default(), number)
                }
                _ => CustomerPlace::Created(number),
            };
            let newest = match beside.page {
                Some(request) => prepared::read(&row, 2 + STANDING, request.columns)?,
                None => None,
            };
            people.push(((place, newest), Person { standing, card: maybe(&row, 1)? }));
        }
        let (people, more) = list.page(people);
        let read = |(place, newest), told: Told<'_>| (Found::told(told, newest, beside), place);
        Ok((self.told(tenant, people, read).await?, more))
    }
}
