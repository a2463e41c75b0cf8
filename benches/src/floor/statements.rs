//! The statements of the floor, prepared once on each connection.

/// Where an address leads: `$1` tenant, `$2` match key.
const HOME: &str = "(SELECT COALESCE(h.merged_into, h.number) FROM identity k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home \
     WHERE k.tenant = $1 AND k.namespace = 'email' AND k.match_key = $2)";

const ENGAGEMENT: &str = "kind, id, occurred_at, channel, direction, state, duration, record_type AS c1, text AS c2, data AS c3";
const PAGE_VIEW: &str = "4::smallint AS kind, id, occurred_at, channel, direction, NULL::smallint AS state, NULL::bigint AS duration, \
     category AS c1, object_id AS c2, url AS c3";

/// Newest first over both tables: the two indexes are read side by side, no further than the page goes.
fn history(home: &str, limit: u32) -> String {
    let arm = |columns: &str, table: &str| {
        format!(
            "(SELECT {columns} FROM {table} WHERE tenant = $1 AND home = {home} ORDER BY occurred_at DESC, id DESC LIMIT {limit})"
        )
    };
    format!(
        "{} UNION ALL {} ORDER BY occurred_at DESC, id DESC LIMIT {limit}",
        arm(ENGAGEMENT, "engagement"),
        arm(PAGE_VIEW, "page_view")
    )
}

/// The three statements of the page, which pgbench runs as well.
pub fn page() -> [String; 3] {
    [
        "SELECT s.number, s.counts, c.name, (SELECT COUNT(*) FROM customer_head m WHERE m.tenant = s.tenant AND m.merged_into = s.number) \
         FROM identity k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home \
         JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) \
         JOIN customer c ON c.tenant = s.tenant AND c.number = s.number \
         WHERE k.tenant = $1 AND k.namespace = 'email' AND k.match_key = $2"
            .into(),
        format!(
            "SELECT number, email, phone_number, link_precedence, created_at FROM contact \
             WHERE tenant = $1 AND customer = {HOME} AND deleted_at IS NULL ORDER BY number"
        ),
        history(HOME, 50),
    ]
}

/// The first 20 of the list, again in each statement, so that none waits for another. A number that is given would be planned
/// for anew each time: not knowing it, PostgreSQL expects a tenth of all.
fn first() -> &'static str {
    "(SELECT tenant, number, list_seen FROM customer_head WHERE tenant = $1 AND list_seen IS NOT NULL \
     ORDER BY list_seen DESC, number DESC LIMIT 20)"
}

/// A struct of prepared statements; a function `text` in the same place knows what each is.
macro_rules! statements {
    ($($name:ident),+ $(,)?) => {
        /// Prepared on one connection.
        #[derive(Debug)]
        pub struct Statements { $(pub $name: tokio_postgres::Statement,)+ }

        impl crate::floor::links::Prepared for Statements {
            async fn prepare(client: &tokio_postgres::Client) -> anyhow::Result<Self> {
                Ok(Statements { $($name: client.prepare(&text(stringify!($name))).await?,)+ })
            }
        }
    };
}
pub(super) use statements;

statements! {
    begin, commit, page_profile, page_contacts, page_history, group_history, list_customers, list_contacts, list_history,
    identify_lookup, identify_contacts, new_identities, new_customer, new_contact, new_head, new_evidence, new_terms, new_doc,
    add_changes, lock_heads, touch_identities, add_engagements, update_heads, search, search_number,
}

fn text(name: &str) -> String {
    let page = page();
    match name {
        "begin" => "BEGIN".into(),
        "commit" => "COMMIT".into(),
        "page_profile" => page[0].clone(),
        "page_contacts" => page[1].clone(),
        "page_history" => page[2].clone(),
        // A customer of several homes: each home's newest, then the newest of these.
        "group_history" => format!(
            "SELECT x.* FROM (SELECT number FROM customer_head WHERE tenant = $1 AND number = $2 \
             UNION ALL SELECT number FROM customer_head WHERE tenant = $1 AND merged_into = $2) g \
             CROSS JOIN LATERAL ({}) x ORDER BY x.occurred_at DESC, x.id DESC LIMIT 50",
            history("g.number", 50)
        ),
        "list_customers" => format!(
            "SELECT f.number, c.name FROM {} f JOIN customer c ON c.tenant = f.tenant AND c.number = f.number ORDER BY f.list_seen DESC, f.number DESC",
            first()
        ),
        "list_contacts" => format!(
            "SELECT k.customer, k.number, k.email, k.phone_number, k.link_precedence FROM {} f \
             JOIN contact k ON k.tenant = f.tenant AND k.customer = f.number WHERE k.deleted_at IS NULL ORDER BY k.number",
            first()
        ),
        "list_history" => format!("SELECT f.number, x.* FROM {} f CROSS JOIN LATERAL ({}) x", first(), history("f.number", 5)),
        "identify_lookup" => "SELECT k.id, COALESCE(h.merged_into, h.number) FROM identity k \
             JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home WHERE k.tenant = $1 AND k.namespace = $2 AND k.match_key = $3"
            .into(),
        "identify_contacts" => {
            format!("SELECT number, email, phone_number FROM contact WHERE tenant = $1 AND customer = {HOME} AND deleted_at IS NULL ORDER BY number")
        }
        "new_identities" => "INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, source, actor, first_seen, last_seen) \
             SELECT $1, u.id, u.namespace, u.match_key, $2, $2, u.kind, u.value, u.value, 1, 'api', 'bench', $3, $3 \
             FROM unnest($4::bigint[], $5::text[], $6::text[], $7::smallint[], $8::text[]) AS u (id, namespace, match_key, kind, value)"
            .into(),
        "new_customer" => "INSERT INTO customer (tenant, number, status, stage, created_at, updated_at) VALUES ($1, $2, 1, 1, $3, $3)".into(),
        "new_contact" => "INSERT INTO contact (tenant, number, home, customer, email, phone_number, link_precedence, created_at, updated_at) \
             VALUES ($1, $2, $2, $2, $3, $4, 1, $5, $5)"
            .into(),
        "new_head" => "INSERT INTO customer_head (tenant, number, position, list_seen) VALUES ($1, $2, 1, $3)".into(),
        "new_evidence" => "INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at) VALUES ($1, $2, $3, 3, 'api', 'bench', $4)".into(),
        "new_terms" => "INSERT INTO search_term (tenant, home, person, age, field, term) SELECT $1, $2, $2, 0, u.field, u.term FROM unnest($3::text[], $4::smallint[]) AS u (term, field)".into(),
        "new_doc" => "INSERT INTO search_doc (tenant, home, words) VALUES ($1, $2, $3)".into(),
        "add_changes" => "INSERT INTO change (tenant, customer, position, kind, item, item_kind, at) \
             SELECT $1, u.customer, u.position, $2, u.item, $3, $4 FROM unnest($5::bigint[], $6::bigint[], $7::bigint[]) AS u (customer, position, item)"
            .into(),
        "lock_heads" => "SELECT k.match_key, k.id, h.number, h.counts, s.number, s.position, k.last_seen FROM unnest($2::text[]) AS u (match_key) \
             JOIN identity k ON k.tenant = $1 AND k.namespace = 'email' AND k.match_key = u.match_key COLLATE \"C\" \
             JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home \
             JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) ORDER BY h.number FOR UPDATE OF h, s"
            .into(),
        "touch_identities" => "UPDATE identity SET last_seen = $2 WHERE tenant = $1 AND id = ANY ($3)".into(),
        "add_engagements" => "INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, state_at, text, words) \
             SELECT $1, u.id, u.home, $2, $2, 1, 4, 1, u.identity, 'bench', u.source_id, $2, u.text, array_to_tsvector(string_to_array(u.words, ' ')) \
             FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[]) AS u (id, home, identity, source_id, text, words)"
            .into(),
        // A home and its survivor are one row or two: times and counts go to the home, list and position to the survivor.
        "update_heads" => "UPDATE customer_head SET position = GREATEST(customer_head.position, u.position), \
             list_seen = CASE WHEN u.position > 0 THEN GREATEST(customer_head.list_seen, $2) ELSE customer_head.list_seen END, \
             last_seen = CASE WHEN u.counts <> '' THEN $2 ELSE customer_head.last_seen END, \
             last_inbound = CASE WHEN u.counts <> '' THEN $2 ELSE customer_head.last_inbound END, \
             counts = CASE WHEN u.counts <> '' THEN u.counts ELSE customer_head.counts END \
             FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS u (number, position, counts) \
             WHERE customer_head.tenant = $1 AND customer_head.number = u.number"
            .into(),
        "search" => format!("{} LIMIT 20", found("$2", "$3")),
        // A number is looked for by either end.
        "search_number" => format!(
            "({} LIMIT 20) UNION ALL ({} LIMIT 20) LIMIT 20",
            found("$2", "$3"),
            found("$4", "$5")
        ),
        other => unreachable!("every prepared statement has a text: {other}"),
    }
}

/// A range of the inverted index, and the names of whom it finds.
fn found(lower: &str, upper: &str) -> String {
    format!(
        "SELECT t.person, c.name FROM search_term t JOIN customer c ON c.tenant = t.tenant AND c.number = t.person \
         WHERE t.tenant = $1 AND t.term >= {lower} AND t.term < {upper}"
    )
}
