//! The stages that a company names itself: a customer keeps the number of its own.

crate::migration! {
    up: &[
        "ALTER TABLE customer ADD COLUMN stage_id SMALLINT",
        // customers(filter: { stageNames: … }).
        "CREATE INDEX customer_own_stage ON customer (tenant, stage_id, number) WHERE stage_id IS NOT NULL",
    ],
    down: &["DROP INDEX customer_own_stage", "ALTER TABLE customer DROP COLUMN stage_id"],
}
