//! Lists and filters, with a neighbour who has the same names, addresses and texts.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::introspection::{introspect, names};
use crate::support::world::World;
use crate::tenant_isolation::filters::FILTERS;
use crate::tenant_isolation::snapshot;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_theirs_is_in_our_lists() {
    let app = App::start().await;
    let ours = World::fill(&app, "acme", "acme").await;
    let types = introspect(&app).await;
    for filter in ["CustomerFilter", "HistoryFilter"] {
        for field in names(&types, filter, "inputFields") {
            assert!(
                FILTERS.iter().any(|document| document.contains(&format!("{{ {field}: "))),
                "FILTERS does not use {filter}.{field}"
            );
        }
    }
    let before = answers(&app).await;
    let page = snapshot(&app, "acme", &ours).await;
    // The same names, addresses, texts and tags, so that whatever forgets the tenant finds twice as much.
    World::fill(&app, "globex", "acme").await;
    let settings = json!({ "region": "BR", "blocked": [{ "match": "EXACT", "value": "acme", "reason": "theirs" }] });
    app.as_admin("globex")
        .data(
            "mutation($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) { userErrors { code message path } } }",
            json!({ "input": settings }),
        )
        .await;
    for ((document, before), (_, after)) in before.iter().zip(answers(&app).await) {
        assert_eq!(*before, after, "{document}");
    }
    assert_eq!(snapshot(&app, "acme", &ours).await, page);
}

async fn answers(app: &App) -> Vec<(&'static str, Value)> {
    let mut answers = Vec::new();
    for document in FILTERS {
        let data = app.as_admin("acme").data(document, json!({})).await;
        answers.push((*document, data));
    }
    answers
}
