//! The ways of the mutations for many at once.

use crate::tenant_isolation::rows::By::{self, Cursor, Id, Value as Named};

pub const ROWS: &[(&str, &[By])] = &[
    (
        "Mutation.identifyMany",
        &[Named(
            "mutation($value: String!) { identifyMany(inputs: [{ email: $value, dryRun: true }]) { results { outcome secondaryContactIds phoneNumbers review { id } userErrors { code } } } }",
            "ann@globex.example",
            "ann@nobody.example",
        )],
    ),
    (
        "Mutation.updateCustomers",
        &[
            Id(
                "mutation($id: ID!) { updateCustomers(input: { customers: [{ id: $id }], addTags: [\"x\"] }) { updated unchanged userErrors { code message path } } }",
                "Customer",
            ),
            Named(
                "mutation($value: String!) { updateCustomers(input: { customers: [{ identity: { kind: EMAIL, value: $value } }], addTags: [\"x\"] }) { updated unchanged userErrors { code message path } } }",
                "ann@globex.example",
                "nobody@globex.example",
            ),
            Cursor(
                "mutation($cursor: String!) { updateCustomers(input: { filter: {}, after: $cursor, addTags: [\"x\"] }) { updated userErrors { code message path } } }",
                "customers",
            ),
        ],
    ),
];
