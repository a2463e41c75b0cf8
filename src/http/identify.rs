//! `POST /identify`: the JSON of the original task.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::domain::identifier::BLANK;
use crate::domain::identity::identify::{Answer, Given, IdentifyRequest};
use crate::entity::kinds::IdentityKind;
use crate::error::{Code, Error};
use crate::graphql::context::Access;
use crate::http::idempotent::{Answered, Outcome};
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::unknown_members::unknown_members;
use crate::http::viewer::Peer;
use crate::http::{body, idempotent};
use crate::ids::{ContactNumber, CustomerId};

/// What one call costs of the token's allowance.
const POINTS: u64 = 10;
/// The body is small: two values.
const MOST_BYTES: usize = 64 * 1024;

pub async fn handle(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let start = Instant::now();
    let (parts, body) = request.into_parts();
    match identify(&server, peer, &id, &parts, body).await {
        Ok(answered) => {
            server.metrics.answered("identify", answered.status, start.elapsed());
            let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
            let mut response = (status, json, answered.body.clone()).into_response();
            answered.mark(&mut response);
            response
        }
        Err(refusal) => {
            server.metrics.answered("identify", refusal.code.status(), start.elapsed());
            refusal.rest()
        }
    }
}

async fn identify(
    server: &Arc<Server>,
    peer: Peer,
    id: &RequestId,
    parts: &Parts,
    body: Body,
) -> Result<Answered, Refusal> {
    server.count_request(peer, &parts.headers).await?;
    body::expect_json(&parts.headers)?;
    let viewer = server.viewer(&parts.headers, peer.0).await?;
    if !Access::Ingest.admits(viewer.role) {
        return Err(Refusal::new(Code::Forbidden, "a token with the role viewer may not identify"));
    }
    server.charge(&viewer, POINTS).await?;
    let bytes = body::read(
        &parts.headers,
        body,
        MOST_BYTES.min(server.services.config.max_body_bytes),
        server.services.timeouts.body,
    )
    .await?;
    let json = body::parse(&bytes)?;
    let request = read(&json)?;
    let context = server.context(viewer.clone(), id, server.public_base(parts, peer));
    let Some(key) = idempotent::key_of(&parts.headers)? else {
        return Ok(Answered::fresh(encode(
            &server.services.api.identify(request, context).await.map_err(named)?,
        )));
    };
    let api = server.services.api.clone();
    let run = async move {
        match api.identify(request, context).await {
            Ok(answer) => Outcome { status: 200, body: encode(&answer), is_final: true },
            Err(error) => {
                let refusal = Refusal::from(named(error));
                Outcome {
                    status: refusal.code.status(),
                    is_final: refusal.code.is_final(),
                    body: refusal.rest_body(),
                }
            }
        }
    };
    server
        .once(
            &viewer,
            key,
            idempotent::hash_of([b"identify".as_slice(), json.to_string().as_bytes()]),
            run,
        )
        .await
}

/// A body of two members has no path to point with: the message names the member.
fn named(error: Error) -> Error {
    match error {
        Error::User(mut error) if !error.path.is_empty() => {
            error.message = format!("{}: {}", error.path.join("."), error.message);
            Error::User(error)
        }
        error => error,
    }
}

/// The largest number that a JSON number tells apart from its neighbours.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;

const MEMBERS: &[&str] = &["email", "phoneNumber"];

/// `{"email"?: string|null, "phoneNumber"?: string|number|null}`; other members are ignored, and named.
fn read(body: &Value) -> Result<IdentifyRequest, Refusal> {
    let Value::Object(members) = body else {
        return Err(Refusal::bad("the body must be a JSON object with email and/or phoneNumber"));
    };
    let mut given = Vec::new();
    for (name, kind) in [("email", IdentityKind::Email), ("phoneNumber", IdentityKind::Phone)] {
        let value = match members.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) if kind == IdentityKind::Phone && number.is_u64() => {
                number.to_string()
            }
            // A spreadsheet's `4155550160.0` is whole as well.
            Some(Value::Number(number))
                if kind == IdentityKind::Phone
                    && number.as_f64().is_some_and(|number| {
                        number.fract() == 0.0 && (0.0..MOST_WHOLE).contains(&number)
                    }) =>
            {
                format!("{:.0}", number.as_f64().unwrap_or_default())
            }
            Some(_) if kind == IdentityKind::Phone => {
                return Err(Refusal::bad("phoneNumber must be a string, a whole number or null"));
            }
            Some(_) => return Err(Refusal::bad("email must be a string or null")),
        };
        given.push(Given {
            kind,
            value,
            namespace: None,
            verified: false,
            path: vec![name.into()],
        });
    }
    let ignored = unknown_members(members, MEMBERS);
    Ok(IdentifyRequest { given, ignored, ..IdentifyRequest::default() })
}

#[derive(Serialize)]
struct Shown<'a> {
    contact: Contact<'a>,
    /// What stood in the request and was no identifier; left out where there is nothing to tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ignored: Vec<IgnoredValue<'a>>,
}

#[derive(Serialize)]
struct IgnoredValue<'a> {
    path: &'a [String],
    value: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contact<'a> {
    primary_contact_id: CustomerId,
    /// The original task published this key with a spelling mistake; clients of both spellings are served.
    primary_contatct_id: CustomerId,
    emails: &'a [String],
    phone_numbers: &'a [String],
    secondary_contact_ids: &'a [ContactNumber],
}

fn encode(answer: &Answer) -> String {
    let contact = Contact {
        primary_contact_id: answer.customer,
        primary_contatct_id: answer.customer,
        emails: &answer.emails,
        phone_numbers: &answer.phone_numbers,
        secondary_contact_ids: &answer.secondary_contact_ids,
    };
    // Who sends no value said nothing that could be ignored.
    let told = answer.ignored.iter().filter(|ignored| ignored.reason != BLANK);
    let ignored = told
        .map(|ignored| IgnoredValue {
            path: &ignored.path,
            value: &ignored.value,
            reason: &ignored.reason,
        })
        .collect();
    serde_json::to_string(&Shown { contact, ignored }).expect("numbers and strings are JSON")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::identify::read;

    #[test]
    fn numbers_and_nulls_are_read_and_other_json_is_refused() {
        let request = read(&json!({ "email": null, "phoneNumber": 123_456 }))
            .expect("a number is its decimal text");
        assert_eq!((request.given.len(), request.given[0].value.as_str()), (1, "123456"));
        for body in [
            json!([]),
            json!("x"),
            json!(1),
            json!({ "email": 1 }),
            json!({ "phoneNumber": 1.5 }),
            json!({ "phoneNumber": -1 }),
            json!({ "phoneNumber": [] }),
        ] {
            assert!(read(&body).is_err(), "{body}");
        }
    }
}
