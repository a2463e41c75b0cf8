//! A telephone number in what somebody typed.

use crate::domain::identifier::{
    Identifier, IdentifierRules, Parsed, in_a_number, parse, without_extension,
};
use crate::domain::text::marks::{phone_term, suffix_term};
use crate::domain::text::{SearchField, TermRange, fold};
use crate::entity::kinds::IdentityKind;

/// Fewer digits are not asked for as a part of a number: too many numbers have them.
pub(super) const FRAGMENT_DIGITS: usize = 3;

/// The digits of a number, or of one end of it, in the spellings that terms have.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TypedNumber {
    /// A number begins with one of these.
    pub digits: Vec<String>,
    /// The last digits of a number, from the last to the first.
    pub reversed: Vec<String>,
}

impl TypedNumber {
    /// The number that the text is, whole or in part, and the line that it is if it is one; nothing for other text.
    pub(super) fn read(text: &str, rules: &IdentifierRules) -> Option<(Self, Option<Identifier>)> {
        let number: String = fold(text);
        let plain = number.chars().all(in_a_number);
        let line = match parse(IdentityKind::Phone, text, None, rules) {
            Ok(Parsed::Identifier(identifier)) => Some(identifier),
            _ => None,
        };
        // In other text (`tel:+1…`, `… ext. 12`) stands a number only if it is one of some country.
        if !plain && line.as_ref().is_none_or(|line| !line.value.starts_with('+')) {
            return None;
        }
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let typed = match &line {
            Some(line) if !plain => digits(without_extension(&line.value)),
            _ => digits(&number),
        };
        let mut read = TypedNumber::default();
        if typed.len() >= FRAGMENT_DIGITS {
            let trunkless = typed.trim_start_matches('0');
            let whole =
                line.iter().map(|line| without_extension(&line.value).trim_start_matches('+'));
            for digits in [typed.as_str(), trunkless].into_iter().chain(whole) {
                if digits.len() < FRAGMENT_DIGITS || read.digits.iter().any(|known| known == digits)
                {
                    continue;
                }
                read.digits.push(digits.to_owned());
                read.reversed.push(digits.chars().rev().collect());
            }
        }
        Some((read, line))
    }

    /// Ranges that find the number by either end.
    pub(super) fn ranges(&self) -> impl Iterator<Item = TermRange> {
        let (begins, ends) = (self.digits.iter(), self.reversed.iter());
        let begins = begins.map(|digits| (SearchField::Phone, phone_term(digits)));
        let ends = ends.map(|digits| (SearchField::PhoneSuffix, suffix_term(digits)));
        begins.chain(ends).map(|(field, term)| TermRange::prefix(field, &term))
    }
}

/// The numbers in a text that stand by themselves and are written with blanks or a `+`, and the text without them.
pub(super) fn numbers_in(text: &str) -> (Vec<String>, String) {
    let (mut numbers, mut rest) = (Vec::new(), String::new());
    let mut from = 0;
    while from < text.len() {
        let inside = number_char(&text[from..]);
        let to = text[from..]
            .char_indices()
            .find(|(_, c)| in_a_number(*c) != inside)
            .map_or(text.len(), |(at, _)| from + at);
        let piece = &text[from..to];
        // The full stop of `Tel. 0711 …` is of the label.
        let number = piece.trim_start_matches('.');
        let opens =
            from == 0 || number.starts_with(char::is_whitespace) || text[..from].ends_with(':');
        let closes = to == text.len() || piece.ends_with(char::is_whitespace);
        if inside && opens && closes && spelled_out(number) {
            numbers.push(number.trim().to_owned());
            rest = without_label(&rest).to_owned();
            rest.push(' ');
        } else {
            rest.push_str(piece);
        }
        from = to;
    }
    (numbers, rest)
}

fn number_char(text: &str) -> bool {
    text.chars().next().is_some_and(in_a_number)
}

/// Whether digits are put together by more than standing side by side.
fn spelled_out(piece: &str) -> bool {
    let folded = fold(piece);
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let groups = folded.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    digits >= FRAGMENT_DIGITS && (groups.count() > 1 || folded.trim_start().starts_with(['+', '0']))
}

/// Words before a number that only say that it is one.
const LABELS: [&str; 19] = [
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "telephon",
    "phone",
    "ph",
    "mobile",
    "mob",
    "mobil",
    "movil",
    "cell",
    "cel",
    "handy",
    "fax",
    "whatsapp",
    "sms",
    "callto",
    "sip",
];

fn without_label(rest: &str) -> &str {
    let end = rest.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.'));
    let start = end
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + end[at..].chars().next().map_or(1, char::len_utf8));
    if LABELS.contains(&fold(&end[start..]).as_str()) { &rest[..start] } else { rest }
}
