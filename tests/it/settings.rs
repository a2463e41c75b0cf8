//! A tenant's settings are checked, versioned, audited, and in force at once.

use rapport::domain::identity::identify::Outcome;
use rapport::domain::model::scope::Scope;
use rapport::domain::settings::{GuardsPatch, SettingsPatch};
use rapport::domain::write::audit::{AuditEntry, AuditFilter};
use rapport::error::{Error, UserErrorCode};

use crate::support::stand::{Stand, email, phone};

/// Patches with the version that is expected, and the code by which they are refused.
fn refused_patches(stale: SettingsPatch) -> [(SettingsPatch, Option<i64>, UserErrorCode); 4] {
    [
        (stale, Some(0), UserErrorCode::VersionConflict),
        (
            SettingsPatch { region: Some("XX".into()), ..SettingsPatch::default() },
            None,
            UserErrorCode::Invalid,
        ),
        (
            SettingsPatch { history_days: Some(Some(0)), ..SettingsPatch::default() },
            None,
            UserErrorCode::Invalid,
        ),
        (
            SettingsPatch {
                guards: GuardsPatch { max_contacts: Some(0), ..GuardsPatch::default() },
                ..SettingsPatch::default()
            },
            None,
            UserErrorCode::Invalid,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_in_force_at_once_and_leave_other_tenants_alone() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    let patch = SettingsPatch {
        region: Some("gb".into()),
        guards: GuardsPatch { verified_only: Some(true), ..GuardsPatch::default() },
        history_days: Some(Some(30)),
        ..SettingsPatch::default()
    };
    stand.identify(&scope, &[email("a@x.org")]).await.expect("a");
    stand.identify(&scope, &[phone("020 7946 0018")]).await.expect("by the old region");
    let done =
        stand.rapport.update_settings(&scope, patch.clone(), Some(0)).await.expect("changed");
    assert_eq!(
        (done.version, done.settings.region.as_str(), done.settings.history_days),
        (1, "GB", Some(30))
    );
    assert_eq!(stand.rapport.settings(scope.tenant).await.expect("reads"), done);
    assert_eq!(stand.rapport.settings(other.tenant).await.expect("reads").version, 0);
    let found = stand.identify(&scope, &[phone("020 7946 0018")]).await.expect("by the new region");
    assert_eq!(found.phone_numbers, ["+442079460018"]);
    let held =
        stand.identify(&scope, &[email("a@x.org"), phone("020 7946 0018")]).await.expect("held");
    assert_eq!(held.outcome, Outcome::Held);
    // The same again is no change.
    assert_eq!(
        stand
            .rapport
            .update_settings(&scope, patch.clone(), None)
            .await
            .expect("no change")
            .version,
        1
    );
    let audit = audit_log(&stand, &scope).await;
    assert_eq!(audit.len(), 1);
    assert_eq!(
        audit[0].detail,
        serde_json::json!({"changed": ["region", "verifiedOnly", "historyDays"]})
    );

    for (patch, expected, code) in refused_patches(patch) {
        match stand.rapport.update_settings(&scope, patch, expected).await {
            Err(Error::User(error)) => assert_eq!(error.code, code),
            other => panic!("not refused: {other:?}"),
        }
    }
    assert_eq!(stand.rapport.settings(scope.tenant).await.expect("reads"), done);
    let back = SettingsPatch { history_days: Some(None), ..SettingsPatch::default() };
    assert_eq!(
        stand
            .rapport
            .update_settings(&scope, back, None)
            .await
            .expect("changed")
            .settings
            .history_days,
        None
    );
}

async fn audit_log(stand: &Stand, scope: &Scope) -> Vec<AuditEntry> {
    let all = AuditFilter::default();
    stand.rapport.audit_log(scope.tenant, &all, None, 10).await.expect("reads")
}
