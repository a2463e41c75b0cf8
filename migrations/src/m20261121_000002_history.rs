//! What happened: engagements, page views, comments, and the log behind the live history.

crate::migration! {
    up: &[
        // Bound to the home of the identity through which it came, and never moved by a merge.
        "CREATE TABLE engagement (tenant BIGINT NOT NULL, id {item_id} NOT NULL, home BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL, kind SMALLINT NOT NULL, channel SMALLINT NOT NULL, direction SMALLINT, identity BIGINT,
            source TEXT NOT NULL, source_id TEXT, record_type TEXT, state SMALLINT, state_at BIGINT NOT NULL, duration BIGINT,
            text TEXT, data TEXT{words}{item_key})",
        "CREATE TABLE page_view (tenant BIGINT NOT NULL, id {item_id} NOT NULL, home BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL, channel SMALLINT NOT NULL, direction SMALLINT, identity BIGINT,
            source TEXT NOT NULL, source_id TEXT, url TEXT NOT NULL, title TEXT, category TEXT, object_id TEXT, session_id TEXT,
            description TEXT{words}{item_key})",
        // The one history of a home, in order, on both tables alike.
        "CREATE INDEX engagement_home ON engagement (tenant, home, occurred_at DESC, id DESC)",
        "CREATE INDEX page_view_home ON page_view (tenant, home, occurred_at DESC, id DESC)",
        // Query.feed: the tenant's latest.
        "CREATE INDEX engagement_latest ON engagement (tenant, occurred_at DESC, id DESC)",
        "CREATE INDEX page_view_latest ON page_view (tenant, occurred_at DESC, id DESC)",
        // The same (source, sourceId) twice is one item.
        "CREATE UNIQUE INDEX engagement_source ON engagement (tenant, source, source_id) WHERE source_id IS NOT NULL",
        "CREATE UNIQUE INDEX page_view_source ON page_view (tenant, source, source_id) WHERE source_id IS NOT NULL",
        "CREATE TABLE comment (tenant BIGINT NOT NULL, id BIGINT NOT NULL, item BIGINT NOT NULL, home BIGINT NOT NULL, text TEXT NOT NULL,
            author TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (tenant, id)){keyed}",
        "CREATE INDEX comment_item ON comment (tenant, item, id)",
        "CREATE INDEX comment_home ON comment (tenant, home, id)",
        // The log: ids only. A relink entry names the other side and, in `detail`, the homes that moved. (transaction, seq) is the feed's order, (customer, position) a customer's.
        "CREATE TABLE change (seq {counted}, xid {transaction}, tenant BIGINT NOT NULL, customer BIGINT NOT NULL, position BIGINT NOT NULL,
            kind SMALLINT NOT NULL, item BIGINT, item_kind SMALLINT, other BIGINT, other_position BIGINT, detail TEXT, at BIGINT NOT NULL)",
        "CREATE UNIQUE INDEX change_customer ON change (tenant, customer, position)",
        "CREATE INDEX change_feed ON change (tenant, xid, seq)",
    ],
    down: &[
        "DROP TABLE change", "DROP TABLE comment", "DROP TABLE page_view", "DROP TABLE engagement",
    ],
}
