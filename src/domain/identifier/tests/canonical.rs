//! Each value has one canonical form, which is read as itself; what has none is ignored or refused.

use proptest::prelude::*;

use crate::domain::identifier::tests::{good, rules};
use crate::domain::identifier::{
    BlockedMatch, BlockedRule, BlockedValues, Identifier, IdentifierRules, Parsed, parse,
};
use crate::entity::kinds::IdentityKind;
use crate::entity::kinds::IdentityKind::*;

/// (kind, sent, namespace, match key, value)
#[test]
fn values_have_one_canonical_form() {
    for (kind, sent, namespace, key, value) in [
        (Email, "  Doc@HillValley.edu\u{a0}", "email", "doc@hillvalley.edu", "doc@hillvalley.edu"),
        (Phone, "123456", "line", "123456", "123456"),
        (Phone, " +1 (415) 555-2671 ", "line", "+14155552671", "+14155552671"),
        (Whatsapp, "whatsapp:+14155552671", "line", "+14155552671", "+14155552671"),
        (Whatsapp, "14155552671@s.whatsapp.net", "line", "+14155552671", "+14155552671"),
        (Whatsapp, "14155552671:12@S.WhatsApp.net", "line", "+14155552671", "+14155552671"),
        (Whatsapp, "14155552671.0:1@s.whatsapp.net", "line", "+14155552671", "+14155552671"),
        (Whatsapp, "19835550142:2@c.us", "line", "+19835550142", "+19835550142"),
        (Whatsapp, "https://wa.me/14155552671", "line", "+14155552671", "+14155552671"),
        (Phone, "14155552671:12@s.whatsapp.net", "line", "+14155552671", "+14155552671"),
        (
            Whatsapp,
            "123456789012345:7@lid",
            "whatsapp",
            "123456789012345@lid",
            "123456789012345@lid",
        ),
        (Phone, "415-555-2671 ext. 5", "line", "+14155552671;ext=5", "+14155552671;ext=5"),
        (
            Email,
            "Doc <mailto:Doc@HillValley.edu>",
            "email",
            "doc@hillvalley.edu",
            "doc@hillvalley.edu",
        ),
        (Whatsapp, "4915112345678@c.us", "line", "+4915112345678", "+4915112345678"),
        (Whatsapp, "123456789012345@lid", "whatsapp", "123456789012345@lid", "123456789012345@lid"),
        (
            Whatsapp,
            "US.13491208655302741918",
            "whatsapp",
            "US.13491208655302741918",
            "US.13491208655302741918",
        ),
        (Facebook, " Marty.McFly ", "facebook", "Marty.McFly", "Marty.McFly"),
        (Instagram, "@Marty.McFly", "instagram", "marty.mcfly", "Marty.McFly"),
        (Telegram, "ＭａｒｔｙＭｃＦｌｙ", "telegram", "martymcfly", "MartyMcFly"),
        (Twitter, "@@calvin_k", "twitter", "calvin_k", "calvin_k"),
        (UserId, " u-88MPH ", "user_id", "u-88MPH", "u-88MPH"),
        (AnonymousId, "8F14e45f", "anonymous_id", "8F14e45f", "8F14e45f"),
        (Device, "iPhone 4,1", "device", "iPhone 4,1", "iPhone 4,1"),
        (External, "A-7", "external:crm", "A-7", "A-7"),
    ] {
        let expected = Identifier {
            kind,
            namespace: namespace.into(),
            match_key: key.into(),
            value: value.into(),
            raw: sent.into(),
        };
        assert_eq!(good(kind, sent, "US"), expected);
    }
}

#[test]
fn what_is_no_value_is_ignored() {
    for kind in IdentityKind::ALL.iter().copied() {
        for (sent, reason) in [
            ("", "blank"),
            (" \u{3000}\t\n", "blank"),
            ("\u{200b}", "blank"),
            (" NULL ", "blocked"),
            ("undefined", "blocked"),
            ("０", "blocked"),
        ] {
            let parsed = parse(kind, sent, (kind == External).then_some("crm"), &rules("US"));
            assert_eq!(parsed, Ok(Parsed::Ignored { reason }), "{kind:?} {sent:?}");
        }
    }
    for (kind, sent) in [
        (Twitter, "@null"),
        (Whatsapp, "0000000000@c.us"),
        (Email, "noreply@shop.example"),
        (Phone, "(000) 000-0000"),
        (Whatsapp, "status@broadcast"),
        (Whatsapp, "1700000000@broadcast"),
        (Whatsapp, "120363025246125486@g.us"),
        (Whatsapp, "447900900123-1587654321@G.US"),
        (Whatsapp, "120363144038483540@newsletter"),
        (Whatsapp, "whatsapp:status@broadcast"),
        (Whatsapp, "server@c.us"),
        (Whatsapp, "0@s.whatsapp.net"),
        (Phone, "120363025246125486@g.us"),
        (Telegram, "-1001234567890"),
        (Telegram, "777000"),
    ] {
        assert_eq!(
            parse(kind, sent, None, &rules("US")),
            Ok(Parsed::Ignored { reason: "blocked" }),
            "{sent}"
        );
    }
    assert_eq!(
        parse(Telegram, "@ @", None, &rules("US")),
        Ok(Parsed::Ignored { reason: "blocked" })
    );
    let tenant = BlockedRule {
        kind: Some(Phone),
        by: BlockedMatch::Exact,
        value: "+49 711 2842222".into(),
        reason: "our own".into(),
    };
    let tenant = IdentifierRules {
        region: "DE".into(),
        blocked: BlockedValues::new(&[tenant]).expect("a rule"),
    };
    assert_eq!(
        parse(Phone, "0711 2842222", None, &tenant),
        Ok(Parsed::Ignored { reason: "blocked" })
    );
}

#[test]
fn what_is_malformed_says_why() {
    let long = "x".repeat(5000);
    for (kind, sent, namespace, message) in [
        (Email, "a\0b@c", None, "the value contains a NUL character"),
        (UserId, "\0", None, "the value contains a NUL character"),
        (Device, "a\u{7}b", None, "the value contains a control character"),
        (UserId, &long, None, "the value is too long"),
        (UserId, &long[..256], None, "the value has more than 255 characters"),
        (Phone, "415-555-2671 extra 5", None, "a phone number has no letters"),
        (Phone, "1-800-FLOWERS", None, "a phone number has no letters"),
        (Phone, "555 😀", None, "a phone number has digits, blanks and + - ( ) . / only"),
        (Phone, "*21#", None, "a phone number has digits, blanks and + - ( ) . / only"),
        (Phone, "1234567890123456", None, "a phone number has at most 15 digits"),
        (Phone, "12", None, "a phone number has at least 3 digits"),
        (Phone, "+44", None, "a country code alone is no phone number"),
        (Phone, "0044", Some(""), "a country code alone is no phone number"),
        (Phone, "4.15555E+09", None, "a phone number has no letters"),
        (Phone, "eve@x.example", None, "the value is an address, and no phone number"),
        (Phone, "12345678@qq.example", None, "the value is an address, and no phone number"),
        (Phone, "123456789012345@lid", None, "the value is an address, and no phone number"),
        (Phone, "<unknown>", None, "a phone number has no letters"),
        (Whatsapp, "Marty McFly", None, "a WhatsApp id is a number, or has no blanks inside"),
        (Twitter, "marty mcfly", None, "a handle has no blanks inside"),
        (External, "7", None, "an EXTERNAL id needs a namespace"),
        (External, "7", Some(" "), "an EXTERNAL id needs a namespace"),
        (External, "7", Some("a b"), "a namespace is 1 to 64 of a-z, 0-9, _ . and -"),
        (UserId, "7", Some("crm"), "only an EXTERNAL id has a namespace"),
    ] {
        let told = match parse(kind, sent, namespace, &rules("US")) {
            Ok(Parsed::Unreadable(error)) | Err(error) => error.message,
            other => panic!("{kind:?} {sent}: {other:?}"),
        };
        assert_eq!(told, message, "{kind:?} {sent}");
    }
    assert_eq!(good(External, "7", "US").namespace, "external:crm");
}

fn canonical_again(kind: IdentityKind, raw: &str, region: &str) {
    let namespace = (kind == External).then_some("crm");
    if let Ok(Parsed::Identifier(first)) = parse(kind, raw, namespace, &rules(region)) {
        match parse(kind, &first.value, namespace, &rules(region)) {
            Ok(Parsed::Identifier(second)) => {
                assert_eq!(
                    (&second.value, &second.match_key, &second.namespace),
                    (&first.value, &first.match_key, &first.namespace),
                    "{kind:?} {raw:?}"
                );
            }
            other => panic!("{kind:?} {raw:?} → {:?}: {other:?}", first.value),
        }
    }
}

proptest! {
    #[test]
    fn canonical_values_stay_what_they_are(kind in 0..11usize, raw in "\\PC{0,40}|[a-zA-Zß-ſΑ-ω.+]{1,9}@[a-z.äß。-]{1,9}") {
        canonical_again(IdentityKind::ALL[kind], &raw, "US");
    }

    #[test]
    fn canonical_numbers_stay_what_they_are(
        raw in "[+0]{0,2}(1|7|20|33|39|44|49|52|521|54|549|55|57|61|65|84|86|91|225|229|230|237|241|375|)[0-9]{4,12}( x[0-9]{1,4}|,[0-9]{1,3}|;ext=[0-9]{1,3}|[.]0|)",
        region in prop::sample::select(vec!["US", "DE", "BR", "AR", "MX", "RU", "CN", "IT", "SG", "IN", "BJ", "CI", "GA", "VN", "CO", "MU", "GG", "BY", "ZZ"]),
        whatsapp: bool,
    ) {
        canonical_again(if whatsapp { Whatsapp } else { Phone }, &raw, region);
    }
}
