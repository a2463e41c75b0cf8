//! Of whom a kept event may speak: keyed hashes of every value in it that could be an address, as an erasure leaves them.
//! Too many rather than too few: an event that is found is deleted. Pure.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::domain::identifier::{IdentifierRules, Parsed, parse};
use crate::domain::tenant::secret::StoreSecret;
use crate::entity::kinds::IdentityKind;
use crate::ids::TenantId;

/// Marks of one event.
const MOST: usize = 2_000;
/// Characters of a value that may be an address.
const LONGEST: usize = 255;
/// Digits that a phone number has at least.
const DIGITS: usize = 5;

const IDS: [IdentityKind; 7] = [
    IdentityKind::UserId,
    IdentityKind::AnonymousId,
    IdentityKind::Whatsapp,
    IdentityKind::Facebook,
    IdentityKind::Instagram,
    IdentityKind::Telegram,
    IdentityKind::Device,
];

/// The marks of these texts and of every text and number below.
pub(super) fn marks(
    secret: &StoreSecret,
    tenant: TenantId,
    rules: &IdentifierRules,
    payload: &Json,
    texts: &[&str],
) -> BTreeSet<String> {
    let mut marks = Marks { secret, tenant, rules, found: BTreeSet::new() };
    marks.add_json(payload);
    for text in texts {
        marks.add_words(text);
    }
    marks.found
}

struct Marks<'a> {
    secret: &'a StoreSecret,
    tenant: TenantId,
    rules: &'a IdentifierRules,
    found: BTreeSet<String>,
}

impl Marks<'_> {
    fn add_json(&mut self, json: &Json) {
        if self.found.len() >= MOST {
            return;
        }
        match json {
            Json::String(text) => self.add_text(text),
            Json::Number(number) => self.add_value(&number.to_string()),
            Json::Array(list) => list.iter().for_each(|json| self.add_json(json)),
            Json::Object(members) => members.values().for_each(|json| self.add_json(json)),
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if text.chars().nth(LONGEST).is_none() {
            self.add_value(text.trim());
        }
        self.add_words(text);
    }

    /// Addresses inside of a longer text, also as they stand in addresses of pages.
    fn add_words(&mut self, text: &str) {
        if text.contains('%') {
            let decoded = percent_decoded(text);
            if decoded != text {
                self.add_words(&decoded);
            }
        }
        self.add_numbers(text);
        let between = |c: char| c.is_whitespace() || "<>()[]{},;:\"'=&?".contains(c);
        for word in text.split(between).filter(|word| word.len() > 2) {
            if self.found.len() >= MOST {
                return;
            }
            if word.contains('@') {
                self.add(IdentityKind::Email, word);
            } else {
                self.add_value(word.trim_end_matches(['.', '!']));
            }
        }
    }

    /// Telephone numbers as people write them: digits with blanks, dots, dashes and brackets between.
    fn add_numbers(&mut self, text: &str) {
        let of_number = |c: char| c.is_ascii_digit() || "+-.() /".contains(c);
        for number in text.split(|c: char| !of_number(c)).map(str::trim) {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            if (DIGITS..=20).contains(&digits) {
                self.add(IdentityKind::Phone, number);
            }
        }
    }

    fn add_value(&mut self, value: &str) {
        if value.contains('@') {
            self.add(IdentityKind::Email, value);
        }
        if value.bytes().filter(u8::is_ascii_digit).count() >= DIGITS {
            self.add(IdentityKind::Phone, value);
        }
        if !value.is_empty() && !value.contains(char::is_whitespace) {
            for kind in IDS {
                self.add(kind, value);
            }
        }
    }

    fn add(&mut self, kind: IdentityKind, value: &str) {
        if let Ok(Parsed::Identifier(found)) = parse(kind, value, None, self.rules) {
            self.found.insert(self.secret.hash(self.tenant, &found.namespace, &found.match_key));
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let plain = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(plain.as_bytes()).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::domain::identifier::{IdentifierRules, Parsed, parse};
    use crate::domain::source::marks::marks;
    use crate::domain::tenant::secret::StoreSecret;
    use crate::entity::kinds::IdentityKind;
    use crate::ids::TenantId;

    #[test]
    fn every_address_of_an_event_leaves_a_mark() {
        let (secret, tenant) = (StoreSecret::new([7; 32], 1), TenantId(3));
        let rules = IdentifierRules::default();
        let payload = json!({
            "userId": "u-17", "from": 4_915_112_345_678_i64, "text": "mail eve@x.example, or",
            "deep": [{ "email": " Ann@Y.example " }, "+44 7911 123456"], "nothing": null,
            "page": "/offer?email=zap%40x.example", "sms": "to +1 (415) 555-9009, userid zapu.",
        });
        let found = marks(&secret, tenant, &rules, &payload, &["From: Bob <bob@z.example>"]);
        for (kind, value) in [
            (IdentityKind::UserId, "u-17"),
            (IdentityKind::Whatsapp, "4915112345678"),
            (IdentityKind::Email, "eve@x.example"),
            (IdentityKind::Email, "ann@y.example"),
            (IdentityKind::Email, "bob@z.example"),
            (IdentityKind::Phone, "+447911123456"),
            (IdentityKind::Email, "zap@x.example"),
            (IdentityKind::Phone, "+14155559009"),
            (IdentityKind::UserId, "zapu"),
        ] {
            let Ok(Parsed::Identifier(own)) = parse(kind, value, None, &rules) else {
                panic!("{value} is an identifier")
            };
            let hash = secret.hash(tenant, &own.namespace, &own.match_key);
            assert!(found.contains(&hash), "{kind:?} {value}");
        }
        assert!(marks(&secret, tenant, &rules, &json!([null, true, {}]), &[]).is_empty());
    }
}
