//! An erased person is gone from every table, index and shadow table, and does not come back by an import.

use rapport::domain::identity::identify::{IdentifyRequest, Outcome};
use rapport::domain::identity::merge::MergeRequest;
use rapport::domain::model::scope::Scope;
use rapport::domain::settings::{GuardsPatch, SettingsPatch};
use rapport::domain::write::audit::AuditFilter;
use rapport::entity::kinds::IdentityKind;
use rapport::error::UserErrorCode;
use rapport::ids::CustomerId;
use sea_orm::{ConnectionTrait, Database};

use crate::support::people::{erase, refused};
use crate::support::stand::{Stand, email, given, phone};

/// Words that stand nowhere but with the person who is erased.
const TRACES: [&str; 12] = [
    "quillfeather",
    "zanzibarite",
    "5559187",
    "fbtrace77",
    "wombatish",
    "plumbago",
    "xylophagous",
    "vexillum",
    "thrumming",
    "jabberwock",
    "kumquatly",
    "oubliette",
];

/// Where a value of the person still is: every table's rows as text, and on SQLite the raw pages of the database.
async fn traces(stand: &Stand) -> Vec<String> {
    let mut found = Vec::new();
    let connection = Database::connect(&stand.store.url).await.expect("connects");
    if stand.rapport.store.is_postgres() {
        let tables = stand.query("SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'm', 'p')").await;
        assert!(tables.len() > 15, "{} tables were scanned", tables.len());
        for table in tables {
            let table: String = table.try_get_by_index(0).expect("a name");
            for trace in TRACES {
                // Also backwards: numbers are indexed from the end.
                let backwards: String = trace.chars().rev().collect();
                let text = format!(
                    "SELECT COUNT(*) FROM {table} t WHERE t::text ILIKE '%{trace}%' OR t::text ILIKE '%{backwards}%'"
                );
                if stand.count(&text).await > 0 {
                    found.push(format!("{trace} in {table}"));
                }
            }
        }
    } else {
        connection
            .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .expect("checkpoints");
        let path = stand.store.url.trim_start_matches("sqlite://");
        for file in [path.to_string(), format!("{path}-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default().to_ascii_lowercase();
            for trace in TRACES {
                let backwards: String = trace.chars().rev().collect();
                for form in [trace, &backwards] {
                    if bytes.windows(form.len()).any(|window| window == form.as_bytes()) {
                        found.push(format!("{form} in {file}"));
                    }
                }
            }
        }
    }
    found
}

/// A person of two homes with something in every table, beside another who stays.
async fn person(stand: &Stand, scope: &Scope) -> (CustomerId, CustomerId) {
    let bystander = stand
        .identify(scope, &[email("bystander@x.org"), given(IdentityKind::UserId, "u-by")])
        .await
        .expect("a bystander")
        .customer;
    stand.messages(scope, "bystander@x.org", &["stays here"]).await;
    let request = IdentifyRequest {
        given: vec![email("quillfeather@zanzibarite.org"), phone("5559187")],
        name: Some("Wombatish Plumbago".into()),
        traits: serde_json::json!({"plan": "xylophagous"}).as_object().cloned(),
        ..IdentifyRequest::default()
    };
    let one = stand.rapport.identify(scope, &request).await.expect("one").customer;
    let two = stand
        .identify(
            scope,
            &[given(IdentityKind::Facebook, "fbtrace77"), given(IdentityKind::UserId, "u-two")],
        )
        .await
        .expect("two")
        .customer;
    let items = stand.messages(scope, "5559187", &["vexillum rising", "thrumming"]).await;
    stand.comment(scope, &items[0], "jabberwock").await;
    stand.page_view(scope, "fbtrace77", "https://x.org/kumquatly", "Kumquatly").await;
    let merge = MergeRequest {
        customers: vec![one, two],
        reason: Some("oubliette".into()),
        expected_version: None,
    };
    stand.rapport.merge_customers(scope, merge, false).await.expect("merged");
    // A held link with the bystander, and a kept answer that speaks of the person.
    let held = stand
        .identify(
            scope,
            &[given(IdentityKind::UserId, "u-by"), email("quillfeather@zanzibarite.org")],
        )
        .await
        .expect("held");
    assert_eq!(held.outcome, Outcome::Held);
    stand
        .execute(&format!(
            "INSERT INTO idempotency (tenant, subject, key, request_hash, status, body, at) VALUES ({}, 's', 'k', 'h', 1, 'quillfeather', 1)",
            scope.tenant
        ))
        .await;
    (bystander, two)
}

/// The bystander is as before.
async fn stays(stand: &Stand, scope: &Scope, bystander: CustomerId) {
    assert_eq!(stand.survivor(scope, "bystander@x.org").await, bystander);
    assert_eq!(
        stand
            .count(&format!(
                "SELECT COUNT(*) FROM engagement WHERE kind = 1 AND home = {bystander}"
            ))
            .await,
        1
    );
    if !stand.rapport.store.is_postgres() {
        assert_eq!(
            stand.count("SELECT COUNT(*) FROM item_words WHERE item_words MATCH 'stays'").await,
            1
        );
        assert_eq!(
            stand.count("SELECT COUNT(*) FROM item_words WHERE item_words MATCH 'vexillum'").await,
            0
        );
    }
}

/// The erased ids answer like ones that never were.
async fn unknown(stand: &Stand, scope: &Scope, bystander: CustomerId, homes: &[CustomerId]) {
    for id in homes {
        assert_eq!(stand.version(scope, *id).await, None);
        assert_eq!(
            refused(stand.rapport.erase_customer(scope, erase(*id, false)).await),
            UserErrorCode::NotFound
        );
        assert_eq!(
            refused(stand.rapport.export_customer(scope, *id).await),
            UserErrorCode::NotFound
        );
        let merge = MergeRequest { customers: vec![bystander, *id], ..MergeRequest::default() };
        assert_eq!(
            refused(stand.rapport.merge_customers(scope, merge, false).await),
            UserErrorCode::NotFound
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_person_is_left_anywhere() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let (bystander, two) = person(&stand, &scope).await;
    let before = stand.dump().await;
    let there = traces(&stand).await;
    assert!(there.len() > 12, "the scan finds what is there: {there:?}");

    let rehearsed =
        stand.rapport.erase_customer(&scope, erase(two, true)).await.expect("rehearsed");
    assert_eq!(stand.dump().await, before);
    let receipt = stand.rapport.erase_customer(&scope, erase(two, false)).await.expect("erased");
    assert!(rehearsed.dry_run && !receipt.dry_run);
    assert_eq!((&rehearsed.homes, &rehearsed.rows), (&receipt.homes, &receipt.rows));
    let rows = |table: &str| receipt.rows.iter().find(|(name, _)| *name == table).map(|(_, n)| *n);
    for (table, n) in [
        ("identity", 4),
        ("contact", 2),
        ("customer", 2),
        ("customer_head", 2),
        ("page_view", 1),
        ("comment", 1),
        ("link_review", 1),
        ("idempotency", 1),
    ] {
        assert_eq!(rows(table), Some(n), "{table}");
    }
    assert_eq!(traces(&stand).await, Vec::<String>::new());
    stand.check(&scope).await;

    stays(&stand, &scope, bystander).await;
    unknown(&stand, &scope, bystander, &receipt.homes).await;
    // The merge of its homes cannot be undone any more, and says so.
    let merge = stand.rapport.merges(scope.tenant, &receipt.homes, None, 10).await.expect("reads")
        [0]
    .clone();
    assert_eq!(merge.reason, None);
    assert_eq!(
        refused(stand.rapport.undo_merge(&scope, merge.id, true, None).await),
        UserErrorCode::Conflict
    );
    // Log and audit say that it happened, by ids.
    assert_eq!(
        stand
            .count(&format!(
                "SELECT COUNT(*) FROM change WHERE kind = 9 AND customer = {}",
                receipt.customer
            ))
            .await,
        1
    );
    let audit = stand
        .rapport
        .audit_log(scope.tenant, &AuditFilter::of(receipt.customer), None, 10)
        .await
        .expect("reads");
    assert_eq!(audit[0].action, "ERASE");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_does_not_come_back_but_by_a_verified_contact_where_the_tenant_wants_it() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let customer =
        stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("a").customer;
    stand.rapport.erase_customer(&scope, erase(customer, false)).await.expect("erased");
    for given in [vec![email("a@x.org")], vec![phone("5550100"), email("new@x.org")]] {
        assert_eq!(refused(stand.identify(&scope, &given).await), UserErrorCode::Blocked);
    }
    assert_eq!(stand.count("SELECT COUNT(*) FROM identity").await, 0);
    let mut verified = email("a@x.org");
    verified.verified = true;
    assert_eq!(refused(stand.identify(&scope, &[verified.clone()]).await), UserErrorCode::Blocked);
    let other = stand.scope("globex").await;
    assert_eq!(
        stand.identify(&other, &[email("a@x.org")]).await.expect("another company's").outcome,
        Outcome::Created
    );

    let patch = SettingsPatch {
        guards: GuardsPatch { readmit_verified: Some(true), ..GuardsPatch::default() },
        ..SettingsPatch::default()
    };
    stand.rapport.update_settings(&scope, patch, None).await.expect("settings");
    assert_eq!(refused(stand.identify(&scope, &[email("a@x.org")]).await), UserErrorCode::Blocked);
    let back = stand.identify(&scope, &[verified]).await.expect("let in again");
    assert_eq!(back.outcome, Outcome::Created);
    assert_ne!(back.customer, customer);
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_everything_that_is_held() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let (_, two) = person(&stand, &scope).await;
    let document = stand.rapport.export_customer(&scope, two).await.expect("exported");
    let text = document.to_string().to_lowercase();
    for trace in TRACES {
        assert!(text.contains(trace), "{trace} is not in the export");
    }
    assert!(
        !text.contains("bystander@x.org") && !text.contains("stays here"),
        "another person's data is in the export"
    );
    let list = |key: &str| document[key].as_array().expect("a list").len();
    assert_eq!(
        (
            list("customers"),
            list("contacts"),
            list("identities"),
            list("pageViews"),
            list("comments"),
            list("merges")
        ),
        (2, 2, 4, 1, 1, 1)
    );
    assert_eq!(document["identities"][0]["kind"], "EMAIL");
    assert_eq!(document["merges"][0]["active"], true);
    assert_eq!(document["customers"][0]["traits"]["plan"], "xylophagous");
    assert!(
        document["engagements"][0]["occurredAt"].as_str().expect("a time").starts_with("2026-")
    );
    let other = stand.scope("globex").await;
    assert_eq!(refused(stand.rapport.export_customer(&other, two).await), UserErrorCode::NotFound);
}
