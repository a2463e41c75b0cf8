//! The terms by which a home is found are those of its name, traits and identities, and find its survivor.

use std::collections::{BTreeMap, BTreeSet};

use rapport::domain::identifier::Identifier;
use rapport::domain::text::{SearchField, terms_of_identifier, terms_of_name, terms_of_traits};
use rapport::entity::kinds::IdentityKind;
use rapport::ids::TenantId;
use rapport::store::Store;
use serde_json::{Map, Value};

use crate::support::invariants::{number, rows, text};

pub async fn terms(store: &Store, tenant: TenantId, survivor: &BTreeMap<i64, i64>) -> Vec<String> {
    let mut expected = BTreeSet::new();
    let mut add = |home: i64, terms: Vec<(SearchField, String)>| {
        let person = survivor[&home];
        let rows = terms.into_iter().map(|(field, term)| (home, person, field.number(), term));
        expected.extend(rows);
    };
    let shown = "SELECT number, name, traits FROM customer WHERE tenant = {tenant}";
    for row in rows(store, tenant, shown).await {
        let home = number(&row, 0);
        add(home, text(&row, 1).map(|name| terms_of_name(&name)).unwrap_or_default());
        let traits: Map<String, Value> =
            serde_json::from_str(&text(&row, 2).expect("JSON")).expect("an object");
        add(home, terms_of_traits(&traits));
    }
    let identities = "SELECT home, CAST(kind AS BIGINT), namespace, match_key, value FROM identity WHERE tenant = {tenant}";
    for row in rows(store, tenant, identities).await {
        let cell = |at| text(&row, at).expect("a text");
        let identifier = Identifier {
            kind: IdentityKind::from_number(i16::try_from(number(&row, 1)).expect("small"))
                .expect("a kind"),
            namespace: cell(2),
            match_key: cell(3),
            raw: cell(4),
            value: cell(4),
        };
        add(number(&row, 0), terms_of_identifier(&identifier));
    }
    let kept =
        "SELECT home, person, CAST(field AS BIGINT), term FROM search_term WHERE tenant = {tenant}";
    let kept: BTreeSet<_> = rows(store, tenant, kept)
        .await
        .iter()
        .map(|row| {
            let field = i16::try_from(number(row, 2)).expect("a field");
            (number(row, 0), number(row, 1), field, text(row, 3).expect("a term"))
        })
        .collect();
    let differ = expected.symmetric_difference(&kept);
    differ.map(|term| format!("the term {term:?} is owed or kept, and not both")).collect()
}
