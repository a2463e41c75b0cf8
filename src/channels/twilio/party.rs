//! Who is at the other end, as Twilio writes addresses: numbers, and addresses of channels behind a prefix. Pure.

use crate::channels::fact::What;
use crate::channels::twilio::fields::Fields;
use crate::domain::model::customer_ref::Given;
use crate::entity::kinds::{Channel, IdentityKind};
use crate::error::UserError;

/// What stands for a number that was withheld, as words and as the digits of their letters on a telephone.
const WITHHELD: [&str; 11] = [
    "anonymous",
    "restricted",
    "blocked",
    "unknown",
    "unavailable",
    "private",
    "266696687",
    "7378742833",
    "2562533",
    "8656696",
    "86282452253",
];

/// A person at the other end of a message.
pub(super) struct Party {
    pub channel: Channel,
    /// By which the person is known: the first is the one that the item goes to, the others are of the same person.
    pub given: Vec<Given>,
}

fn given(kind: IdentityKind, value: &str, verified: bool, field: &str) -> Given {
    Given { kind, value: value.to_owned(), namespace: None, verified, path: vec![field.to_owned()] }
}

/// Digits and what is written between them.
fn is_number(text: &str) -> bool {
    let within = |c: char| c.is_ascii_digit() || " +-.()".contains(c);
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(within)
}

/// The prefix in lower case, and what stands behind it.
fn prefixed(address: &str) -> Option<(String, &str)> {
    let (prefix, rest) = address.split_once(':')?;
    Some((prefix.trim().to_ascii_lowercase(), rest.trim()))
}

fn without_prefix(address: &str) -> &str {
    prefixed(address).map_or(address, |(_, rest)| rest)
}

/// The person of a message, whose address is in this field.
///
/// # Errors
/// What the message is without one: the sender is a name, or of a channel that rapport does not know.
pub(super) fn of_message(fields: &Fields, field: &str, verified: bool) -> Result<Party, What> {
    let rejected = |why: &str| What::Rejected(vec![UserError::invalid(why).at([field])]);
    let needed = "an address is needed";
    // Who hides the number behind an id of WhatsApp's may come without an address.
    let address = match fields.word(field) {
        None if fields.word("ExternalUserId").is_some() => "whatsapp:".to_owned(),
        address => address.ok_or_else(|| rejected(needed))?,
    };
    let (channel, kind, value) = match prefixed(&address) {
        Some((prefix, rest)) if prefix == "whatsapp" => {
            let given = whatsapp(fields, field, rest, verified);
            let nobody = given.is_empty();
            let party = Party { channel: Channel::Whatsapp, given };
            return if nobody { Err(rejected(needed)) } else { Ok(party) };
        }
        Some((prefix, rest)) if prefix == "messenger" => {
            (Channel::Facebook, IdentityKind::Facebook, rest)
        }
        // What replaces SMS comes from the number of an SMS.
        Some((prefix, rest)) if prefix == "rcs" && is_number(rest) => {
            (Channel::Sms, IdentityKind::Phone, rest)
        }
        Some((prefix, _)) => {
            return Err(What::Unknown(format!("rapport does not know addresses of {prefix}")));
        }
        None if is_number(&address) => (Channel::Sms, IdentityKind::Phone, address.as_str()),
        None => return Err(rejected("it is a name, not an address that somebody can be known by")),
    };
    if value.is_empty() {
        return Err(rejected(needed));
    }
    Ok(Party { channel, given: vec![given(kind, value, verified, field)] })
}

/// On WhatsApp a person has a number, an id of WhatsApp's, or both, which are one person then. The number comes first.
fn whatsapp(fields: &Fields, field: &str, address: &str, verified: bool) -> Vec<Given> {
    let mut told = vec![(field, address.to_owned())];
    for name in ["ExternalUserId", "WaId"] {
        // The number that Twilio writes once more is the sender's.
        if let Some(value) = fields.word(name).filter(|_| name != "WaId" || field == "From") {
            told.push((name, without_prefix(&value).to_owned()));
        }
    }
    told.retain(|(_, value)| !value.is_empty());
    let first = |numbers: bool| told.iter().find(|(_, value)| is_number(value) == numbers);
    let one = |(name, value): &(&str, String)| given(IdentityKind::Whatsapp, value, verified, name);
    first(true).into_iter().chain(first(false)).map(one).collect()
}

/// The person of a call, whose number is in this field; nobody where it was withheld.
pub(super) fn of_call(fields: &Fields, field: &str) -> Option<Given> {
    let address = fields.word(field)?;
    if WITHHELD.contains(&address.trim_start_matches('+').to_ascii_lowercase().as_str()) {
        return None;
    }
    match prefixed(&address) {
        Some((prefix, rest)) if prefix == "whatsapp" && !rest.is_empty() => {
            Some(given(IdentityKind::Whatsapp, rest, false, field))
        }
        Some((prefix, rest)) if prefix == "sip" || prefix == "sips" || prefix == "tel" => {
            let number = rest.split(['@', ';']).next().unwrap_or_default();
            is_number(number).then(|| given(IdentityKind::Phone, number, false, field))
        }
        None if is_number(&address) => Some(given(IdentityKind::Phone, &address, false, field)),
        // A program that calls through Twilio has a name of the company's choice.
        Some(_) | None => None,
    }
}
