//! Fields that share a response key. The verdicts are those of graphql-js.

use crate::graphql::document::tests::wrong;

fn items(selections: &str) -> String {
    format!("{{feed{{nodes{{{selections}}}}}}}")
}

#[test]
fn fields_that_may_be_of_one_object_must_be_the_same() {
    for selections in [
        "a: id a: summary",
        "... on HistoryItem { a: source } ... on Node { a: id }",
        "... on Call { a: source } ... on Node { a: __typename }",
        "... on Call { a: source } ... on Call { a: summary }",
        "... on Call { comments(first: 1) { nodes { id } } } comments(first: 2) { nodes { id } }",
        "... on Call { identity { x: value } } identity { x: rawValue }",
        "...A ...B } } } fragment A on Call { x: source } fragment B on HistoryItem { x: summary",
        "...A id: source } } } fragment A on HistoryItem { ...B } fragment B on HistoryItem { id",
        "... on Message { parts { ... on Part { a: __typename } ... on TextPart { a: text } } }",
    ] {
        // Some bring the brackets of further definitions with them.
        let document = items(selections);
        let document = if selections.contains("fragment") {
            document.trim_end_matches("}}}").to_string() + "}"
        } else {
            document
        };
        let told = wrong(&document);
        assert_eq!(told.len(), 1, "{document}: {told:?}");
        assert!(told[0].contains("conflict because"), "{}", told[0]);
    }
}

#[test]
fn fields_of_introspection_are_compared_too() {
    let ty = |inner: &str| format!("{{ __type(name: \"Channel\") {{ kind }} {inner} }}");
    for other in ["kind: isOneOf", "kind: name", "kind: specifiedByURL"] {
        let told = wrong(&ty(&format!("__type(name: \"Channel\") {{ {other} }}")));
        assert_eq!(told.len(), 1, "{other}: {told:?}");
        assert!(told[0].contains("conflict because"), "{}", told[0]);
    }
    let same = ty("__type(name: \"Channel\") { isOneOf isOneOf kind }");
    assert_eq!(wrong(&same), Vec::<String>::new());
}

#[test]
fn fields_of_different_objects_need_only_look_alike() {
    for selections in [
        "... on Call { x: summary } ... on Email { x: source }",
        "... on Call { comments(first: 1) { nodes { id } } } ... on Email { comments(first: 2) { nodes { id } } }",
        "... on Message { x: text } ... on Note { x: text } ... on Email { x: subject }",
        "... on Call { identity { x: value } } ... on Email { identity { x: rawValue } }",
        "... on Call { id kind } id kind ... on Node { id }",
    ] {
        assert_eq!(wrong(&items(selections)), Vec::<String>::new(), "{selections}");
    }
    for selections in [
        "... on Call { x: callState } ... on Email { x: emailState }",
        "... on Call { x: durationSeconds } ... on Email { x: subject }",
        "... on Call { x: summary } ... on Email { x: subject }",
        "... on Call { x: customer { id } } ... on Email { x: parts { __typename } }",
        "... on Call { identity { x: value } } ... on Email { identity { x: namespace } }",
        "... on Call { x: customer { id } } ... on Email { x: summary }",
    ] {
        let told = wrong(&items(selections));
        assert_eq!(told.len(), 1, "{selections}: {told:?}");
        assert!(told[0].contains("they return conflicting types"), "{}", told[0]);
    }
}

#[test]
fn a_conflict_is_told_once_from_where_it_begins() {
    let told = wrong("{\n  viewer { a: role }\n  viewer { a: tenant }\n}");
    let expected = "2:3 2:12 3:3 3:12 Fields \"viewer\" conflict because subfields \"a\" conflict \
                    because \"role\" and \"tenant\" are different fields. Use different aliases on \
                    the fields to fetch both if this was intentional.";
    assert_eq!(told, [expected]);
    let inside =
        wrong("{ viewer { ...V } viewer { ...V } } fragment V on Viewer { a: role a: tenant }");
    assert_eq!(inside.len(), 1, "{inside:?}");
    assert!(
        inside[0].starts_with("1:60 1:68 Fields \"a\" conflict because \"role\""),
        "{}",
        inside[0]
    );
}
