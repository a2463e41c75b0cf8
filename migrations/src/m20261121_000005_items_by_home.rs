//! SQLite: the items of a home lie side by side, in the order of its history, so that a page is read from a few pages of
//! the file and not from one for each item. PostgreSQL's tables know no order.

crate::migration! {
    up: &[
        "sqlite:ALTER TABLE engagement RENAME TO engagement_before",
        "sqlite:CREATE TABLE engagement (tenant BIGINT NOT NULL, id BIGINT NOT NULL, home BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL, kind SMALLINT NOT NULL, channel SMALLINT NOT NULL, direction SMALLINT, identity BIGINT,
            source TEXT NOT NULL, source_id TEXT, record_type TEXT, state SMALLINT, state_at BIGINT NOT NULL, duration BIGINT,
            text TEXT, data TEXT, PRIMARY KEY (tenant, home, occurred_at DESC, id DESC)){keyed}",
        "sqlite:INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type,
            state, state_at, duration, text, data)
            SELECT tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type,
            state, state_at, duration, text, data
            FROM engagement_before ORDER BY tenant, home, occurred_at DESC, id DESC",
        "sqlite:DROP TABLE engagement_before",
        "sqlite:ALTER TABLE page_view RENAME TO page_view_before",
        "sqlite:CREATE TABLE page_view (tenant BIGINT NOT NULL, id BIGINT NOT NULL, home BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL, channel SMALLINT NOT NULL, direction SMALLINT, identity BIGINT,
            source TEXT NOT NULL, source_id TEXT, url TEXT NOT NULL, title TEXT, category TEXT, object_id TEXT, session_id TEXT,
            description TEXT, PRIMARY KEY (tenant, home, occurred_at DESC, id DESC)){keyed}",
        "sqlite:INSERT INTO page_view (tenant, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category,
            object_id, session_id, description)
            SELECT tenant, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category,
            object_id, session_id, description
            FROM page_view_before ORDER BY tenant, home, occurred_at DESC, id DESC",
        "sqlite:DROP TABLE page_view_before",
        "sqlite:CREATE UNIQUE INDEX engagement_id ON engagement (id)",
        "sqlite:CREATE UNIQUE INDEX page_view_id ON page_view (id)",
        "sqlite:CREATE INDEX engagement_latest ON engagement (tenant, occurred_at DESC, id DESC)",
        "sqlite:CREATE INDEX page_view_latest ON page_view (tenant, occurred_at DESC, id DESC)",
        "sqlite:CREATE UNIQUE INDEX engagement_source ON engagement (tenant, source, source_id) WHERE source_id IS NOT NULL",
        "sqlite:CREATE UNIQUE INDEX page_view_source ON page_view (tenant, source, source_id) WHERE source_id IS NOT NULL",
    ],
    down: &[
        "sqlite:ALTER TABLE engagement RENAME TO engagement_before",
        "sqlite:CREATE TABLE engagement (tenant BIGINT NOT NULL, id {item_id} NOT NULL, home BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL, kind SMALLINT NOT NULL, channel SMALLINT NOT NULL, direction SMALLINT, identity BIGINT,
            source TEXT NOT NULL, source_id TEXT, record_type TEXT, state SMALLINT, state_at BIGINT NOT NULL, duration BIGINT,
            text TEXT, data TEXT{words}{item_key})",
        "sqlite:INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type,
            state, state_at, duration, text, data)
            SELECT tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type,
            state, state_at, duration, text, data
            FROM engagement_before ORDER BY id",
        "sqlite:DROP TABLE engagement_before",
        "sqlite:ALTER TABLE page_view RENAME TO page_view_before",
        "sqlite:CREATE TABLE page_view (tenant BIGINT NOT NULL, id {item_id} NOT NULL, home BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL, channel SMALLINT NOT NULL, direction SMALLINT, identity BIGINT,
            source TEXT NOT NULL, source_id TEXT, url TEXT NOT NULL, title TEXT, category TEXT, object_id TEXT, session_id TEXT,
            description TEXT{words}{item_key})",
        "sqlite:INSERT INTO page_view (tenant, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category,
            object_id, session_id, description)
            SELECT tenant, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category,
            object_id, session_id, description
            FROM page_view_before ORDER BY id",
        "sqlite:DROP TABLE page_view_before",
        "sqlite:CREATE INDEX engagement_home ON engagement (tenant, home, occurred_at DESC, id DESC)",
        "sqlite:CREATE INDEX page_view_home ON page_view (tenant, home, occurred_at DESC, id DESC)",
        "sqlite:CREATE INDEX engagement_latest ON engagement (tenant, occurred_at DESC, id DESC)",
        "sqlite:CREATE INDEX page_view_latest ON page_view (tenant, occurred_at DESC, id DESC)",
        "sqlite:CREATE UNIQUE INDEX engagement_source ON engagement (tenant, source, source_id) WHERE source_id IS NOT NULL",
        "sqlite:CREATE UNIQUE INDEX page_view_source ON page_view (tenant, source, source_id) WHERE source_id IS NOT NULL",
    ],
}
