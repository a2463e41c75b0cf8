//! What a delivery says, also where its channel fails to read it: then it is kept whole, and costs nobody anything.

use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::channels::Channel;
use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Fact, Payload, What};
use crate::domain::source::OpenSource;
use crate::error::UserError;

/// The facts of a delivery.
pub fn facts<'d>(
    channel: &Channel,
    source: &OpenSource,
    delivery: &Delivery<'d>,
) -> Result<Vec<Fact<'d>>, Refusal> {
    let read = catch_unwind(AssertUnwindSafe(|| (channel.facts)(source, delivery)));
    read.unwrap_or_else(|_| {
        tracing::error!(source = source.id.0, "a delivery could not be read: it is kept");
        Ok(vec![unreadable(delivery)])
    })
}

/// A delivery that is a mistake of ours.
fn unreadable<'d>(delivery: &Delivery<'d>) -> Fact<'d> {
    let payload = match std::str::from_utf8(delivery.body) {
        Ok(text) if serde_json::from_str::<serde_json::Value>(text).is_ok() => Payload::Raw(text),
        _ => Payload::Json(json!({ "raw": STANDARD.encode(delivery.body) })),
    };
    let error = UserError::invalid("rapport could not read it; the server's log has the reason");
    let what = What::Rejected(vec![error]);
    Fact { kind: "delivery".into(), external_id: None, payload, what }
}

#[cfg(test)]
mod tests {
    use crate::channels::delivery::{Delivery, Headers};
    use crate::channels::fact::{Payload, What};
    use crate::channels::read::facts;
    use crate::channels::segment::CHANNEL;
    use crate::channels::{Channel, delivery::Refusal, fact::Fact};
    use crate::domain::source::OpenSource;
    use crate::ids::Micros;

    fn fails<'d>(_: &OpenSource, _: &Delivery<'d>) -> Result<Vec<Fact<'d>>, Refusal> {
        panic!("a mistake of ours")
    }

    #[test]
    fn a_delivery_that_a_channel_fails_to_read_is_kept_whole() {
        let (headers, channel) = (Headers::default(), Channel { facts: fails, ..CHANNEL });
        for (body, kept) in
            [(b"{\"a\":1}".as_slice(), "{\"a\":1}"), (b"\xff", "{\"raw\":\"/w==\"}")]
        {
            let delivery = Delivery {
                address: "",
                path: "",
                query: "",
                headers: &headers,
                body,
                received: Micros(0),
            };
            let facts = facts(&channel, &OpenSource::default(), &delivery).expect("is let in");
            assert!(matches!(facts[0].what, What::Rejected(_)));
            let payload: &Payload<'_> = &facts[0].payload;
            assert_eq!(payload.to_json().to_string(), kept);
        }
    }
}
