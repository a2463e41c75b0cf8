//! Documents and what graphql-js 16.15 says of them without suggestions, recorded in `judged.txt`: a
//! document on a line of its own, and below it each error with its places.

use crate::graphql::document::tests::{all_wrong, told, wrong};

#[test]
fn messages_and_places_are_those_of_the_reference() {
    let recorded = include_str!("judged.txt");
    let mut documents = 0;
    let mut lines = recorded.lines().filter(|line| !line.is_empty()).peekable();
    while let Some(document) = lines.next() {
        let mut expected = Vec::new();
        while let Some(error) = lines.next_if(|line| line.starts_with("  ")) {
            expected.push(error.trim_start().to_string());
        }
        let mut errors: Vec<String> = all_wrong(document, false).iter().map(told).collect();
        expected.sort_unstable();
        errors.sort_unstable();
        assert_eq!(errors, expected, "{document}");
        documents += 1;
    }
    assert!(documents > 100, "{documents}");
}

#[test]
fn names_that_may_have_been_meant_are_told_only_where_that_is_wanted() {
    for (document, suggestion) in [
        ("{ viewer { rol } }", "\"role\""),
        ("{ viewer { role @skip(if: true, iff: true) } }", "\"if\""),
        ("{ linkReviews(sate: OPEN) { nodes { id } } }", "\"state\""),
        ("{ linkReviews(state: OPNE) { nodes { id } } }", "the enum value \"OPEN\""),
        ("{ linkReviews(state: \"OPEN\") { nodes { id } } }", "the enum value \"OPEN\""),
        ("{ feed(filter: {sinc: null}) { nodes { id } } }", "\"since\""),
        ("{ viewer { ... on Viwer { role } } }", "\"Viewer\""),
        ("query($a: DateTim) { feed(filter: {since: $a}) { nodes { id } } }", "\"DateTime\""),
        ("{ feed { nodes { callState } } }", "to use an inline fragment on \"Call\""),
    ] {
        let with = wrong(document);
        let without: Vec<String> = all_wrong(document, false).iter().map(told).collect();
        assert_eq!(with.len(), 1, "{with:?}");
        assert_eq!(with[0], format!("{} Did you mean {suggestion}?", without[0]), "{document}");
    }
}

#[test]
fn an_object_has_a_field_once_wherever_it_stands() {
    let once = |at: &str| format!("{at} There can be only one input field named \"a\".");
    for (document, at) in [
        (
            "mutation { identify(input: {traits: {b: [{a: 1, c: 2, a: 3}]}}) { outcome } }",
            "1:43 1:55",
        ),
        (
            "mutation($t: JSON = {a: 1, a: 2}) { identify(input: {traits: $t}) { outcome } }",
            "1:22 1:28",
        ),
    ] {
        assert_eq!(wrong(document), [once(at)], "{document}");
    }
    let told = wrong("{ viewer { nope(x: {a: 1, a: 2, a: 3}) } }");
    assert!(told.contains(&once("1:21 1:27")) && told.contains(&once("1:21 1:33")), "{told:?}");
}

/// Where the reference falls behind the specification of September 2025, or sees less.
#[test]
fn the_specification_goes_before_the_reference() {
    for (document, expected) in [
        (
            "subscription { feed @skip(if: false) { cursor } }",
            "1:21 Anonymous Subscription must not use `@skip` or `@include` directives in the top \
             level selection.",
        ),
        (
            "subscription A { ...F } fragment F on Subscription { ... @include(if: true) { feed { cursor } } }",
            "1:58 Subscription \"A\" must not use `@skip` or `@include` directives in the top level \
             selection.",
        ),
        (
            "query($id: ID) { customer(by: {id: $id}) { id } }",
            "1:7 1:36 Variable \"$id\" is of type \"ID\" but must be non-nullable to be used for \
             OneOf Input Object \"CustomerRef\".",
        ),
        (
            "mutation { identify(input: {traits: {a: 1}, traits: 2}) { outcome } }",
            "1:29 1:45 There can be only one input field named \"traits\".",
        ),
    ] {
        assert_eq!(wrong(document), [expected], "{document}");
    }
    for document in [
        "{ search(query: \"a\") { nodes { score } } search(query: \"\"\"a\"\"\") { nodes { score } } }",
        "query($ a: ID!) { node(id: $ , a) { id } }",
    ] {
        assert_eq!(wrong(document), Vec::<String>::new(), "{document}");
    }
}

#[test]
fn what_is_no_graphql_is_told_with_its_place() {
    for (document, expected) in [
        ("", "it has no operation"),
        ("# { a }", "it has no operation"),
        ("{ a", "1:4 it ends too early"),
        ("{ a }}", "1:6 unexpected `}`"),
        ("{\r\n  a(b) }", "2:6 expected :, found `)`"),
        ("{\n\n a ü }", "3:4 unexpected `ü`"),
        ("query ($a: Int = $b) { a }", "1:18 unexpected `$`"),
        ("{ a(b: \"c) }", "1:8 a string has no end"),
        ("{ a(b: \"\\x\") }", "1:8 a string has a line's end or an escape that strings have not"),
        ("{ \"ü🚗\" }", "1:3 unexpected `\"`"),
        ("{ ü🚗 \u{2028} }", "1:3 unexpected `ü`"),
        ("type A { b: Int }", "1:1 unexpected `type`"),
    ] {
        let told = wrong(document);
        let text = told[0].replacen("the document is not GraphQL: ", "", 1);
        assert_eq!(text, expected, "{document}");
    }
}
