//! What calls become, rule by rule.

use crate::channels::delivery::Refusal;
use crate::channels::segment::tests::read;
use crate::channels::segment::tests::told::told;

/// The lines of one event in a batch.
fn lines(event: &str) -> Vec<String> {
    let batch = format!(r#"{{"batch":[{event}]}}"#);
    let told = told(&read("/v1/batch", batch.as_bytes()).expect("a batch"));
    told.into_iter().map(|line| line.replace(" 26T14:28:25Z", "")).collect()
}

#[test]
fn ids_make_a_person() {
    for (ids, becomes) in [
        (r#""userId":"u-1""#, &["Web UserId u-1: view | /P | P"] as &[_]),
        (r#""userId":42"#, &["Web UserId 42: view | /P | P"]),
        (r#""userId":null,"anonymousId":"a""#, &["Web AnonymousId a: view | /P | P"]),
        (r#""userId":" ","anonymousId":"a""#, &["Web AnonymousId a: view | /P | P"]),
        (r#""userId":"undefined","anonymousId":"a""#, &["Web AnonymousId a: view | /P | P"]),
        (r#""userId":false,"anonymousId":"a""#, &["Web AnonymousId a: view | /P | P"]),
        (r#""userId":0,"anonymousId":"a""#, &["Web AnonymousId a: view | /P | P"]),
        (r#""userId":"u","anonymousId":"null""#, &["Web UserId u: view | /P | P"]),
        (
            r#""userId":"u","anonymousId":"a""#,
            &["link UserId u + AnonymousId a", "Web UserId u: view | /P | P"],
        ),
        (
            r#""userId":["u"],"anonymousId":"a""#,
            &["page: Invalid at userId: an id is a text or a number"],
        ),
        (
            r#""userId":"u","anonymousId":{}"#,
            &["page: Invalid at anonymousId: an id is a text or a number"],
        ),
        (
            r#""userId":"null","anonymousId":"""#,
            &["page: Invalid at userId: there is no userId and no anonymousId that can be used"],
        ),
        (
            r#""userId":"a\u0000b""#,
            &["page: Invalid at userId: the value contains a NUL character"],
        ),
    ] {
        assert_eq!(lines(&format!(r#"{{"type":"page","name":"P",{ids}}}"#)), becomes, "{ids}");
    }
}

#[test]
fn a_call_links_addresses() {
    for (rest, link) in [
        (
            r#""traits":{"email":"a@x.example","phone":4155550100}"#,
            "UserId u + Email a@x.example + Phone 4155550100",
        ),
        (r#""context":{"traits":{"email":"a@x.example"}}"#, "UserId u + Email a@x.example"),
        (
            r#""traits":{"email":"a@x.example"},"context":{"traits":{"email":"b@x.example","phone":"+14155550100"}}"#,
            "UserId u + Email a@x.example + Phone +14155550100",
        ),
        (
            r#""traits":{"email":"noreply@x.example"},"context":{"traits":{"email":"b@x.example"}}"#,
            "UserId u + Email b@x.example",
        ),
        (
            r#""context":{"externalIds":[{"id":"c-1","type":"CRM","collection":"users","encoding":"none"},{"id":"c-1","type":"crm"},{"id":7,"type":"shop"},{"id":"","type":"x"},{"id":"y"},{"id":"z","type":"no good"},3]}"#,
            "UserId u + External:crm c-1 + External:shop 7",
        ),
        (
            r#""anonymousId":"a","traits":{"email":["a@x.example"]},"context":{"device":{"id":"d"},"externalIds":{}}"#,
            "UserId u + AnonymousId a",
        ),
    ] {
        let told = lines(&format!(r#"{{"type":"track","event":"E","userId":"u",{rest}}}"#));
        assert_eq!(told[0], format!("link {link}"), "{rest}");
        assert!(told[1].contains(" UserId u: event | E | "), "{told:?}");
    }
    // Of a group they are the group's.
    let group =
        r#"{"type":"group","groupId":"g","userId":"u","traits":{"email":"office@x.example"}}"#;
    assert_eq!(lines(group).len(), 1);
    let own = r#"{"type":"group","groupId":"g","userId":"u","context":{"traits":{"email":"a@x.example"}}}"#;
    assert_eq!(lines(own)[0], "link UserId u + Email a@x.example");
}

#[test]
fn identify_says_a_name_and_traits() {
    for (rest, becomes) in [
        (r#""userId":"u""#, "link UserId u"),
        (r#""anonymousId":"a","traits":{"plan":"pro"}"#, r#"link AnonymousId a {"plan":"pro"}"#),
        (
            r#""userId":"u","traits":{"firstName":"Ada","lastName":"Lovelace","city":null}"#,
            r#"link UserId u named Ada Lovelace {"city":null}"#,
        ),
        (
            r#""userId":"u","traits":[],"context":{"traits":{"name":"Ada"}}"#,
            "link UserId u named Ada",
        ),
        (
            r#""userId":"u","traits":{"a":1},"context":{"traits":{"name":"Ada"}}"#,
            r#"link UserId u {"a":1}"#,
        ),
        (r#""traits":{"email":"a@x.example"}"#, "link Email a@x.example"),
        (
            r#""traits":{"name":"Ada"}"#,
            "identify: Invalid at userId: there is no userId and no anonymousId that can be used",
        ),
    ] {
        assert_eq!(lines(&format!(r#"{{"type":"identify",{rest}}}"#)), [becomes], "{rest}");
    }
}

#[test]
fn pages_have_the_first_address_that_can_be_used() {
    for (rest, view) in [
        (r#""properties":{"url":"https://x.example/a","path":"/b"}"#, "https://x.example/a"),
        (
            r#""properties":{"url":"about:blank","path":"/b"},"context":{"page":{"url":"https://x.example/c"}}"#,
            "https://x.example/c",
        ),
        (r#""properties":{"path":"/b"},"context":{"page":{"path":"/c"}}"#, "/b"),
        (r#""context":{"page":{"path":"/c","title":"T"}}"#, "/c | T"),
        (r#""name":"My Page""#, "/My%20Page | My Page"),
        (r#""name":"N","properties":{"title":"T"}"#, "/N | T"),
        (r#""properties":{"url":"","path":7,"name":"Own"}"#, "/Own | Own"),
        (r#""properties":"none","name":"N","context":{"sessionId":"s"}"#, "/N | N | in s"),
    ] {
        let told = lines(&format!(r#"{{"type":"page","userId":"u",{rest}}}"#));
        assert_eq!(told, [format!("Web UserId u: view | {view}")], "{rest}");
    }
    let screen =
        r#"{"type":"screen","userId":"u","name":"Cart","properties":{"title":"T","url":"/cart"}}"#;
    assert_eq!(lines(screen), ["App UserId u: view | /cart | Cart"]);
    let none = lines(r#"{"type":"page","userId":"u"}"#);
    assert!(none[0].starts_with("page: Invalid at properties.url: "), "{none:?}");
}

#[test]
fn an_app_is_told_by_its_device() {
    for (rest, channel) in [
        (r#""channel":"mobile""#, "App"),
        (r#""context":{"channel":"mobile"}"#, "App"),
        (r#""context":{"device":{"type":"ios"}}"#, "App"),
        (r#""context":{"device":{}}"#, "Web"),
        (r#""context":{"device":null,"app":{"name":"RudderLabs JavaScript SDK"}}"#, "Web"),
        (r#""channel":"server""#, "Web"),
    ] {
        let told = lines(&format!(r#"{{"type":"track","event":"E","userId":"u",{rest}}}"#));
        assert!(told[0].starts_with(channel), "{rest}: {told:?}");
    }
}

#[test]
fn what_cannot_be_taken_costs_no_neighbour() {
    let large = format!(
        r#"{{"type":"track","userId":"u","event":"E","messageId":"big","properties":{{"x":"{}"}}}}"#,
        "x".repeat(32 * 1024)
    );
    let deep = format!(
        r#"{{"type":"track","userId":"u","event":"E","properties":{{"x":{}{}}}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    let batch = [
        r#"{"type":"track","userId":"u","event":"first \ud83d"}"#,
        &large,
        &deep,
        r#"{"type":"track","userId":"u","event":"E","properties":{"x":1e999}}"#,
        r#"{"type":"track","userId":"u"}"#,
        r#"{"type":"video","userId":"u"}"#,
        r#"{"userId":"u"}"#,
        r#""text""#,
        "null",
        "[]",
        r#"{"type":"track","userId":"u","event":"E","\ud83d":1}"#,
        r#"{"type":"group","userId":"u"}"#,
        r#"{"type":"alias","userId":"u"}"#,
        r#"{"type":"alias","anonymousId":"a","previousId":"p"}"#,
        r#"{"type":"alias","userId":"u","previousId":"p"}"#,
        r#"{"type":"track","userId":"u","event":"last"}"#,
    ];
    let body = format!(r#"{{"batch":[{}]}}"#, batch.join(","));
    let facts = read("/v1/batch", body.as_bytes()).expect("a batch");
    assert_eq!(facts.len(), batch.len());
    assert_eq!(facts[1].external_id.as_deref(), Some("big"));
    let told = told(&facts);
    let begins = [
        "Web 26T14:28:25Z UserId u: event | first \u{fffd} | ",
        "track: LimitExceeded at : an event is at most 32768 bytes",
        "track: Invalid at properties: ",
        "track: Invalid at properties: ",
        "track: Invalid at event: ",
        "video: unknown: ",
        "untyped: Invalid at type: ",
        "untyped: Invalid at : an event is a JSON object",
        "untyped: Invalid at : an event is a JSON object",
        "untyped: Invalid at : an event is a JSON object",
        "Web 26T14:28:25Z UserId u: event | E | ",
        "group: Invalid at groupId: ",
        "alias: Invalid at previousId: ",
        "alias: Invalid at userId: ",
        "alias 26T14:28:25Z UserId u <- p",
        "Web 26T14:28:25Z UserId u: event | last | ",
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for (line, begin) in told.iter().zip(begins) {
        assert!(line.starts_with(begin), "{line} does not begin with {begin}");
    }
}

#[test]
fn what_is_no_delivery_is_refused() {
    for body in
        ["", "x", "[]", "null", "7", r#"{"batch":{}}"#, r#"{"batch":null}"#, "{}", r#"{"batch":[}"#]
    {
        let refused = read("/v1/batch", body.as_bytes());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body}: {refused:?}");
    }
    for body in ["", "[]", r#"["track"]"#, "null", "{"] {
        let refused = read("/v1/track", body.as_bytes());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body}: {refused:?}");
    }
    let large = format!(r#"{{"userId":"u","event":"{}"}}"#, "x".repeat(33 * 1024));
    assert!(matches!(read("/v1/t", large.as_bytes()), Err(Refusal::TooLarge(_))));
    assert_eq!(read("/v1/batch", br#"{"batch":[]}"#).expect("an empty batch").len(), 0);
}

/// The id under which an event is recorded once.
#[test]
fn an_event_without_an_id_has_a_digest_where_it_has_a_time() {
    use crate::channels::fact::{Act, What};
    let id = |event: &str| {
        let facts =
            read("/v1/batch", format!(r#"{{"batch":[{event}]}}"#).as_bytes()).expect("a batch");
        let What::Acts(acts) = &facts[0].what else { panic!("{facts:?}") };
        let Some(Act::Record(item, _)) = acts.last() else { panic!("{acts:?}") };
        item.source_id.clone()
    };
    let event = |rest: &str| format!(r#"{{"type":"track","userId":"u","event":"E"{rest}}}"#);
    assert_eq!(id(&event(r#","messageId":"m-1""#)).as_deref(), Some("m-1"));
    assert_eq!(id(&event(r#","messageId":17"#)).as_deref(), Some("17"));
    assert_eq!(id(&event("")), None);
    let one = id(&event(
        r#","messageId":"","timestamp":"2026-11-26T14:00:00Z","sentAt":"2026-11-26T14:00:00Z""#,
    ));
    let again =
        id(&event(r#","timestamp":"2026-11-26T14:00:00Z","sentAt":"2026-11-26T14:10:00Z""#));
    let other = id(&event(r#","timestamp":"2026-11-26T14:00:01Z""#));
    assert!(one.as_ref().is_some_and(|id| id.len() == 40));
    assert_eq!(one, again);
    assert_ne!(one, other);
    assert_ne!(one, id(&event(r#","timestamp":"2026-11-26T14:00:00Z","properties":{"a":1}"#)));
}
