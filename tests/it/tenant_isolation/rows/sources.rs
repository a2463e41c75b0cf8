//! The ways of the fields about sources.

use crate::tenant_isolation::rows::By::{self, Cursor, Id, Lists};

pub const ROWS: &[(&str, &[By])] = &[
    (
        "Query.sources",
        &[
            Lists,
            Cursor(
                "query($cursor: String!) { sources(after: $cursor) { nodes { id } } }",
                "sources",
            ),
        ],
    ),
    (
        "Query.sourceEvents",
        &[
            Lists,
            Id("query($id: ID!) { sourceEvents(sourceId: $id) { nodes { id } } }", "Source"),
            Cursor(
                "query($cursor: String!) { sourceEvents(after: $cursor) { nodes { id } } }",
                "sourceEvents",
            ),
        ],
    ),
    ("Mutation.createSource", &[Lists]),
    (
        "Mutation.updateSource",
        &[Id(
            "mutation($id: ID!) { updateSource(input: { id: $id, enabled: false }) { source { id } userErrors { code message path } } }",
            "Source",
        )],
    ),
    (
        "Mutation.rotateSourceSecret",
        &[Id(
            "mutation($id: ID!) { rotateSourceSecret(sourceId: $id) { source { id } secret userErrors { code message path } } }",
            "Source",
        )],
    ),
    (
        "Mutation.replaySourceEvents",
        &[Id(
            "mutation($id: ID!) { replaySourceEvents(input: { sourceId: $id }) { replayed settled userErrors { code message path } } }",
            "Source",
        )],
    ),
];
