//! The dearest documents that anybody found. Each takes less than 50 ms and 20 MB when it is
//! compiled for release; the bound here is for a debug build, and what is quadratic or worse goes
//! far beyond it.

use std::fmt::Write;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::graphql::document::tests::{all_wrong, wrong};

const BOUND: Duration = Duration::from_secs(10);

/// How long this thread has run. Where the system does not say it, waiting for a processor counts.
fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn many(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect()
}

fn customers(selections: &str) -> String {
    format!("{{customers{{nodes{{{selections}}}}}}}")
}

/// Inside each item's customer its history again, once for the interface and once for each object.
fn interfaces(levels: usize, selections: &str) -> String {
    let mut inner = selections.to_string();
    for _ in 0..levels {
        let again = format!("customer{{history{{nodes{{{selections}}}}}}}");
        let objects = ["Call", "Email", "Message", "Note", "PageView", "RecordEvent"];
        let objects = objects.map(|object| format!("...on {object}{{{again}}}")).concat();
        inner = format!("customer{{history{{nodes{{{inner}}}}}}}{objects}{selections}");
    }
    format!("{{feed{{nodes{{{inner}}}}}}}")
}

fn documents() -> Vec<String> {
    let query = |part: &str, n: usize| format!("{{{}}}", part.repeat(n));
    vec![
        "{a".repeat(45_000),
        format!("{{a(b:\" \n \" {}", "{a".repeat(45_000)),
        format!("{{a(b:\" \n \" {}", "[".repeat(90_000)),
        format!("{{a(b:{})}}", "[".repeat(49_000)),
        query("viewer{role}", 20),
        format!("{{viewer{{{}}}}}", "role ".repeat(9_900)),
        customers(&"contacts{customer{suggestions{suggestions{suggestions{id}}}}} ".repeat(1_200)),
        customers(&many(1_200, |n| format!("history(first:{n}){{nodes{{id}}}} "))),
        customers(&many(9_000, |n| format!("nam{n} "))),
        customers(&"id{x{y}} ".repeat(2_400)),
        customers(&"...on Custmer{id}".repeat(2_400)),
        interfaces(3, "id"),
        interfaces(4, &"id ".repeat(200)),
        interfaces(4, &format!("comments(after:\"{}\"){{nodes{{id}}}} ", "x".repeat(400))),
        format!("{{nodes(ids:[{}]){{id}}}}", "$v ".repeat(9_000)),
        format!("query {}{{nodes(ids:[{}]){{id}}}}", "Q".repeat(50_000), "$a ".repeat(9_000)),
        format!(
            "query({}){{nodes(ids:[{}]){{id}}}}",
            many(500, |n| format!("$v{n}:Int ")),
            many(8_000, |n| format!("$v{} ", n % 500))
        ),
        format!("query({}){{a}}", many(500, |n| format!("$v{n}:Custmer{n} "))),
        format!("{{customer(by:{{{}}}){{id}}}}", many(4_900, |n| format!("a{n}:1 "))),
        format!("mutation{{recordEngagements(inputs:[{}]){{a}}}}", "{} ".repeat(9_000)),
        format!("{{nodes(ids:[{}]){{id}}}}", "null ".repeat(15_000)),
        "query q{a}".repeat(3_900),
        "{a}".repeat(6_000),
        format!("{{a}}{}", many(2_400, |n| format!("fragment f{n} on Query{{a}}"))),
        format!("{{viewer{{{}}}}}", many(4_900, |n| format!("...x{n} "))),
        format!("{{viewer{{{}}}}}", "r".repeat(98_000)),
        format!("{{search(query:\"\"\"{}\"\"\"){{nodes{{score}}}}}}", " a\n".repeat(32_000)),
        format!("{{customer(by:{{id:\"{}\"}}){{id}}}}", "\\uD83D\\uDE97".repeat(8_000)),
        format!("{{a(b:\"{}\")}}", "\\uD800".repeat(16_000)),
        "\"\"\"a".repeat(19_000),
    ]
}

#[test]
fn the_worst_documents_below_100_kb_are_judged_fast() {
    for document in documents() {
        let start = spent();
        all_wrong(&document, true);
        let took = spent().saturating_sub(start);
        assert!(took < BOUND, "{took:?}: {document:.80}");
    }
}

#[test]
fn too_many_overlapping_fields_are_refused() {
    assert_eq!(wrong(&interfaces(3, "id")), Vec::<String>::new());
    let refused = all_wrong(&interfaces(4, &"id ".repeat(200)), true);
    assert_eq!(refused[0].extensions["limit"], "overlapping fields", "{:?}", refused[0]);
}

#[test]
fn of_very_many_errors_only_the_first_are_told() {
    let mut fields = String::new();
    for n in 0..2_000 {
        writeln!(fields, "nope{n}").unwrap();
    }
    let told = wrong(&format!("{{viewer{{\n{fields}}}}}"));
    assert_eq!(told.len(), 51);
    assert!(told[0].starts_with("2:1 Cannot query field \"nope0\""), "{}", told[0]);
    assert!(told[49].starts_with("51:1 Cannot query field \"nope49\""), "{}", told[49]);
    assert_eq!(told[50], "1950 further errors are not shown");
}
