//! Recorded requests of Twilio's, and what each becomes.

use proptest::prelude::*;
use serde_json::json;

use crate::channels::delivery::Refusal;
use crate::channels::tests::{Request, becomes, recorded, said, source, stands, stands_broken};
use crate::channels::twilio::CHANNEL;
use crate::domain::source::OpenSource;

const FORM: &str = "application/x-www-form-urlencoded";

fn own() -> OpenSource {
    OpenSource { provider_secret: Some("12345".into()), ..source() }
}

/// A form's file, and what it becomes.
const RECORDED: &[(&str, &str)] = &[];

#[test]
fn a_request_becomes_what_it_says() {
    for (file, is) in RECORDED {
        let name = format!("twilio/{file}");
        println!("=== {file}\n{}", becomes(&CHANNEL, &own(), &name, FORM));
        assert_eq!(&becomes(&CHANNEL, &own(), &name, FORM), is, "{file}");
    }
}
