//! The statements of the lean floor: one for each thing where one does, two where rows are of two kinds.

/// Whom an address leads to: `$1` tenant, `$2` key.
const CUSTOMER: &str =
    "(SELECT customer FROM lean.identity WHERE tenant = $1 AND kind = 'email' AND key = $2)";

const CONTACT: &str = "k.number, k.email, k.phone, k.precedence, k.created_at";

/// The first of the list, again in each statement, so that none waits for another. Twenty, and not as many as one likes: with
/// a number that is not known, the plan that is kept is one for a tenth of all.
const FIRST: &str = "(SELECT number, name, seen FROM lean.customer WHERE tenant = $1 ORDER BY seen DESC, number DESC LIMIT 20)";

crate::floor::statements::statements! {
    page_customer, page_items, list_customers, list_items, identify_known, identify_new, record, search, search_number,
}

fn text(name: &str) -> String {
    match name {
        "page_customer" => format!(
            "SELECT {CONTACT}, c.number, c.name FROM lean.identity i JOIN lean.customer c ON c.number = i.customer \
             JOIN lean.contact k ON k.customer = c.number WHERE i.tenant = $1 AND i.kind = 'email' AND i.key = $2 ORDER BY k.number"
        ),
        "page_items" => format!(
            "SELECT type, id, occurred_at, channel, direction, state, duration, label, object, url, text FROM lean.item \
             WHERE customer = {CUSTOMER} ORDER BY occurred_at DESC, id DESC LIMIT 50"
        ),
        "list_customers" => format!(
            "SELECT {CONTACT}, f.number, f.name FROM {FIRST} f JOIN lean.contact k ON k.customer = f.number \
             ORDER BY f.seen DESC, f.number DESC, k.number"
        ),
        "list_items" => format!(
            "SELECT x.type, x.id, x.occurred_at, x.channel, x.text, f.number FROM {FIRST} f CROSS JOIN LATERAL ( \
             SELECT type, id, occurred_at, channel, text FROM lean.item WHERE customer = f.number ORDER BY occurred_at DESC, id DESC LIMIT 5) x"
        ),
        "identify_known" => "SELECT k.number, k.email, k.phone, e.customer, p.customer FROM (SELECT 1) AS one \
             LEFT JOIN lean.identity e ON e.tenant = $1 AND e.kind = $2 AND e.key = $3 \
             LEFT JOIN lean.identity p ON p.tenant = $1 AND p.kind = $4 AND p.key = $5 \
             LEFT JOIN lean.contact k ON k.customer = e.customer ORDER BY k.number"
            .into(),
        "identify_new" => "WITH c AS (INSERT INTO lean.customer (number, tenant, status, seen) VALUES ($2, $1, 1, $3)), \
             k AS (INSERT INTO lean.contact (number, customer, email, phone, precedence, created_at) VALUES ($2, $2, $4, $5, 1, $3)), \
             i AS (INSERT INTO lean.identity (tenant, kind, key, customer) SELECT $1, u.kind, u.key, $2 FROM unnest($6::text[], $7::text[]) AS u (kind, key)) \
             INSERT INTO lean.token (tenant, customer, token) SELECT $1, $2, u.token FROM unnest($8::text[]) AS u (token)"
            .into(),
        // Customers are locked in the order of their numbers: two batches never wait for each other.
        "record" => "WITH found AS MATERIALIZED (SELECT i.key, c.number FROM unnest($3::text[]) AS u (key) \
             JOIN lean.identity i ON i.tenant = $1 AND i.kind = 'email' AND i.key = u.key COLLATE \"C\" \
             JOIN lean.customer c ON c.number = i.customer ORDER BY c.number FOR UPDATE OF c), \
             seen AS (UPDATE lean.customer c SET seen = GREATEST(c.seen, $2) FROM (SELECT DISTINCT number FROM found) f WHERE c.number = f.number) \
             INSERT INTO lean.item (id, customer, occurred_at, type, channel, direction, source_id, text) \
             SELECT u.id, f.number, $2, 1, 4, 1, u.source_id, u.text \
             FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) AS u (id, key, source_id, text) JOIN found f ON f.key = u.key COLLATE \"C\""
            .into(),
        "search" => people(&tokens("$2", "$3")),
        // A number is looked for by either end.
        "search_number" => people(&format!("({}) UNION ALL ({})", tokens("$2", "$3"), tokens("$4", "$5"))),
        other => unreachable!("every prepared statement has a text: {other}"),
    }
}

/// Some customers have several tokens of a range: contacts of one name.
fn tokens(lower: &str, upper: &str) -> String {
    format!(
        "SELECT customer FROM lean.token WHERE tenant = $1 AND token >= {lower} AND token < {upper} ORDER BY token LIMIT 40"
    )
}

/// Twenty of them, with names, emails and phones.
fn people(tokens: &str) -> String {
    format!(
        "SELECT c.number, c.name, k.email, k.phone FROM (SELECT DISTINCT customer FROM ({tokens}) AS t LIMIT 20) f \
         JOIN lean.customer c ON c.number = f.customer CROSS JOIN LATERAL \
         (SELECT email, phone FROM lean.contact WHERE customer = f.customer ORDER BY number LIMIT 10) k"
    )
}
