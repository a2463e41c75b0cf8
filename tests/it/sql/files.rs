//! Files: kept, recorded, read and removed.

use std::sync::Arc;

use bytes::Bytes;
use rapport::domain::file::{IncomingContent, IncomingFile, MediaTokens, NoMediaTokens};
use rapport::domain::history::record::{NewBody, NewItem};
use rapport::ids::{FileId, Micros};

use crate::sql::script::Script;
use crate::support::stand::note;

pub async fn files(script: &mut Script<'_>) {
    let rapport = script.stand.rapport.clone();
    let scope = script.stand.scope("acme").await;
    let incoming = || IncomingFile {
        name: Some("a.pdf".into()),
        content_type: Some("application/pdf".into()),
        content: IncomingContent::Bytes(Bytes::from_static(b"a file")),
    };
    // New bytes, and bytes that are known.
    for step in ["record_file", "record_known_file"] {
        let kept = async {
            let files = vec![incoming()];
            rapport.keep_files(&scope, None, "https://x.example", files).await.expect("keeps")
        };
        let files = script.step(step, kept).await;
        let body = NewBody::Email {
            subject: None,
            text: None,
            parts: Vec::new(),
            state: None,
            message_id: None,
            references: Vec::new(),
        };
        let item = NewItem { body, files, ..note("ada@x.example", Micros(1), step) };
        let item = NewItem { occurred_at: Some(rapport.clock.now()), ..item };
        script
            .step(step, async { Box::pin(rapport.record(&scope, &[item])).await.expect("records") })
            .await;
    }
    let tokens: Arc<dyn MediaTokens> = Arc::new(NoMediaTokens);
    let read = async { rapport.file(scope.tenant, FileId(1), &tokens).await.expect("reads") };
    script.step("read_file", read).await;
    let removed = async { rapport.remove_due_objects().await.expect("removes") };
    script.step("remove_files", removed).await;
}
