//! One line, several numbers: what WhatsApp and the telephone network write differently.

/// The key under which a canonical number is compared. Argentina's mobiles are `+54 9 …` from abroad and on WhatsApp, and
/// `+54 …` elsewhere; Brazil's and Mexico's spellings are already one canonical number, see [`respell`].
pub(crate) fn match_key(number: &str) -> String {
    match number.strip_prefix("+549") {
        Some(rest) if rest.len() == 10 => format!("+54{rest}"),
        _ => number.to_owned(),
    }
}

/// The number within a country, as its own plan writes it today.
///
/// - Brazil: mobiles got a ninth digit, which WhatsApp leaves out for older accounts: `31 8765 4321` is `31 98765 4321`.
///   Subscribers from 2 to 5 are landlines and keep their eight.
/// - Mexico: WhatsApp keeps the `1` that calls to mobiles needed until 2019.
pub(crate) fn respell(country: u16, national: &str) -> Option<String> {
    match (country, national.as_bytes()) {
        (55, [b'1'..=b'9', b'1'..=b'9', b'6'..=b'9', rest @ ..]) if rest.len() == 7 => {
            Some(format!("{}9{}", &national[..2], &national[2..]))
        }
        (52, [b'1', rest @ ..]) if rest.len() == 10 => Some(national[1..].to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::line::{match_key, respell};

    #[test]
    fn only_what_is_one_line_is_folded() {
        assert_eq!(match_key("+5491123456789"), "+541123456789");
        assert_eq!(match_key("+541123456789"), "+541123456789");
        assert_eq!(match_key("+54911234567890"), "+54911234567890");
        assert_eq!(match_key("5491123456789"), "5491123456789");
        assert_eq!(respell(55, "3187654321").as_deref(), Some("31987654321"));
        assert_eq!(respell(55, "3133334444"), None, "a landline");
        assert_eq!(respell(55, "31987654321"), None, "has its nine");
        assert_eq!(respell(55, "3087654321"), None, "no area of Brazil");
        assert_eq!(respell(52, "15512345678").as_deref(), Some("5512345678"));
        assert_eq!(respell(52, "5512345678"), None);
        assert_eq!(respell(1, "15512345678"), None);
    }
}
