//! The demo's sources, one of each kind, and for each a line that delivers something through it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::channels::signature::{hmac_sha1, hmac_sha256};
use crate::channels::table::url_of;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::{NewSource, OpenSource, SourceParts};
use crate::entity::kinds::SourceKind;
use crate::error::{Error, Result};

/// The most that a tenant has.
const ALL: u64 = 1_000;
const SIGNED_BY: &str = "demo-provider-secret";

/// Makes the sources that are not there yet; lines of a shell that deliver through them to this address.
pub async fn lines(rapport: &Rapport, scope: &Scope, base: &str) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for kind in SourceKind::ALL {
        let new = sample(*kind);
        let known = rapport.sources(scope.tenant, None, ALL).await?;
        let source = match known.into_iter().find(|source| source.name == new.name) {
            Some(source) => source,
            None => rapport.create_source(scope, &new).await?.0,
        };
        let door = rapport.open_source(scope.tenant, source.id).await?;
        let door = door.ok_or_else(|| Error::Internal("a demo source is gone".into()))?;
        lines.push(line(*kind, &url_of(base, *kind, &source.key), &source.key, &door.source));
    }
    Ok(lines)
}

fn sample(kind: SourceKind) -> NewSource {
    let signs = matches!(kind, SourceKind::Twilio | SourceKind::Meta);
    let mail = matches!(kind, SourceKind::Postmark | SourceKind::Email);
    let name = format!("demo-{kind:?}").to_lowercase();
    let parts = SourceParts {
        provider_secret: signs.then(|| SIGNED_BY.to_owned()),
        addresses: mail.then(|| vec!["@shop.example".to_owned()]),
        ..SourceParts::default()
    };
    NewSource { kind, name, parts }
}

/// What delivers a first event.
fn line(kind: SourceKind, url: &str, key: &str, source: &OpenSource) -> String {
    let secret = source.secrets.first().map(String::as_str).unwrap_or_default();
    let json = "-H 'Content-Type: application/json'";
    match kind {
        SourceKind::Segment => {
            let event = r#"{"type":"page","anonymousId":"demo-visitor","messageId":"demo-page","properties":{"url":"https://shop.example/cars/roadster"}}"#;
            format!("curl {url}/batch -u {key}: {json} -d '{{\"batch\":[{event}]}}'")
        }
        SourceKind::Twilio => twilio(url, source),
        SourceKind::Meta => {
            let body = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"wa_id":"14155550100","profile":{"name":"Ada Lovelace"}}],"messages":[{"from":"14155550100","id":"wamid.demo","timestamp":"1795687200","type":"text","text":{"body":"Is the roadster red?"}}]}}]}]}"#;
            let signature = hex::encode(hmac_sha256(provider(source), &[body.as_bytes()]));
            format!("curl {url} -H 'X-Hub-Signature-256: sha256={signature}' {json} -d '{body}'")
        }
        SourceKind::Postmark => {
            let body = r#"{"MessageID":"demo-postmark","FromFull":{"Email":"grace@example.com","Name":"Grace Hopper"},"ToFull":[{"Email":"help@shop.example"}],"Subject":"My order","TextBody":"Where is it?"}"#;
            format!("curl {url} -u rapport:{secret} {json} -d '{body}'")
        }
        SourceKind::Email => {
            let mail = r"From: Radia Perlman <radia@example.com>\r\nTo: help@shop.example\r\nSubject: Bridges\r\nMessage-ID: <demo@example.com>\r\n\r\nDo you build them?\r\n";
            format!(
                "printf '{mail}' | curl --fail {url} -u rapport:{secret} -H 'Content-Type: message/rfc822' --data-binary @-"
            )
        }
        SourceKind::Telegram => {
            let body = r#"{"update_id":1,"message":{"message_id":1,"date":1795687200,"chat":{"id":77,"type":"private"},"from":{"id":77,"first_name":"Kenji"},"text":"Konnichiwa"}}"#;
            format!("curl {url} -H 'X-Telegram-Bot-Api-Secret-Token: {secret}' {json} -d '{body}'")
        }
        SourceKind::Device => {
            let body = r#"{"deviceId":"demo-phone","events":[{"id":"1","type":"sms","direction":"INBOUND","number":"+14155550101","text":"On my way"}]}"#;
            format!("curl {url} -H 'Authorization: Bearer {secret}' {json} -d '{body}'")
        }
        SourceKind::Webhook => webhook(url, secret),
    }
}

fn provider(source: &OpenSource) -> &[u8] {
    source.provider_secret.as_deref().unwrap_or_default().as_bytes()
}

fn twilio(url: &str, source: &OpenSource) -> String {
    let fields = [
        ("Body", "Is it still there?"),
        ("From", "+14155550100"),
        ("MessageSid", "SMdemo"),
        ("To", "+18005550100"),
    ];
    let signed: String = fields.iter().map(|(name, value)| format!("{name}{value}")).collect();
    let signature = hmac_sha1(provider(source), &[url.as_bytes(), signed.as_bytes()]);
    let signature = STANDARD.encode(signature);
    let given: String =
        fields.iter().map(|(name, value)| format!(" --data-urlencode '{name}={value}'")).collect();
    format!("curl {url} -H 'X-Twilio-Signature: {signature}'{given}")
}

/// The time is part of what is signed, so that the shell signs.
fn webhook(url: &str, secret: &str) -> String {
    let body = r#"{"engagements":[{"customer":{"identity":{"kind":"EMAIL","value":"ada@example.com"}},"channel":"FIELD","sourceId":"visit-1","body":{"record":{"recordType":"visit","text":"Came to the shop"}}}]}"#;
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_default();
    let key = hex::encode(key);
    format!(
        "b='{body}'; t=$(date +%s); s=$(printf '%s' \"msg_demo.$t.$b\" | openssl dgst -sha256 -mac HMAC -macopt hexkey:{key} -binary | base64); curl {url} -H 'webhook-id: msg_demo' -H \"webhook-timestamp: $t\" -H \"webhook-signature: v1,$s\" -H 'Content-Type: application/json' -d \"$b\""
    )
}
