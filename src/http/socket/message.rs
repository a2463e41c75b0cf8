//! The messages of `graphql-transport-ws`, received and sent.

use std::io::Write as _;

use serde_json::{Map, Value, json};

use crate::domain::text::half_characters;
use crate::http::parameters::Parameters;

/// What a client sends.
#[derive(PartialEq, Debug)]
pub enum Message {
    Init(Map<String, Value>),
    Ping(Option<Value>),
    Pong,
    Subscribe { id: String, parameters: Box<Parameters> },
    Complete { id: String },
}

/// The longest id of an operation, in bytes.
const LONGEST_ID: usize = 256;

impl Message {
    /// The error says what is wrong with the message.
    pub fn of(text: &str) -> Result<Self, String> {
        let value =
            half_characters::json(text.as_bytes()).map_err(|_| "it is not JSON".to_owned())?;
        let Value::Object(mut members) = value else { return Err("it is not an object".into()) };
        let Some(Value::String(kind)) = members.remove("type") else {
            return Err("'type' is not a string".into());
        };
        let payload = members.remove("payload");
        match kind.as_str() {
            "connection_init" => Ok(Message::Init(optional(payload)?.unwrap_or_default())),
            "ping" => Ok(Message::Ping(optional(payload)?.map(Value::Object))),
            "pong" => optional(payload).map(|_| Message::Pong),
            "complete" => Ok(Message::Complete { id: id(&mut members)? }),
            "subscribe" => {
                let id = id(&mut members)?;
                let parameters = Parameters::of(payload.unwrap_or(Value::Null))
                    .map_err(|refusal| refusal.message)?;
                Ok(Message::Subscribe { id, parameters: Box::new(parameters) })
            }
            _ => Err("'type' is not known".into()),
        }
    }
}

fn id(members: &mut Map<String, Value>) -> Result<String, String> {
    match members.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= LONGEST_ID => Ok(id),
        _ => Err(format!("'id' is not a string of 1 to {LONGEST_ID} bytes")),
    }
}

fn optional(payload: Option<Value>) -> Result<Option<Map<String, Value>>, String> {
    match payload {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err("'payload' is not an object".into()),
    }
}

/// What the server sends. `body` and `errors` are JSON already.
pub fn next(id: &str, body: &str) -> String {
    format!("{{\"id\":{},\"type\":\"next\",\"payload\":{body}}}", Value::from(id))
}

/// The same, behind what is there.
pub fn write_next(id: &str, body: &str, bytes: &mut Vec<u8>) {
    // To memory, which does not fail.
    let _ = write!(bytes, "{{\"id\":{},\"type\":\"next\",\"payload\":{body}}}", Value::from(id));
}

pub fn error(id: &str, errors: &str) -> String {
    format!("{{\"id\":{},\"type\":\"error\",\"payload\":{errors}}}", Value::from(id))
}

pub fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

pub fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => r#"{"type":"pong"}"#.to_owned(),
    }
}

pub const ACK: &str = r#"{"type":"connection_ack"}"#;
