//! Another tenant's things answer exactly as things that do not exist.

mod fields;
mod filters;
mod lists;
mod routes;
mod rows;
mod streams;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

use crate::support::app::{App, Reply};
use crate::support::world::World;

/// Two tenants; `theirs` holds values that stand nowhere in `acme`.
struct Neighbours {
    app: App,
    ours: World,
    theirs: World,
}

impl Neighbours {
    async fn new() -> Neighbours {
        let app = App::start().await;
        let ours = World::fill(&app, "acme", "acme").await;
        let theirs = World::fill(&app, "globex", "globex").await;
        Neighbours { app, ours, theirs }
    }

    /// An id of our own tenant with the number of a thing that only they have: it does not exist.
    fn absent(&self, theirs: &str) -> String {
        let (own, foreign) = (
            BASE64.decode(self.ours.id("Customer")).expect("an id"),
            BASE64.decode(theirs).expect("an id"),
        );
        BASE64.encode([&foreign[..9], &own[9..]].concat())
    }

    async fn ask(&self, document: &str, variables: Value) -> Reply {
        self.app.as_admin("acme").gql(document, variables).await
    }

    /// Asks with what is theirs, and then with what does not exist.
    async fn same(&self, what: &str, document: &str, theirs: Value, absent: Value) -> Reply {
        assert_ne!(theirs, absent, "{what}");
        let (theirs, absent) = (self.ask(document, theirs).await, self.ask(document, absent).await);
        assert_eq!(theirs, absent, "{what}");
        theirs
    }
}

/// Everything that a customer page shows.
async fn snapshot(app: &App, tenant: &str, world: &World) -> Value {
    const PAGE: &str = "query($id: ID!) {
        customer(by: { id: $id }) {
            id version name emails phoneNumbers status stage tags stats { total }
            contacts { id email phoneNumber linkedId linkPrecedence }
            identities { nodes { id value shared verification evidence { from { id } to { id } rule source } customer { id } } totalCount { count } }
            history { nodes { id kind summary occurredAt customer { id } ... on Call { callState } ... on IdentityEvent { merge { id active } } comments { nodes { id text } } } totalCount { count } }
            pageViews { nodes { id } totalCount { count } }
            merges { nodes { id active customers { id } } }
            activity { count channels { channel count } }
            keptApart { id customers { id } }
        }
        customers { nodes { id version } totalCount { count } }
        linkReviews { nodes { id state } totalCount { count } }
        ringingCalls { id }
        tenantSettings { version region }
        sources { nodes { id enabled stats { received refused } } }
        sourceEvents { nodes { id externalId } }
    }";
    app.as_admin(tenant).data(PAGE, json!({ "id": world.customer })).await
}
