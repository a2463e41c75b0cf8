//! What real SDKs send, as it was recorded, and what it becomes.

use crate::channels::delivery::Headers;
use crate::channels::fact::Payload;
use crate::channels::segment::facts::facts;
use crate::channels::segment::tests::told::told;
use crate::channels::segment::tests::{delivery, read};
use crate::domain::source::OpenSource;

macro_rules! recorded {
    ($file:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/channels/segment/",
            $file,
            ".json"
        ))
    };
}

fn becomes(path: &str, body: &[u8], lines: &[&str]) {
    assert_eq!(told(&read(path, body).expect("a delivery")), lines, "{path}");
}

#[test]
fn analytics_node() {
    becomes(
        "/v1/batch",
        recorded!("analytics-node.batch"),
        &[
            r#"link 26T14:28:07.789Z UserId u-1 + AnonymousId a-1 + Email ada@lovelace.example named Ada Lovelace {"age":null,"plan":"pro"}"#,
            "link 26T14:28:07.789Z UserId u-1 + Email ada@lovelace.example",
            r#"Web 26T14:28:07.789Z UserId u-1: event | Order Completed | {"event":"Order Completed","properties":{"items":[{"sku":"A"}],"total":12.5}}"#,
            "Web 26T14:28:07.789Z AnonymousId a-1: view | https://shop.example/pricing | Pricing",
            "App 26T14:28:07.790Z UserId u-1: view | /Cart | Cart",
            r#"Web 26T14:28:07.790Z UserId u-1: group | g-1 | Analytical Engines | {"email":"office@engines.example","name":"Analytical Engines"}"#,
            "alias 26T14:28:07.790Z UserId u-1 <- a-0",
        ],
    );
}

/// It writes `NaN` for a number that is none.
#[test]
fn analytics_python() {
    becomes(
        "/v1/batch",
        recorded!("analytics-python.batch"),
        &[
            "link 26T14:28:08.045Z UserId u-2 + Email grace@hopper.example named Grace Hopper",
            r#"Web 25T10:00:00Z UserId u-2: event | Signed Up | {"event":"Signed Up","properties":{"plan":"free","ratio":null}}"#,
            "Web 26T14:28:08.045Z UserId u-2: view | https://shop.example/docs | Start",
            "App 26T14:28:08.045Z UserId u-2: view | /Home | Home",
            r#"Web 26T14:28:08.045Z UserId u-2: group | g-2 | Navy | {"name":"Navy"}"#,
            "alias 26T14:28:08.045Z UserId u-2 <- a-9",
        ],
    );
}

/// The last one says that `u-1` is `u-1`: it puts the id that it knows in the place of the one it was told.
#[test]
fn analytics_next() {
    let anonymous = "AnonymousId f95c1f43-8165-41c8-90ac-0eacfb20d753";
    becomes(
        "/v1/p",
        recorded!("analytics-next.p"),
        &[&format!(
            "Web 26T14:28:18.107Z {anonymous}: view | https://shop.example/cars/42?x=1 | Cars"
        )],
    );
    becomes(
        "/v1/i",
        recorded!("analytics-next.i"),
        &[&format!(
            "link 26T14:28:18.146Z UserId u-1 + {anonymous} + Email ada@lovelace.example named Ada"
        )],
    );
    becomes(
        "/v1/t",
        recorded!("analytics-next.t"),
        &[
            &format!("link 26T14:28:18.156Z UserId u-1 + {anonymous}"),
            r#"Web 26T14:28:18.156Z UserId u-1: event | Bought | {"event":"Bought","properties":{"b":2}}"#,
        ],
    );
    becomes(
        "/v1/g",
        recorded!("analytics-next.g"),
        &[
            &format!("link 26T14:28:18.167Z UserId u-1 + {anonymous}"),
            r#"Web 26T14:28:18.167Z UserId u-1: group | g-1 | G | {"name":"G"}"#,
        ],
    );
    becomes(
        "/v1/a",
        recorded!("analytics-next.a"),
        &[&format!("alias 26T14:28:18.174Z {anonymous} <- u-1")],
    );
}

#[test]
fn rudderstack() {
    let anonymous = "AnonymousId 6a23ab6a-5690-4eb7-82d2-dc189448ec78";
    let ada = format!("UserId u-1 + {anonymous} + Email ada@lovelace.example");
    becomes(
        "/v1/page",
        recorded!("rudderstack.page"),
        &[&format!(
            "Web 26T14:28:18.760Z {anonymous}: view | https://shop.example/cars/43 | Cars | in 1795703298754"
        )],
    );
    becomes(
        "/v1/identify",
        recorded!("rudderstack.identify"),
        &[&format!(r#"link 26T14:28:18.770Z {ada} named Ada {{"plan":"pro"}}"#)],
    );
    becomes(
        "/v1/track",
        recorded!("rudderstack.track"),
        &[
            &format!("link 26T14:28:18.773Z {ada}"),
            r#"Web 26T14:28:18.773Z UserId u-1: event | Bought | {"event":"Bought","properties":{"b":2}}"#,
        ],
    );
    becomes(
        "/v1/group",
        recorded!("rudderstack.group"),
        &[
            &format!("link 26T14:28:18.778Z {ada}"),
            r#"Web 26T14:28:18.778Z UserId u-1: group | g-1 | G | {"name":"G"}"#,
        ],
    );
    becomes(
        "/v1/alias",
        recorded!("rudderstack.alias"),
        &[&format!("alias 26T14:28:18.783Z UserId u-2 + {anonymous} <- u-1")],
    );
    becomes(
        "/beacon/v1/batch",
        recorded!("rudderstack.beacon"),
        &[
            &format!("link 26T14:28:21.850Z {ada}"),
            "Web 26T14:28:21.850Z UserId u-1: view | https://shop.example/cars/44 | Cars | in 1795703298754",
            &format!("link 26T14:28:21.852Z {ada}"),
            r#"Web 26T14:28:21.852Z UserId u-1: event | Viewed | {"event":"Viewed","properties":{"a":1}}"#,
        ],
    );
}

/// What is recorded is not copied, beside what it becomes: all of it is in what came, where clocks agree.
#[test]
fn a_batch_is_read_where_it_stands() {
    let headers = Headers::default();
    let body = recorded!("analytics-node.batch");
    let delivery = delivery("/v1/batch", body, &headers);
    let facts = facts(&OpenSource::default(), &delivery).expect("a batch");
    assert!(facts.iter().all(|fact| matches!(fact.payload, Payload::Raw(_))), "{facts:?}");
}

/// A device whose clock is two hours late; the device itself is nobody.
#[test]
fn analytics_kotlin() {
    let anonymous = "AnonymousId 8f0b2a51-6f0a-4d47-9d6a-2a7f3cf00b5e";
    becomes(
        "/v1/b",
        recorded!("analytics-kotlin.b"),
        &[
            &format!("App 26T14:28:15.125Z {anonymous}: view | /CarDetail | CarDetail"),
            &format!(
                r#"App 26T14:28:20.125Z {anonymous}: event | Car Saved | {{"event":"Car Saved","properties":{{"car":"roadster-12"}}}}"#
            ),
        ],
    );
}
