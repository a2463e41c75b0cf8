//! What documents cost.

use serde_json::{Value as Json, json};

use crate::graphql::document::limit::Limits;
use crate::graphql::document::tests::{corpus, judge, judge_with};

fn points(document: &str, variables: Json) -> u64 {
    judge_with(document, variables).unwrap().points
}

#[test]
fn cost_counts_the_rows_that_a_document_writes() {
    for (document, expected) in [
        ("{viewer}", 1),
        ("{viewer tenant role}", 1),
        ("{customer{id name}}", 1),
        ("{customer{id stats{total}}}", 2),
        ("{customers(first:10){nodes{id}}}", 11),
        ("{customers(last:10){nodes{id}}}", 11),
        ("{customers(first:3 last:10){nodes{id}}}", 11),
        ("{customers{nodes{id}}}", 51),
        ("{customers(first:-5){nodes{id}}}", 1),
        ("{customers(first:null){nodes{id}}}", 51),
        ("{customers(first:1.5){nodes{id}}}", 51),
        ("{feed(first:\"a\"){nodes{id}}}", 2),
        ("{customers(first:10){nodes{history(first:5){nodes{id}}}}}", 1 + 10 * (1 + 1 + 5)),
        (
            "{customers(first:10){...c}} fragment c on C{nodes{history(first:5){edges{node{id}}}} pageInfo{x}}",
            71,
        ),
        (
            "{customers(first:2){nodes{id} edges{node{contacts{id}}} totalCount{count}}}",
            1 + 1 + 2 * (1 + 4),
        ),
        ("{nodes(ids:[1 2]){...on C{history(first:5){nodes{id}}}}}", 1 + 2 * (1 + 1 + 5)),
        ("{calls{id customer{history(first:5){nodes{id}}}}}", 1 + 3 * (1 + 1 + 1 + 5)),
        ("{calls(first:2){id customer{name} identity{value}}}", 1 + 2 * (1 + 2)),
        ("{customer{activity(days:7){day channels{count}}}}", 1 + 1 + 7 * (1 + 1)),
        ("{customer{activity{day}}}", 1 + 1 + 10),
        ("{nodes(ids:[1 2 3]){id}}", 4),
        ("{nodes(ids:\"a\"){id}}", 2),
        ("{a{b{c{d}}}}", 3),
        ("{__schema{types{name fields{name}}}}", 1),
        ("{customers(first:99999999999999999999){nodes{id}}}", 51),
    ] {
        assert_eq!(points(document, Json::Null), expected, "{document}");
    }
}

#[test]
fn cost_saturates() {
    let huge = "first:18446744073709551615";
    let document = format!("{{customers({huge}){{nodes{{history({huge}){{nodes{{id}}}}}}}}}}");
    let refused = judge(&document).unwrap_err();
    assert_eq!(refused.extensions["value"], json!(u64::MAX));
}

#[test]
fn variables_say_how_many_rows() {
    let page = "query($n:Int){customers(first:$n){nodes{id history(first:$m){nodes{id}}}}}";
    for (variables, expected) in [
        (json!({ "n": 7, "m": 2 }), 1 + 7 * (1 + 1 + 2)),
        (json!({ "n": 7 }), 1 + 7 * (1 + 1 + 50)),
        (json!({ "n": null, "m": -2 }), 1 + 50 * 2),
        (json!({ "n": 0, "m": 9 }), 1),
        (json!({ "n": "x", "m": 1 }), 1 + 50 * 3),
        (json!({}), 1 + 50 * 52),
    ] {
        assert_eq!(points(page, variables.clone()), expected, "{variables}");
    }
    let nodes = "query($i:[ID!]!){nodes(ids:$i){id}}";
    assert_eq!(points(nodes, json!({ "i": ["a", "b", "c"] })), 4);
    assert_eq!(points(nodes, json!({ "i": "a" })), 2);
    let both = "query($n:Int){customers(first:$n last:5){nodes{id}}}";
    assert_eq!(points(both, json!({ "n": 3 })), 6);
    assert_eq!(points(both, json!({ "n": 8 })), 9);
    let shared = "query($n:Int){a:customers{...f} b:customers(first:2){...f}}
        fragment f on C{nodes{history(first:$n){nodes{id}}}}";
    assert_eq!(points(shared, json!({ "n": 3 })), (1 + 50 * 5) + (1 + 2 * 5));
}

#[test]
fn each_operation_has_facts_of_its_own() {
    let limits = Limits::default();
    let text =
        "query a($n:Int){customers(first:$n){nodes{...f}}} {viewer{role}} {__schema{types{name}}}
        mutation{recordPageViews(inputs:[]){results{duplicate}}} query{recordPageViews{id}}
        fragment f on Customer{history(first:$n){nodes{id}}}";
    let parsed = crate::graphql::document::validate::parse(text, &limits).unwrap();
    let facts = crate::graphql::document::walk::check(&parsed, &limits, &super::rows_of).unwrap();
    let ten = async_graphql::Value::from(10);
    let told: Vec<_> = facts
        .iter()
        .map(|f| (f.depth, f.selections, f.introspects, f.records, f.cost.points(&|_| Some(&ten))))
        .collect();
    let expected = [
        (5, 6, false, false, 1 + 10 * (1 + 1 + 10)),
        (2, 2, false, false, 1),
        (1, 3, true, false, 1),
        (3, 3, false, true, 2),
        (2, 2, false, false, 1),
    ];
    assert_eq!(told, expected);
}

/// What clients send most passes with a wide margin.
#[test]
fn clients_documents_pass_with_a_wide_margin() {
    let limits = Limits::default();
    let page = corpus().next().unwrap();
    let judged = judge(page).unwrap();
    assert!(
        judged.points * 100 < limits.cost
            && judged.facts.depth * 2 <= limits.depth
            && judged.facts.selections * 50 < limits.selections,
        "{judged:?}"
    );
}
