use proptest::prelude::*;

use crate::domain::identifier::IdentityKind::{self, *};
use crate::domain::identifier::{
    BlockedMatch, BlockedRule, BlockedValues, Identifier, IdentifierRules, Parsed, parse,
};

fn rules(region: &str) -> IdentifierRules {
    IdentifierRules { region: region.to_owned(), ..IdentifierRules::default() }
}

fn good(kind: IdentityKind, raw: &str, region: &str) -> Identifier {
    match parse(kind, raw, (kind == External).then_some("crm"), &rules(region)) {
        Ok(Parsed::Identifier(identifier)) => identifier,
        other => panic!("{kind:?} {raw:?}: {other:?}"),
    }
}

fn phone(raw: &str, region: &str) -> String {
    good(Phone, raw, region).value
}

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

/// The fifty-nine numbers of the sample data and their faxes, as people of 24 countries wrote them.
#[test]
fn sample_numbers_are_read() {
    for (sent, value) in [
        ("+55 (12) 3923-5555", "+551239235555"),
        ("+55 (12) 3923-5566", "+551239235566"),
        ("+49 0711 2842222", "+497112842222"),
        ("+1 (514) 721-4711", "+15147214711"),
        ("+47 22 44 22 22", "+4722442222"),
        ("+420 2 4172 5555", "+420241725555"),
        ("+420 2 4177 0449", "+420241770449"),
        ("+43 01 5134505", "+4315134505"),
        ("+32 02 219 03 03", "+3222190303"),
        ("+453 3331 9991", "45333319991"),
        ("+55 (11) 3033-5446", "+551130335446"),
        ("+55 (11) 3033-4564", "+551130334564"),
        ("+55 (11) 3055-3278", "+551130553278"),
        ("+55 (11) 3055-8131", "+551130558131"),
        ("+55 (21) 2271-7000", "+552122717000"),
        ("+55 (21) 2271-7070", "+552122717070"),
        ("+55 (61) 3363-5547", "+556133635547"),
        ("+55 (61) 3363-7855", "+556133637855"),
        ("+1 (780) 434-4554", "+17804344554"),
        ("+1 (780) 434-5565", "+17804345565"),
        ("+1 (604) 688-2255", "+16046882255"),
        ("+1 (604) 688-8756", "+16046888756"),
        ("+1 (650) 253-0000", "+16502530000"),
        ("+1 (425) 882-8080", "+14258828080"),
        ("+1 (425) 882-8081", "+14258828081"),
        ("+1 (212) 221-3546", "+12122213546"),
        ("+1 (212) 221-4679", "+12122214679"),
        ("+1 (408) 996-1010", "+14089961010"),
        ("+1 (408) 996-1011", "+14089961011"),
        ("+1 (650) 644-3358", "+16506443358"),
        ("+1 (775) 223-7665", "+17752237665"),
        ("+1 (407) 999-7788", "+14079997788"),
        ("+1 (617) 522-1333", "+16175221333"),
        ("+1 (312) 332-3232", "+13123323232"),
        ("+1 (608) 257-0597", "+16082570597"),
        ("+1 (817) 924-7272", "+18179247272"),
        ("+1 (520) 622-4200", "+15206224200"),
        ("+1 (801) 531-7272", "+18015317272"),
        ("+1 (416) 363-8888", "+14163638888"),
        ("+1 (613) 234-3322", "+16132343322"),
        ("+1 (902) 450-0450", "+19024500450"),
        ("+1 (204) 452-6452", "+12044526452"),
        ("+1 (867) 920-2233", "+18679202233"),
        ("+351 (213) 466-111", "+351213466111"),
        ("+351 (225) 022-448", "+351225022448"),
        ("+49 030 26550280", "+493026550280"),
        ("+49 069 40598889", "+496940598889"),
        ("+49 030 2141444", "+49302141444"),
        ("+33 01 49 70 65 65", "+33149706565"),
        ("+33 01 47 42 71 71", "+33147427171"),
        ("+33 04 78 30 30 30", "+33478303030"),
        ("+33 05 56 96 96 96", "+33556969696"),
        ("+33 03 80 73 66 99", "+33380736699"),
        ("+358 09 870 2000", "+35898702000"),
        ("+353 01 6792424", "+35316792424"),
        ("+39 06 39733434", "+390639733434"),
        ("+31 020 6223130", "+31206223130"),
        ("+48 22 828 37 39", "+48228283739"),
        ("+34 914 454 454", "+34914454454"),
        ("+46 08-651 52 52", "+4686515252"),
        ("+44 020 7707 0707", "+442077070707"),
        ("+44 020 7976 5722", "+442079765722"),
        ("+44 0131 315 3300", "+441313153300"),
        ("+61 (02) 9332 3633", "+61293323633"),
        ("+54 (0)11 4311 4333", "+541143114333"),
        ("+56 (0)2 635 4444", "56026354444"),
        ("+91 0124 39883988", "91012439883988"),
        ("+91 080 22289999", "+918022289999"),
    ] {
        assert_eq!(phone(sent, "US"), value, "{sent}");
    }
}

#[test]
fn numbers_are_read_by_the_region() {
    for (sent, region, value) in [
        ("(415) 555-2671", "US", "+14155552671"),
        ("1-415-555-2671", "US", "+14155552671"),
        ("011 49 711 2842222", "US", "+497112842222"),
        ("00 49 711 2842222", "US", "+497112842222"),
        ("0711 2842222", "DE", "+497112842222"),
        ("0711 / 284 22-22", "DE", "+497112842222"),
        ("0049 (0) 711 2842222", "DE", "+497112842222"),
        ("497112842222", "DE", "+497112842222"),
        ("497112842222", "US", "+497112842222"),
        ("(+49) 711 2842222", "US", "+497112842222"),
        ("tel:+49-711-2842222", "US", "+497112842222"),
        ("+\u{202a}49 711 2842222\u{202c}", "US", "+497112842222"),
        ("0711 2842222", "US", "07112842222"),
        ("８１２２６４１８", "SG", "+6581226418"),
        ("81226418", "SG", "+6581226418"),
        ("6581226418", "SG", "+6581226418"),
        ("81226418", "US", "81226418"),
        ("٠٧٩١٢ ٣٤٥٦٧٨", "GB", "+447912345678"),
        ("07912 345678", "GB", "+447912345678"),
        ("02 3661 8300", "IT", "+390236618300"),
        ("338 123 4567", "IT", "+393381234567"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("8 800 555 35 35", "RU", "+78005553535"),
        ("800 555 35 35", "RU", "+78005553535"),
        ("06 30 123 4567", "HU", "+36301234567"),
        ("13012345678", "CN", "+8613012345678"),
        ("33149706565", "DE", "+33149706565"),
        ("15112345678", "DE", "+4915112345678"),
        ("393 123 4567", "IT", "+393931234567"),
        ("55 99123-4567", "BR", "+5555991234567"),
        ("13012345678", "US", "+13012345678"),
        ("01 02 03 04 05", "CI", "+2250102030405"),
        ("+800 1234 5678", "US", "+80012345678"),
        ("011 15 2345-6789", "AR", "+5491123456789"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("0 15 11 91234-5678", "BR", "+5511912345678"),
        ("717171", "US", "717171"),
        ("919191", "ZZ", "919191"),
        ("911", "US", "911"),
        ("+1 555 12", "US", "155512"),
        ("00453 3331 9991", "US", "45333319991"),
        ("453 3331 9991", "US", "45333319991"),
        // No number of Egypt, and without its plus one of Washington: the plus stays.
        ("+202 555 0123", "US", "+2025550123"),
        ("12345678901234567890123456789012", "US", "12345678901234567890123456789012"),
    ] {
        assert_eq!(phone(sent, region), value, "{sent} in {region}");
    }
}

#[test]
fn spellings_of_one_line_share_a_key() {
    for (region, key, spellings) in [
        (
            "US",
            "+5531987654321",
            &[
                "+55 31 98765-4321",
                "+55 31 8765-4321",
                "+55 (031) 8765-4321",
                "+553187654321",
                "553187654321",
            ][..],
        ),
        ("BR", "+5531987654321", &["31 98765-4321", "(31) 8765-4321", "031 8765 4321"]),
        ("US", "+553133334444", &["+55 31 3333-4444", "553133334444"]),
        ("US", "+525512345678", &["+52 1 55 1234 5678", "+52 55 1234 5678", "5215512345678"]),
        (
            "US",
            "+541123456789",
            &["+54 9 11 2345-6789", "+54 11 2345-6789", "+54 11 15 2345 6789", "5491123456789"],
        ),
    ] {
        for spelling in spellings {
            for kind in [Phone, Whatsapp] {
                let line = good(kind, spelling, region);
                assert_eq!(
                    (line.namespace.as_str(), line.match_key.as_str()),
                    ("line", key),
                    "{kind:?} {spelling}"
                );
            }
        }
    }
    // Bare digits are what WhatsApp's webhooks send: with their country code.
    assert_eq!(good(Whatsapp, "13012345678", "CN").value, "+13012345678");
    assert_eq!(good(Whatsapp, "130 1234 5678", "CN").value, "+8613012345678");
    assert_ne!(
        good(Phone, "+55 31 3333-4444", "US").match_key,
        good(Phone, "+55 31 93333-4444", "US").match_key
    );
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
        (Phone, "415-555-2671 ext. 5", None, "a phone number has no letters"),
        (Phone, "1-800-FLOWERS", None, "a phone number has no letters"),
        (Phone, "555 😀", None, "a phone number has digits, blanks and + - ( ) . / only"),
        (Phone, "*21#", None, "a phone number has digits, blanks and + - ( ) . / only"),
        (Phone, "123456789012345678901234567890123", None, "a phone number has at most 32 digits"),
        (Twitter, "marty mcfly", None, "a handle has no blanks inside"),
        (External, "7", None, "an EXTERNAL id needs a namespace"),
        (External, "7", Some(" "), "an EXTERNAL id needs a namespace"),
        (External, "7", Some("a b"), "a namespace is 1 to 64 of a-z, 0-9, _ . and -"),
        (UserId, "7", Some("crm"), "only an EXTERNAL id has a namespace"),
    ] {
        assert_eq!(
            parse(kind, sent, namespace, &rules("US")).map_err(|error| error.message),
            Err(message.to_owned())
        );
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
        raw in "[+0]{0,2}(1|7|20|33|39|44|49|52|521|54|549|55|65|86|91|225|)[0-9]{4,12}",
        region in prop::sample::select(vec!["US", "DE", "BR", "AR", "MX", "RU", "CN", "IT", "SG", "IN", "ZZ"]),
        whatsapp: bool,
    ) {
        canonical_again(if whatsapp { Whatsapp } else { Phone }, &raw, region);
    }
}
