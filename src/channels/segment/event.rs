//! One event: its members, found and left unread, with what stood outside of it in the delivery. Pure.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::channels::fact::Payload;
use crate::channels::json;
use crate::channels::segment::fields::fields;
use crate::channels::segment::kind::Kind;
use crate::channels::segment::values::{text, time};
use crate::channels::times::device_time;
use crate::ids::Micros;

/// Hexadecimal digits of a digest that stands for an event without an id.
const DIGEST: usize = 40;
/// Characters of the provider's word for what an event is.
const WORD_CHARS: usize = 64;
/// How far `sentAt` may be from the arrival without a change of any time.
const TRANSIT: u64 = 60_000_000;

/// What a delivery says of all of its events.
#[derive(Clone, Copy, Default)]
pub(super) struct Outside<'d> {
    /// What the path says they are.
    pub kind: Option<Kind>,
    /// As JSON: when the delivery was sent.
    pub sent_at: Option<&'d str>,
    /// When the delivery was sent, by its headers: asked last.
    pub sent_header: Option<Micros>,
    /// As JSON: a context for those that say nothing else.
    pub context: Option<&'d str>,
}

/// The parts of a context.
#[derive(Clone, Copy, Default)]
pub(super) struct Context<'e> {
    pub page: Option<&'e str>,
    pub traits: Option<&'e str>,
    pub external_ids: Option<&'e str>,
    pub device: Option<&'e str>,
    pub session_id: Option<&'e str>,
    pub channel: Option<&'e str>,
}

impl<'e> Context<'e> {
    fn read(raw: Option<&'e str>) -> Self {
        const NAMES: [&str; 6] =
            ["page", "traits", "externalIds", "device", "sessionId", "channel"];
        let found = raw.and_then(|raw| fields(raw, NAMES)).unwrap_or_default();
        let [page, traits, external_ids, device, session_id, channel] = found;
        Context { page, traits, external_ids, device, session_id, channel }
    }

    fn or(self, other: Context<'e>) -> Self {
        Context {
            page: self.page.or(other.page),
            traits: self.traits.or(other.traits),
            external_ids: self.external_ids.or(other.external_ids),
            device: self.device.or(other.device),
            session_id: self.session_id.or(other.session_id),
            channel: self.channel.or(other.channel),
        }
    }
}

/// An event's members, as JSON.
#[derive(Clone, Copy)]
pub(super) struct Event<'e> {
    pub raw: &'e str,
    pub word: Option<&'e str>,
    pub user_id: Option<&'e str>,
    pub anonymous_id: Option<&'e str>,
    pub message_id: Option<&'e str>,
    timestamp: Option<&'e str>,
    original: Option<&'e str>,
    sent_at: Option<&'e str>,
    /// Its name: the member `event`.
    pub title: Option<&'e str>,
    pub name: Option<&'e str>,
    pub properties: Option<&'e str>,
    pub traits: Option<&'e str>,
    pub group_id: Option<&'e str>,
    pub previous_id: Option<&'e str>,
    pub channel: Option<&'e str>,
    own_context: Option<&'e str>,
    pub context: Context<'e>,
}

impl<'e> Event<'e> {
    /// Nothing where the text is no object.
    pub(super) fn read(raw: &'e str, outside: &Outside<'e>) -> Option<Self> {
        const NAMES: [&str; 15] = [
            "type",
            "userId",
            "anonymousId",
            "messageId",
            "timestamp",
            "originalTimestamp",
            "sentAt",
            "event",
            "name",
            "properties",
            "traits",
            "groupId",
            "previousId",
            "channel",
            "context",
        ];
        let [
            word,
            user_id,
            anonymous_id,
            message_id,
            timestamp,
            original,
            sent_at,
            event,
            name,
            properties,
            traits,
            group_id,
            previous_id,
            channel,
            own_context,
        ] = fields(raw, NAMES)?;
        let context = Context::read(own_context).or(Context::read(outside.context));
        Some(Event {
            raw,
            word,
            user_id,
            anonymous_id,
            message_id,
            timestamp,
            original,
            sent_at,
            title: event,
            name,
            properties,
            traits,
            group_id,
            previous_id,
            channel,
            own_context,
            context,
        })
    }

    /// The provider's word for what it is.
    pub(super) fn word(&self, outside: &Outside<'_>) -> Option<String> {
        if let Some(kind) = outside.kind {
            return Some(kind.word().to_owned());
        }
        self.word.and_then(text).map(|word| word.chars().take(WORD_CHARS).collect())
    }

    /// When it happened.
    pub(super) fn occurred_at(&self, outside: &Outside<'_>, received: Micros) -> Micros {
        let at = self.timestamp.and_then(time).or_else(|| self.original.and_then(time));
        let corrected = device_time(at, self.sent(outside), received);
        if corrected.0 < 0 { received } else { corrected }
    }

    fn sent(&self, outside: &Outside<'_>) -> Option<Micros> {
        let sent = outside.sent_at.and_then(time).or_else(|| self.sent_at.and_then(time));
        sent.or(outside.sent_header)
    }

    /// The id under which it is recorded once: its own, else a digest of what it says, where it says when.
    pub(super) fn source_id(&self, kind: Kind) -> Option<String> {
        self.message_id.and_then(text).or_else(|| {
            self.timestamp.or(self.original)?;
            let parts = [
                self.user_id,
                self.anonymous_id,
                self.timestamp,
                self.original,
                self.title,
                self.name,
                self.properties,
                self.traits,
                self.group_id,
                self.previous_id,
                self.own_context,
            ];
            let mut digest = Sha256::new_with_prefix(kind.word());
            for part in parts {
                // No JSON contains a bare line break that is not blank: what stands between two parts is told from them.
                digest.update(b"\n\n");
                digest.update(part.unwrap_or_default());
            }
            let digest = hex::encode(digest.finalize());
            Some(digest[..DIGEST].to_owned())
        })
    }

    /// The event by itself: with what stood outside of it put in, where it says something else without.
    pub(super) fn payload(&self, outside: &Outside<'_>, received: Micros) -> Payload<'e> {
        let kind =
            outside.kind.filter(|kind| self.word.and_then(text).as_deref() != Some(kind.word()));
        let sent = self.sent(outside).filter(|sent| {
            let moves = sent.0.abs_diff(received.0) > TRANSIT || self.sent_at.is_some();
            moves && self.sent_at.and_then(time) != Some(*sent)
        });
        if kind.is_none() && sent.is_none() && outside.context.is_none() {
            return Payload::Raw(self.raw);
        }
        let Ok(Json::Object(mut event)) = json::value(self.raw) else {
            return Payload::Raw(self.raw);
        };
        if let Some(kind) = kind {
            event.insert("type".into(), kind.word().into());
        }
        if let Some(sent) = sent.and_then(rfc3339) {
            event.insert("sentAt".into(), sent.into());
        }
        if let Some(Ok(Json::Object(mut context))) = outside.context.map(json::value) {
            if let Some(Json::Object(own)) = event.remove("context") {
                context.extend(own.into_iter().filter(|(_, value)| !value.is_null()));
            }
            event.insert("context".into(), context.into());
        }
        Payload::Json(Json::Object(event))
    }
}

fn rfc3339(time: Micros) -> Option<String> {
    chrono::DateTime::from_timestamp_micros(time.0)
        .map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}
