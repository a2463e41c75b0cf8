//! The part of a list that is asked for, as conditions of its statements.

use crate::domain::customer::list::CustomerList;
use crate::domain::customer::order::CustomerOrder;
use crate::ids::TenantId;
use crate::store::sql::Sql;

impl CustomerList {
    /// Adds the conditions that rows stand between the cursors.
    pub(super) fn between(&self, sql: &mut Sql) {
        let descending = self.order != CustomerOrder::NameAsc;
        for (place, further) in [(&self.after, true), (&self.before, false)] {
            if let Some(place) = place {
                place.compare(sql, if descending == further { " < " } else { " > " });
            }
        }
    }

    /// Adds a select of the place so many customers further on; none where the list ends before.
    pub(super) fn far_place(&self, sql: &mut Sql, tenant: TenantId, steps: i64) {
        sql.push("SELECT -1, ");
        if self.order.by_name() {
            sql.push("a, b, name FROM (SELECT CAST(0 AS BIGINT) AS a, c.number AS b, c.name_key AS name FROM customer c WHERE c.name_key IS NOT NULL AND c.tenant = ").bind(tenant);
        } else {
            sql.push("a, b, CAST(NULL AS TEXT) FROM (SELECT s.list_seen AS a, s.number AS b FROM customer_head s WHERE s.list_seen IS NOT NULL AND s.tenant = ").bind(tenant);
        }
        self.between(sql);
        if self.order == CustomerOrder::LastSeenDesc {
            self.filter.seen(sql);
        }
        self.order.order(sql, self.backwards);
        sql.push(&format!(" LIMIT 1 OFFSET {steps}) AS far"));
    }
}
