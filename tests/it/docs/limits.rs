//! `docs/limits.md` tells the limits that the code has.

use crate::docs::page;

/// File, constant, its value as it is written there, and the row that tells it.
const TOLD: &[(&str, &str, &str, &str)] = &[
    ("http/identify.rs", "MOST_BYTES: usize", "64 * 1024", "`POST /identify` 64 KiB |"),
    ("http/serve.rs", "MOST_HEADERS: usize", "100", "| headers | 100, together 64 KiB |"),
    ("http/serve.rs", "LARGEST_HEAD: usize", "64 * 1024", "| headers | 100, together 64 KiB |"),
    ("http/serve.rs", "FURTHER_CONNECTIONS: usize", "4_096", "and 4,096 connections more |"),
    ("http/viewer.rs", "LONGEST_TOKEN: usize", "8 * 1024", "| token | 8 KiB |"),
    (
        "http/socket/handshake.rs",
        "LARGEST_MESSAGE: usize",
        "256 * 1024",
        "| message on a socket | 256 KiB |",
    ),
    ("server/rate_limit.rs", "REQUEST_COST: u32", "5", "the same allowance; 5 points a request |"),
    ("graphql/page_arguments.rs", "MOST: i32", "200", "| page of a list | 200 |"),
    ("graphql/page_arguments.rs", "COUNTED: u64", "1_000", "counted up to 1,000,"),
    ("graphql/query/node.rs", "NODES: usize", "100", "| `nodes(ids:)` | 100 |"),
    ("graphql/query/search.rs", "HITS: i32", "50", "| hits of one page of a search | 50 |"),
    ("graphql/query/ringing_calls.rs", "MOST_CALLS: u64", "100", "| ringing calls | 100 |"),
    ("graphql/model/activity.rs", "MOST_DAYS: u16", "371", "| days of `activity` | 371 |"),
    ("domain/text/query.rs", "QUERY_CHARS: usize", "200", "| text of a search | 200 characters,"),
    ("domain/text/query.rs", "QUERY_WORDS: usize", "8", "200 characters, 8 words |"),
    (
        "domain/history/record/write.rs",
        "MOST_INPUTS: usize",
        "1_000",
        "`recordPageViews` | 1,000 |",
    ),
    (
        "domain/identity/identify/request.rs",
        "MOST_IDENTITIES: usize",
        "50",
        "| identities of one `identify` | 50 |",
    ),
    ("domain/identity/split.rs", "MOST_IDENTITIES: usize", "1_000", "`splitCustomer` | 1,000 |"),
    ("domain/identity/merge.rs", "MOST_CUSTOMERS: usize", "50", "`mergeCustomers` | 50 |"),
    ("domain/identity/merge.rs", "REASON_CHARS: usize", "500", "of a merge | 500 characters |"),
    ("domain/model/profile.rs", "NAME_CHARS: usize", "200", "| name of a customer | 200 char"),
    ("domain/model/profile.rs", "TRAITS: usize", "100", "| traits of a customer | 100,"),
    ("domain/model/profile.rs", "TRAITS_BYTES: usize", "16 * 1024", "100, together 16 KiB |"),
    ("domain/model/tags.rs", "TAGS: usize", "50", "| tags of a customer | 50,"),
    ("domain/model/tags.rs", "TAG_CHARS: usize", "50", "50, each 50 characters |"),
    ("domain/identifier/text.rs", "VALUE_CHARS: usize", "255", "| identifier | 255 characters;"),
    ("domain/identifier/email.rs", "EMAIL_CHARS: usize", "254", "email 254 |"),
    ("domain/history/record/fields.rs", "SOURCE: usize", "64", "`sourceId` | 64 and 255"),
    ("domain/history/record/fields.rs", "SHORT: usize", "255", "`sourceId` | 64 and 255"),
    ("domain/history/record/fields.rs", "TEXT_CHARS: usize", "20_000", "email | 20,000 characters"),
    ("domain/history/record/bodies.rs", "PARTS: usize", "20", "message or email | 20 |"),
    ("domain/history/record/bodies.rs", "RECORD_BYTES: usize", "32 * 1024", "a record | 32 KiB |"),
    ("domain/history/record/details.rs", "LONGEST_CALL: i64", "604_800", "a call | a week |"),
    (
        "domain/history/comments.rs",
        "COMMENT_CHARS: usize",
        "5_000",
        "| comment | 5,000 characters;",
    ),
    ("domain/history/comments.rs", "MOST_COMMENTS: i64", "500", "characters; 500 on one item |"),
    ("domain/tenant/page_rule.rs", "URL_CHARS: usize", "2048", "a page | 2,048 characters |"),
    ("domain/tenant/page_rule.rs", "MAX_RULES: usize", "50", "| rules for pages | 50 of each"),
    ("domain/identifier/blocked.rs", "MAX_RULES: usize", "500", "a tenant | 500, each 255"),
    ("domain/identifier/blocked.rs", "RULE_CHARS: usize", "255", "a tenant | 500, each 255"),
    ("outside/media.rs", "LARGEST: usize", "100 * 1024 * 1024", "a provider | 100 MiB |"),
    ("domain/source/admin.rs", "MOST_SOURCES: usize", "200", "| sources of a tenant | 200 |"),
    (
        "domain/idempotency.rs",
        "KEPT_FOR: Duration",
        "Duration::from_hours(24)",
        "is kept | 24 hours |",
    ),
    ("domain/source/expiry.rs", "KEPT: i64", "30 * 24 * 3_600 * 1_000_000", "is kept | 30 days |"),
    (
        "domain/source/secrets.rs",
        "FORMER: i64",
        "24 * 3_600 * 1_000_000",
        "| a former secret of a source is taken | 24 hours |",
    ),
    ("auth/claims.rs", "LEEWAY: Duration", "Duration::from_secs(5)", "may differ | 5 s |"),
    ("domain/live/calls.rs", "RINGS_FOR: i64", "180_000_000", "| a call rings | 3 minutes,"),
];

#[test]
fn every_limit_that_is_told_is_that_of_the_code() {
    let limits = page("docs/limits.md");
    let mut wrong = Vec::new();
    for (file, constant, value, row) in TOLD {
        if !page(&format!("src/{file}")).contains(&format!("const {constant} = {value};")) {
            wrong
                .push(format!("src/{file} has no `const {constant} = {value};`: is {row:?} true?"));
        }
        if !limits.contains(row) {
            wrong.push(format!("docs/limits.md lacks {row:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
