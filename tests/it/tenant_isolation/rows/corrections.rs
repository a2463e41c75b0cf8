//! The ways of the root fields with which the staff puts things right.

use crate::tenant_isolation::rows::By::{self, Id, Value as Named};

pub const ROWS: &[(&str, &[By])] = &[
    (
        "Mutation.addComment",
        &[
            Id(
                "mutation($id: ID!) { addComment(input: { itemId: $id, text: \"hi\" }) { comment { id } userErrors { code message path } } }",
                "Message",
            ),
            Id(
                "mutation($id: ID!) { addComment(input: { item: { id: $id }, text: \"hi\" }) { comment { id } userErrors { code message path } } }",
                "Message",
            ),
            Named(
                "mutation($value: String!) { addComment(input: { item: { source: { source: \"pbx\", sourceId: $value } }, text: \"hi\" }) { comment { id } userErrors { code message path } } }",
                "VOICE-globex",
                "VOICE-nowhere",
            ),
        ],
    ),
    (
        "Mutation.updateComment",
        &[Id(
            "mutation($id: ID!) { updateComment(input: { commentId: $id, text: \"hi\" }) { comment { id } userErrors { code message path } } }",
            "Comment",
        )],
    ),
    (
        "Mutation.deleteComment",
        &[Id(
            "mutation($id: ID!) { deleteComment(input: { commentId: $id }) { commentId userErrors { code message path } } }",
            "Comment",
        )],
    ),
    (
        "Mutation.updateItem",
        &[
            Id(
                "mutation($id: ID!) { updateItem(input: { item: { id: $id }, text: \"hi\" }) { item { id } userErrors { code message path } } }",
                "Message",
            ),
            Named(
                "mutation($value: String!) { updateItem(input: { item: { source: { source: \"pbx\", sourceId: $value } }, text: \"hi\" }) { item { id } userErrors { code message path } } }",
                "VOICE-globex",
                "VOICE-nowhere",
            ),
        ],
    ),
    (
        "Mutation.deleteItem",
        &[
            Id(
                "mutation($id: ID!) { deleteItem(input: { item: { id: $id } }) { itemId userErrors { code message path } } }",
                "Message",
            ),
            Named(
                "mutation($value: String!) { deleteItem(input: { item: { source: { source: \"pbx\", sourceId: $value } } }) { itemId userErrors { code message path } } }",
                "VOICE-globex",
                "VOICE-nowhere",
            ),
        ],
    ),
    (
        "Mutation.removeIdentity",
        &[
            Id(
                "mutation($id: ID!) { removeIdentity(input: { identityId: $id }) { customer { id } userErrors { code message path } } }",
                "Identity",
            ),
            Id(
                "mutation($id: ID!) { removeIdentity(input: { identity: { kind: EMAIL, value: \"ann@acme.example\" }, customer: { id: $id } }) { customer { id } userErrors { code message path } } }",
                "Customer",
            ),
            Named(
                "mutation($value: String!) { removeIdentity(input: { identity: { kind: EMAIL, value: $value } }) { customer { id } userErrors { code message path } } }",
                "ann@globex.example",
                "nobody@globex.example",
            ),
        ],
    ),
    (
        "Mutation.deleteCustomer",
        &[
            Id(
                "mutation($id: ID!) { deleteCustomer(input: { customer: { id: $id } }) { receipt { customerIds } userErrors { code message path } } }",
                "Customer",
            ),
            Named(
                "mutation($value: String!) { deleteCustomer(input: { customer: { identity: { kind: EMAIL, value: $value } } }) { receipt { customerIds } userErrors { code message path } } }",
                "ann@globex.example",
                "nobody@globex.example",
            ),
        ],
    ),
];
