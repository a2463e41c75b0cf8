//! Numbers read anew, by the rules of another region. Pure.

use crate::domain::identifier::{Identifier, IdentifierRules, IdentityKind, LINE, Parsed, parse};

/// The number as these rules read what was sent; nothing where that is the same number, or none.
pub(crate) fn reread(known: &Identifier, rules: &IdentifierRules) -> Option<Identifier> {
    if known.namespace != LINE {
        return None;
    }
    let read = number(known.kind, &known.raw, rules)?;
    (read.match_key != known.match_key || read.value != known.value).then_some(read)
}

/// The keys under which numbers that are written like this may be known from before a change of the region: as that
/// region read them, or as digits that no region read. Nothing but `now`, by today's rules, where all read them alike.
pub(crate) fn former_keys(
    kind: IdentityKind,
    raw: &str,
    now: &str,
    former: &str,
    rules: &IdentifierRules,
) -> Vec<String> {
    if !matches!(kind, IdentityKind::Phone | IdentityKind::Whatsapp) {
        return Vec::new();
    }
    let mut keys = Vec::new();
    for region in ["", former] {
        let rules = IdentifierRules { region: region.to_owned(), blocked: rules.blocked.clone() };
        let key = number(kind, raw, &rules).map(|read| read.match_key);
        keys.extend(key.filter(|key| key != now && !keys.contains(key)));
    }
    keys
}

/// Whether a canonical number is digits that no region could read.
pub(crate) fn opaque(number: &str) -> bool {
    !number.starts_with('+')
}

fn number(kind: IdentityKind, raw: &str, rules: &IdentifierRules) -> Option<Identifier> {
    match parse(kind, raw, None, rules) {
        Ok(Parsed::Identifier(read)) if read.namespace == LINE => Some(read),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::reread::{former_keys, number, opaque, reread};
    use crate::domain::identifier::{IdentifierRules, IdentityKind};

    fn rules(region: &str) -> IdentifierRules {
        IdentifierRules { region: region.into(), ..IdentifierRules::default() }
    }

    #[test]
    fn what_the_region_before_could_not_read_is_read() {
        for (before, after, raw, read) in [
            ("US", "GB", "020 7946 0018", Some("+442079460018")),
            ("US", "GB", "07900 900123", Some("+447900900123")),
            ("US", "FR", "06 12 34 56 78", Some("+33612345678")),
            ("US", "DE", "030 901820", Some("+4930901820")),
            ("GB", "US", "(415) 555-0100", Some("+14155550100")),
            ("US", "IT", "06 6982 0001", Some("+390669820001")),
            ("US", "GB", "123456", None),
            ("US", "GB", "+44 20 7946 0018", None),
            ("US", "GB", "+1 415 555 0100", None),
            ("US", "GB", "0044 20 7946 0018", None),
        ] {
            let known = number(IdentityKind::Phone, raw, &rules(before)).expect("a number");
            let found = reread(&known, &rules(after));
            assert_eq!(found.map(|found| found.value).as_deref(), read, "{before} {after} {raw}");
        }
    }

    #[test]
    fn former_keys_are_those_under_which_it_was_kept() {
        let keys = |raw: &str, now: &str, former: &str| {
            former_keys(IdentityKind::Phone, raw, now, former, &rules("GB"))
        };
        assert_eq!(keys("020 7946 0018", "+442079460018", "US"), ["02079460018"]);
        assert_eq!(
            keys("06 12 34 56 78", "0612345678", "FR"),
            ["+33612345678"],
            "what the former region read"
        );
        assert!(keys("+44 20 7946 0018", "+442079460018", "US").is_empty());
        assert!(opaque("02079460018") && opaque("123456;ext=1") && !opaque("+442079460018"));
        let login = former_keys(IdentityKind::UserId, "020", "020", "US", &rules("GB"));
        assert!(login.is_empty());
    }
}
