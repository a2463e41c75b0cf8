//! Lists sort a customer by when something happened last. Until now somebody whose first event was an old one stood at
//! the time at which the event was recorded.

crate::migration! {
    up: &[
        // Two looks by keys: for one with OR a store may go through all heads of the tenant, for each of them. SQLite, which has no
        // statistics yet, is told which key.
        "sqlite:UPDATE customer_head SET list_seen = (SELECT MAX(homes.last_seen) FROM (
            SELECT m.last_seen FROM customer_head m WHERE m.tenant = customer_head.tenant AND m.number = customer_head.number
            UNION ALL SELECT m.last_seen FROM customer_head m INDEXED BY customer_head_merged WHERE m.tenant = customer_head.tenant AND m.merged_into = customer_head.number) AS homes)
            WHERE list_seen > (SELECT MAX(homes.last_seen) FROM (
            SELECT m.last_seen FROM customer_head m WHERE m.tenant = customer_head.tenant AND m.number = customer_head.number
            UNION ALL SELECT m.last_seen FROM customer_head m INDEXED BY customer_head_merged WHERE m.tenant = customer_head.tenant AND m.merged_into = customer_head.number) AS homes)",
        "postgres:UPDATE customer_head SET list_seen = (SELECT MAX(homes.last_seen) FROM (
            SELECT m.last_seen FROM customer_head m WHERE m.tenant = customer_head.tenant AND m.number = customer_head.number
            UNION ALL SELECT m.last_seen FROM customer_head m WHERE m.tenant = customer_head.tenant AND m.merged_into = customer_head.number) AS homes)
            WHERE list_seen > (SELECT MAX(homes.last_seen) FROM (
            SELECT m.last_seen FROM customer_head m WHERE m.tenant = customer_head.tenant AND m.number = customer_head.number
            UNION ALL SELECT m.last_seen FROM customer_head m WHERE m.tenant = customer_head.tenant AND m.merged_into = customer_head.number) AS homes)",
    ],
    down: &[],
}
