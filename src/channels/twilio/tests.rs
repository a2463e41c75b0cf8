//! What requests of Twilio's become: recorded ones, every state and address, and broken ones.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};
use url::form_urlencoded::Serializer;

use crate::channels::delivery::Refusal;
use crate::channels::fact::Payload;
use crate::channels::tests::{
    FORM, Request, recorded, recorded_requests_become, said, source, stands, stands_broken,
};
use crate::channels::twilio::CHANNEL;
use crate::domain::source::OpenSource;

const HEADERS: [(&str, &str); 2] = [("content-type", FORM), ("x-twilio-signature", "c2lnbmVk")];
const TWIML: &str = "<Response><Dial>+14155550199</Dial></Response>";

fn own() -> OpenSource {
    OpenSource { provider_secret: Some("12345".into()), answer: Some(TWIML.into()), ..source() }
}

fn form(fields: &[(&str, &str)]) -> Request {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    Request::new(body.as_bytes()).with(&HEADERS)
}

/// What a form becomes, in one line.
fn becomes(fields: &[(&str, &str)]) -> String {
    let request = form(fields);
    let facts = (CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery");
    said(&facts).lines().map(str::trim).collect::<Vec<_>>().join(" | ")
}

#[test]
fn recorded_requests_become_what_they_say() {
    recorded_requests_become(&CHANNEL, "twilio", &[]);
}

#[test]
fn each_state_of_a_message_is_known() {
    for (status, state) in [
        ("accepted", "QUEUED"),
        ("scheduled", "QUEUED"),
        ("queued", "QUEUED"),
        ("sending", "QUEUED"),
        ("sent", "SENT"),
        ("delivered", "DELIVERED"),
        ("Read", "READ"),
        ("undelivered", "FAILED"),
        ("failed", "FAILED"),
        ("canceled", "FAILED"),
    ] {
        let told =
            becomes(&[("MessageSid", "SM1"), ("MessageStatus", status), ("To", "+14155550100")]);
        let end = format!("record SMS OUTBOUND PHONE:+14155550100 SM1 message None {state}");
        assert!(told.ends_with(&end), "{told}");
        // Older status callbacks name it otherwise.
        let told = becomes(&[("SmsSid", "SM1"), ("SmsStatus", status), ("To", "+14155550100")]);
        assert!(told.ends_with(&end), "{told}");
        let told = becomes(&[("MessageSid", "SM1"), ("MessageStatus", status)]);
        assert!(told.contains(&format!("advance SM1 \"{state}\"")), "{told}");
    }
    let told = becomes(&[("MessageSid", "SM1"), ("MessageStatus", "teleported"), ("To", "+1")]);
    assert_eq!(
        told,
        "MessageStatus.teleported SM1 | unknown: rapport does not know the state teleported"
    );
}

#[test]
fn each_state_of_a_call_is_known() {
    for (status, state) in [
        ("queued", "RINGING"),
        ("initiated", "RINGING"),
        ("ringing", "RINGING"),
        ("in-progress", "IN_PROGRESS"),
        ("completed", "COMPLETED"),
        ("busy", "DECLINED"),
        ("no-answer", "MISSED"),
        ("canceled", "MISSED"),
        ("failed", "FAILED"),
    ] {
        let call = [
            ("CallSid", "CA1"),
            ("CallStatus", status),
            ("CallDuration", "7"),
            ("From", "+14155550100"),
            ("To", "+18005550100"),
            ("Direction", "inbound"),
        ];
        let told = becomes(&call);
        let talked = if state == "COMPLETED" { "Some(7)" } else { "None" };
        let end = format!("VOICE INBOUND PHONE:+14155550100 CA1 call {state} {talked} None");
        assert!(told.ends_with(&end), "{told}");
        for way in ["outbound-api", "outbound-dial", "OUTBOUND"] {
            let mut call = call;
            call[5].1 = way;
            assert!(becomes(&call).contains("VOICE OUTBOUND PHONE:+18005550100"), "{way}");
        }
        // Who called whom is not told: that is of a call that is known.
        let told = becomes(&call[..5]);
        assert!(told.contains(&format!("advance CA1 \"{state}\" ({talked}")), "{told}");
        let leg = [("ParentCallSid", "CA0"), ("CallSid", "CA1"), ("CallStatus", status)];
        let told = becomes(&leg);
        match state {
            "IN_PROGRESS" => assert!(told.contains("advance CA0 \"IN_PROGRESS\""), "{told}"),
            _ => assert!(told.ends_with("| nothing"), "{told}"),
        }
    }
    let told = becomes(&[("CallSid", "CA1"), ("CallStatus", "humming")]);
    assert!(told.ends_with("unknown: rapport does not know the state humming"), "{told}");
    assert!(becomes(&[("CallSid", "CA1")]).contains("unknown"));
}

#[test]
fn a_sender_is_known_by_what_stands_in_from() {
    for (from, is) in [
        ("+14155550100", "record SMS INBOUND PHONE:+14155550100!"),
        (" 14155550100", "record SMS INBOUND PHONE:14155550100!"),
        ("72345", "record SMS INBOUND PHONE:72345!"),
        ("rcs:+14155550100", "record SMS INBOUND PHONE:+14155550100!"),
        ("whatsapp:+447700900123", "record WHATSAPP INBOUND WHATSAPP:+447700900123!"),
        ("WhatsApp:+447700900123", "record WHATSAPP INBOUND WHATSAPP:+447700900123!"),
        ("whatsapp:US.1349", "record WHATSAPP INBOUND WHATSAPP:US.1349!"),
        ("messenger:2468", "record FACEBOOK INBOUND FACEBOOK:2468!"),
        ("messenger:", "rejected: From: an address is needed"),
        ("whatsapp:", "rejected: From: an address is needed"),
        ("", "rejected: From: an address is needed"),
        ("ACMEBANK", "rejected: From: it is a name"),
        ("+", "rejected: From: it is a name"),
        ("viber:17", "unknown: rapport does not know addresses of viber"),
    ] {
        let told = becomes(&[("MessageSid", "SM1"), ("Body", "Hi"), ("From", from)]);
        assert!(told.contains(is), "{from}: {told}");
    }
}

#[test]
fn number_and_id_of_whatsapp_are_one_person() {
    let (number, id) = ("WHATSAPP:+447700900123!", "WHATSAPP:GB.1349!");
    for (fields, linked) in [
        ([("From", "whatsapp:+447700900123"), ("ExternalUserId", "GB.1349")], true),
        ([("From", "whatsapp:+447700900123"), ("ExternalUserId", "whatsapp:GB.1349")], true),
        ([("From", "whatsapp:GB.1349"), ("WaId", "+447700900123")], true),
        ([("From", "whatsapp:+447700900123"), ("WaId", "447700900123")], false),
    ] {
        let all = [&[("MessageSid", "SM1"), ("Body", "Hi")], &fields[..]].concat();
        let told = becomes(&all);
        assert_eq!(told.contains(&format!("identify {number} {id}")), linked, "{told}");
        assert!(told.contains(&format!("record WHATSAPP INBOUND {number}")), "{told}");
    }
    let told = becomes(&[("MessageSid", "SM1"), ("Body", "Hi"), ("ExternalUserId", "GB.1349")]);
    assert!(told.contains(&format!("| record WHATSAPP INBOUND {id}")), "{told}");
}

#[test]
fn a_caller_may_be_nobody() {
    for (from, who) in [
        ("+14155550100", "PHONE:+14155550100"),
        ("sip:+14155550100@trunk.example;transport=udp", "PHONE:+14155550100"),
        ("whatsapp:+447700900123", "WHATSAPP:+447700900123"),
        ("anonymous", "nobody"),
        ("Restricted", "nobody"),
        ("+266696687", "nobody"),
        ("266696687", "nobody"),
        ("+86282452253", "nobody"),
        ("", "nobody"),
        ("client:eve", "nobody"),
        ("sip:eve@office.example", "nobody"),
    ] {
        let call = [("CallSid", "CA1"), ("CallStatus", "ringing"), ("Direction", "inbound")];
        let told = becomes(&[&call[..], &[("From", from)]].concat());
        assert!(told.contains(&format!("VOICE INBOUND {who} CA1")), "{from}: {told}");
    }
}

#[test]
fn a_recording_is_the_calls_whenever_it_comes() {
    let url = "https://api.twilio.com/RE1";
    let told = becomes(&[("CallSid", "CA1"), ("RecordingUrl", url)]);
    assert!(told.ends_with(&format!("advance CA1 null (None, Some({url:?}))")), "{told}");
    let call = [("CallSid", "CA1"), ("CallStatus", "completed"), ("Direction", "inbound")];
    let told = becomes(&[&call[..], &[("RecordingUrl", url)]].concat());
    assert!(told.ends_with(&format!("call COMPLETED None Some({url:?})")), "{told}");
}

#[test]
fn a_message_without_a_word_is_refused_by_name() {
    for empty in ["", " \n "] {
        let told = becomes(&[("MessageSid", "SM1"), ("Body", empty), ("From", "+14155550100")]);
        assert!(
            told.ends_with("rejected: Body: the message has neither a text nor a file"),
            "{told}"
        );
    }
}

#[test]
fn several_values_of_a_name_are_kept_as_a_list() {
    let request = form(&[("CallSid", "CA1"), ("Digits", "1"), ("Digits", "2"), ("Digits", "")]);
    let facts = (CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery");
    let kept = Payload::to_json(&facts[0].payload);
    assert_eq!(kept, json!({ "CallSid": "CA1", "Digits": ["1", "2", ""] }));
}

#[test]
fn an_incoming_call_that_rings_is_answered() {
    let call = [("CallSid", "CA1"), ("CallStatus", "ringing"), ("Direction", "inbound")];
    let answer = |source: &OpenSource, fields: &[(&str, &str)]| {
        let answer = (CHANNEL.answer)(source, &form(fields).delivery(), &[]);
        assert_eq!(answer.content_type, "text/xml");
        answer.body
    };
    assert_eq!(answer(&own(), &call), TWIML);
    assert_eq!(answer(&source(), &call), "<Response/>");
    let blank = OpenSource { answer: Some(" ".into()), ..source() };
    assert_eq!(answer(&blank, &call), "<Response/>");
    for other in [
        &[("CallSid", "CA1"), ("CallStatus", "completed"), ("Direction", "inbound")][..],
        &[("CallSid", "CA1"), ("CallStatus", "ringing"), ("Direction", "outbound-api")],
        &[call[0], call[1], call[2], ("CallbackSource", "call-progress-events")],
        &[call[0], call[1], call[2], ("ParentCallSid", "CA0")],
        &[("MessageSid", "SM1"), ("Body", "Hi"), ("From", "+14155550100")],
        &[],
    ] {
        assert_eq!(answer(&own(), other), "<Response/>", "{other:?}");
    }
}

#[test]
fn what_holds_no_fields_is_no_delivery() {
    for (media, body) in [
        (FORM, ""),
        (FORM, "&&"),
        ("application/json", "MessageSid=SM1"),
        ("application/json", "7"),
        ("application/json", "\u{fffd}"),
        ("", ""),
    ] {
        let request = Request::new(body.as_bytes()).with(&[("content-type", media)]);
        let facts = (CHANNEL.facts)(&own(), &request.delivery());
        assert!(matches!(facts, Err(Refusal::Malformed(_))), "{media} {body}");
    }
    let list = r#"[{"MessageSid":"SM1","Body":"a","From":"+14155550100"},7,{"CallSid":1e999}]"#;
    let request = Request::new(list.as_bytes()).with(&[("content-type", "application/json")]);
    let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
    assert!(told.contains("record SMS") && told.matches("rejected").count() == 2, "{told}");
    let part = r#"{"MessageSid":"S","Body":"b","From":"+14155550100","NumMedia":1e999}"#;
    let headers = [("content-type", "application/json")];
    let request = Request::new(part.as_bytes()).with(&headers);
    let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
    assert!(told.contains("[could not be read: NumMedia]"), "{told}");
    stands(&CHANNEL, &own(), &headers, part.as_bytes());
}

#[test]
fn broken_requests_stand() {
    let folder = format!("{}/tests/data/channels/twilio", env!("CARGO_MANIFEST_DIR"));
    for file in std::fs::read_dir(folder).expect("a folder") {
        let name = file.expect("a file").file_name().into_string().expect("a name");
        let body = recorded(&format!("twilio/{name}"));
        if name.rsplit('.').next() == Some("json") {
            stands_broken(&CHANNEL, &own(), &[("content-type", "application/json")], &body);
            continue;
        }
        stands(&CHANNEL, &own(), &HEADERS, &body);
        let fields: Vec<(String, String)> =
            url::form_urlencoded::parse(&body).into_owned().collect();
        let json: serde_json::Map<String, Json> =
            fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        stands_broken(&CHANNEL, &own(), &[], json!(json).to_string().as_bytes());
        for n in 0..fields.len() {
            for wrong in ["", " ", "\0", ":", "whatsapp:", "\u{1f600}", "%ud83d", "-1", "[]"] {
                let mut fields = fields.clone();
                fields[n].1 = wrong.into();
                let body = Serializer::new(String::new()).extend_pairs(&fields).finish();
                stands(&CHANNEL, &own(), &HEADERS, body.as_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_bytes_are_too_odd(body in prop::collection::vec(any::<u8>(), 0..200), json in "\\PC{0,60}") {
        for media in [FORM, "application/json", "", "text/plain"] {
            let headers = [("content-type", media), ("x-twilio-signature", "x")];
            stands(&CHANNEL, &own(), &headers, &body);
            stands(&CHANNEL, &own(), &headers, json.as_bytes());
        }
        let address = String::from_utf8_lossy(&body);
        let request = Request::new(b"a=b").at(&address).with(&HEADERS);
        prop_assert!((CHANNEL.verify)(&own(), &request.delivery()).is_err());
    }
}
