//! One line, several numbers: what WhatsApp and the telephone network write differently, and what it was called before.

/// Stands between a number and its extension, as in a `tel:` URI.
pub(crate) const EXTENSION: &str = ";ext=";

/// The key under which a canonical number is compared. Argentina's mobiles are `+54 9 …` from abroad and on WhatsApp, and
/// `+54 …` elsewhere; spellings of other countries are already one canonical number, see [`respell`].
pub(crate) fn match_key(number: &str) -> String {
    match number.strip_prefix("+549") {
        Some(rest) if without_extension(rest).len() == 10 => format!("+54{rest}"),
        _ => number.to_owned(),
    }
}

/// The number without its extension: what other lines of the same house share.
pub(crate) fn without_extension(number: &str) -> &str {
    number.split_once(EXTENSION).map_or(number, |(line, _)| line)
}

/// The number within a country, as its own plan writes it today; nothing where it is no older spelling.
///
/// - Brazil: mobiles got a ninth digit, which WhatsApp leaves out for older accounts: `31 8765 4321` is `31 98765 4321`.
///   Subscribers from 2 to 5 are landlines and keep their eight.
/// - Mexico: WhatsApp keeps the `1` that calls to mobiles needed until 2019.
/// - Benin (2024), Ivory Coast (2021), Gabon (2019), Cameroon (2014): all numbers grew by a prefix.
/// - Vietnam (2018): mobiles of eleven digits became ten. Mauritius (2013): mobiles got a `5`.
/// - Colombia (2021): landlines got a `60`.
pub(crate) fn respell(country: u16, national: &str) -> Option<String> {
    let prefix = match (country, national.len(), national.as_bytes()) {
        (55, 10, [b'1'..=b'9', b'1'..=b'9', b'6'..=b'9', ..]) => {
            return Some(format!("{}9{}", &national[..2], &national[2..]));
        }
        (52, 11, [b'1', ..]) => return Some(national[1..].to_owned()),
        (84, 10, _) => return vietnam(national),
        (241, 8, [b'0', ..]) => return respell(country, &national[1..]),
        (229, 8, [b'2'..=b'7' | b'9', ..]) => "01",
        (225, 8, [first, second, third, ..]) => ivory_coast(*first, *second, *third),
        (241, 7, [b'1', ..]) => "1",
        (241, 7, [b'2' | b'5' | b'6', ..]) | (237, 8, [b'5'..=b'7' | b'9', ..]) => "6",
        (241, 7, [b'4' | b'7', ..]) => "7",
        (237, 8, [b'2' | b'3', ..]) => "2",
        (230, 7, _) => "5",
        (57, 8, [b'1'..=b'8', ..]) => "60",
        _ => return None,
    };
    Some(format!("{prefix}{national}"))
}

/// Whether older spellings of this country may be somebody's number today: they are respelled only where they are not.
pub(crate) fn reuses(country: u16) -> bool {
    matches!(country, 57 | 230)
}

/// The operator's prefix: of landlines (20 to 39) the third digit tells the operator, of mobiles the second.
fn ivory_coast(first: u8, second: u8, third: u8) -> &'static str {
    match (first, second, third) {
        (b'2' | b'3', _, b'8') => "21",
        (b'2' | b'3', _, b'0') => "25",
        (b'2' | b'3', _, _) => "27",
        (_, b'0'..=b'3', _) => "01",
        (_, b'4'..=b'6', _) => "05",
        _ => "07",
    }
}

fn vietnam(national: &str) -> Option<String> {
    let (old, rest) = national.split_at_checked(3)?;
    let new = match old {
        "120" => "70",
        "121" => "79",
        "122" => "77",
        "123" => "83",
        "124" => "84",
        "125" => "85",
        "126" => "76",
        "127" => "81",
        "128" => "78",
        "129" => "82",
        "186" => "56",
        "188" => "58",
        "199" => "59",
        "162" | "163" | "164" | "165" | "166" | "167" | "168" | "169" => {
            return Some(format!("3{}{rest}", &old[2..]));
        }
        _ => return None,
    };
    Some(format!("{new}{rest}"))
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::line::{match_key, respell, without_extension};

    #[test]
    fn only_what_is_one_line_is_folded() {
        assert_eq!(match_key("+5491123456789"), "+541123456789");
        assert_eq!(match_key("+5491123456789;ext=7"), "+541123456789;ext=7");
        assert_eq!(match_key("+541123456789"), "+541123456789");
        assert_eq!(match_key("+54911234567890"), "+54911234567890");
        assert_eq!(match_key("5491123456789"), "5491123456789");
        assert_eq!(without_extension("+14155550100;ext=12"), "+14155550100");
    }

    #[test]
    fn older_spellings_are_respelled() {
        for (country, before, now) in [
            (55, "3187654321", Some("31987654321")),
            (55, "3133334444", None),
            (55, "31987654321", None),
            (55, "3087654321", None),
            (52, "15512345678", Some("5512345678")),
            (52, "5512345678", None),
            (1, "15512345678", None),
            (229, "97979797", Some("0197979797")),
            (229, "81123456", None),
            (229, "0197979797", None),
            (225, "07123456", Some("0707123456")),
            (225, "45123456", Some("0545123456")),
            (225, "01123456", Some("0101123456")),
            (225, "20212345", Some("2720212345")),
            (225, "21001234", Some("2521001234")),
            (225, "22812345", Some("2122812345")),
            (241, "06031234", Some("66031234")),
            (241, "6031234", Some("66031234")),
            (241, "01441234", Some("11441234")),
            (241, "7441234", Some("77441234")),
            (241, "66031234", None),
            (237, "71234567", Some("671234567")),
            (237, "22123456", Some("222123456")),
            (84, "1681234567", Some("381234567")),
            (84, "1201234567", Some("701234567")),
            (84, "2101234567", None),
            (230, "7512345", Some("57512345")),
            (57, "12345678", Some("6012345678")),
        ] {
            assert_eq!(respell(country, before).as_deref(), now, "+{country} {before}");
        }
    }
}
