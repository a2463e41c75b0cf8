//! SQLite: what its planner is told of tables and indexes. Nobody runs `ANALYZE` on a store, and without it SQLite takes it that
//! ten rows have a tenant: it goes through all of one rather than sort a few. These are the statistics of a store of 200,000
//! customers of one tenant, so that each statement has one plan, whatever the store holds. An index of later has its row in
//! its own migration.

crate::migration! {
    up: &[
        // Makes the table.
        "sqlite:ANALYZE compatibility",
        "sqlite:DELETE FROM sqlite_stat1",
        "sqlite:INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('audit', 'audit', '100000 100000 1'), ('audit', 'audit_action', '100000 100000 5000 1'),
            ('audit', 'audit_actor', '100000 100000 1000 1'), ('audit', 'audit_customer', '100000 100000 5 1'),
            ('change', 'change_feed', '1000000 1000000 100 1'), ('change', 'change_customer', '1000000 1000000 5 1'),
            ('comment', 'comment', '100000 100000 1'), ('comment', 'comment_home', '100000 100000 3 1'),
            ('comment', 'comment_item', '100000 100000 1 1'),
            ('contact', 'contact', '400000 400000 1'), ('contact', 'contact_customer', '400000 400000 2 1'),
            ('customer', 'customer', '200000 200000 1'), ('customer', 'customer_own_stage', '20000 20000 2000 1'),
            ('customer', 'customer_set_aside', '20000 20000 10000 1'), ('customer', 'customer_stage', '200000 200000 66667 1'),
            ('customer', 'customer_created', '200000 200000 1 1'), ('customer', 'customer_name', '200000 200000 2 1'),
            ('customer_head', 'customer_head', '200000 200000 1'), ('customer_head', 'customer_head_seen', '200000 200000 1 1'),
            ('customer_head', 'customer_head_merged', '1000 1000 3'),
            ('customer_tag', 'customer_tag', '20000 20000 2000 1'), ('customer_tag', 'customer_tag_number', '20000 20000 1'),
            ('customer_trait', 'customer_trait', '160000 160000 80000 5 1'), ('customer_trait', 'customer_trait_number', '160000 160000 2'),
            ('deleted_item', 'deleted_item', '1000 1000 200 1 1'), ('deleted_item', 'deleted_item_home', '1000 1000 2'),
            ('engagement', 'engagement', '4000000 4000000 22 1 1'), ('engagement', 'engagement_source', '4000000 4000000 1000000 1'),
            ('engagement', 'engagement_latest', '4000000 4000000 1 1'), ('engagement', 'engagement_id', '4000000 1'),
            ('erased_key', 'erased_key', '1000 1000 1'),
            ('file', 'file', '100000 100000 1'), ('file', 'file_hash', '100000 100000 1'), ('file', 'file_item', '100000 100000 1'),
            ('file_content', 'file_content', '100000 100000 1'),
            ('file_removal', 'file_removal', '1000 1000 1'), ('file_removal', 'file_removal_due', '1000 1'),
            ('idempotency', 'idempotency', '100000 100000 10000 1'), ('idempotency', 'idempotency_at', '100000 1'),
            ('identity', 'identity', '600000 600000 1'), ('identity', 'identity_key', '600000 600000 1 1'),
            ('identity', 'identity_home', '600000 600000 4 1'), ('identity', 'identity_kind', '600000 600000 120000 2'),
            ('identity', 'identity_other_kinds', '10000 10000 1 1'), ('identity', 'identity_reread', '10000 10000 1'),
            ('keep_apart', 'keep_apart', '1000 1000 1'), ('keep_apart', 'keep_apart_a', '1000 1000 2'), ('keep_apart', 'keep_apart_b', '1000 1000 2'),
            ('link_evidence', 'link_evidence', '400000 400000 2 1'), ('link_evidence', 'link_evidence_b', '400000 400000 1 1'),
            ('link_review', 'link_review', '1000 1000 1'), ('link_review', 'link_review_open', '100 100 1'),
            ('link_review', 'link_review_state', '1000 1000 300 1'),
            ('mail_thread', 'mail_thread', '100000 100000 1 1'), ('mail_thread', 'mail_thread_item', '100000 100000 2'),
            ('merge_edge', 'merge_edge', '1000 1000 1'), ('merge_edge', 'merge_edge_a', '1000 1000 3'), ('merge_edge', 'merge_edge_b', '1000 1000 1'),
            ('newest_items', 'sqlite_autoindex_newest_items_1', '100000 100000 1'),
            ('page_view', 'page_view', '2000000 2000000 11 1 1'), ('page_view', 'page_view_source', '200000 200000 50000 1'),
            ('page_view', 'page_view_latest', '2000000 2000000 1 1'), ('page_view', 'page_view_id', '2000000 1'),
            ('person_card', 'sqlite_autoindex_person_card_1', '200000 200000 1'),
            ('relay', 'relay', '1 1'),
            ('removed_identity', 'removed_identity', '1000 1000 1'), ('removed_identity', 'removed_identity_home', '1000 1000 2 1'),
            ('search_renewal', 'search_renewal', '1 1'),
            ('search_term', 'search_term', '4000000 4000000 22 1 1'), ('search_term', 'search_term_person', '4000000 4000000 2 2 1'),
            ('source', 'source', '10 10 1'), ('source', 'source_name', '10 10 1'), ('source', 'source_key', '10 1'),
            ('source_event', 'source_event', '100000 100000 1'), ('source_event', 'source_event_at', '100000 1'),
            ('source_event', 'source_event_digest', '100000 100000 10000 1'),
            ('source_event_mark', 'source_event_mark', '100000 100000 1 1'), ('source_event_mark', 'source_event_mark_event', '100000 100000 2')",
        // For this connection; others read it when they see that the schema has changed.
        "sqlite:ANALYZE sqlite_schema",
    ],
    down: &["sqlite:DROP TABLE sqlite_stat1"],
}
