//! Lists sort a customer by when something happened last. Until now somebody whose first event was an old one stood at
//! the time at which the event was recorded.

crate::migration! {
    up: &[
        "UPDATE customer_head SET list_seen = (SELECT MAX(m.last_seen) FROM customer_head m WHERE m.tenant = customer_head.tenant
            AND (m.number = customer_head.number OR m.merged_into = customer_head.number))
            WHERE list_seen > (SELECT MAX(m.last_seen) FROM customer_head m WHERE m.tenant = customer_head.tenant
            AND (m.number = customer_head.number OR m.merged_into = customer_head.number))",
    ],
    down: &[],
}
