//! Items that the staff corrected or deleted: what it said of a page view stands beside it (other items have their `data`),
//! and a deleted item leaves its source's id, so that the source does not bring it back.

crate::migration! {
    up: &[
        "ALTER TABLE page_view ADD COLUMN correction TEXT",
        "CREATE TABLE deleted_item (tenant BIGINT NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL, page_view BOOLEAN NOT NULL,
            item BIGINT NOT NULL, home BIGINT NOT NULL, deleted_at BIGINT NOT NULL,
            PRIMARY KEY (tenant, source, source_id, page_view)){keyed}",
        "CREATE INDEX deleted_item_home ON deleted_item (tenant, home)",
    ],
    down: &["DROP TABLE deleted_item", "ALTER TABLE page_view DROP COLUMN correction"],
}
