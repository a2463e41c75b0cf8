//! What was said of a home itself, beside what its row shows: a survivor's row shows the person.

crate::migration! {
    up: &["ALTER TABLE customer ADD COLUMN own TEXT"],
    down: &[
        // The rows show again what was said of each; the name's key is set when the name is said again.
        "sqlite:UPDATE customer SET name = own ->> '$.name', name_at = own ->> '$.name_at', name_key = lower(own ->> '$.name'),
            stage = CASE own ->> '$.stage' WHEN 'CUSTOMER' THEN 3 WHEN 'LEAD' THEN 2 ELSE 1 END,
            tags = own -> '$.tags', traits = own -> '$.traits', trait_times = own -> '$.trait_times' WHERE own IS NOT NULL",
        "postgres:UPDATE customer SET name = own::json ->> 'name', name_at = (own::json ->> 'name_at')::bigint, name_key = lower(own::json ->> 'name'),
            stage = CASE own::json ->> 'stage' WHEN 'CUSTOMER' THEN 3 WHEN 'LEAD' THEN 2 ELSE 1 END,
            tags = own::json ->> 'tags', traits = own::json ->> 'traits', trait_times = own::json ->> 'trait_times' WHERE own IS NOT NULL",
        "ALTER TABLE customer DROP COLUMN own",
    ],
}
