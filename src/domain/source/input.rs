//! What an admin says of a source, checked. Pure.

use crate::entity::kinds::SourceKind;
use crate::error::{UserError, UserErrorCode};

/// Characters of a name.
const NAME: usize = 64;
/// Characters of a secret that the provider gave.
const SECRET: usize = 1_024;
/// Characters of an answer to calls.
const ANSWER: usize = 4_000;
/// Own addresses.
const ADDRESSES: usize = 100;

/// The parts of a source that can be changed; what is left out stays. An empty text takes a part away.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SourceParts {
    pub provider_secret: Option<String>,
    pub verify_token: Option<String>,
    pub access_token: Option<String>,
    pub answer: Option<String>,
    pub addresses: Option<Vec<String>>,
}

/// A source that is to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSource {
    pub kind: SourceKind,
    pub name: String,
    pub parts: SourceParts,
}

impl NewSource {
    pub(super) fn check(&self) -> Result<SourceParts, UserError> {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
        if self.name.is_empty() || self.name.len() > NAME || !self.name.chars().all(good) {
            let message = format!("a name is 1 to {NAME} of a-z, 0-9, _ . and -");
            return Err(UserError::invalid(message).at(["name"]));
        }
        let parts = self.parts.check(self.kind)?;
        let signs = matches!(self.kind, SourceKind::Twilio | SourceKind::Meta);
        if signs && parts.provider_secret.is_none() {
            let what = if self.kind == SourceKind::Twilio { "auth token" } else { "app secret" };
            let message = format!("the provider's {what} is needed: it signs its deliveries");
            return Err(UserError::invalid(message).at(["providerSecret"]));
        }
        Ok(parts)
    }
}

impl SourceParts {
    /// The parts, trimmed, where they belong to this kind of source.
    pub(super) fn check(&self, kind: SourceKind) -> Result<SourceParts, UserError> {
        use SourceKind::{Meta, Telegram, Twilio};
        let text = |value: &Option<String>, name: &'static str, most, kinds: &[SourceKind]| {
            let Some(text) = value.as_deref().map(str::trim) else { return Ok(None) };
            belongs(kind, name, kinds)?;
            if text.chars().nth(most).is_some() || text.contains('\0') {
                let message = format!("is at most {most} characters without NUL");
                return Err(UserError::invalid(message).at([name]));
            }
            Ok(Some(text.to_owned()))
        };
        let parts = SourceParts {
            provider_secret: text(
                &self.provider_secret,
                "providerSecret",
                SECRET,
                &[Twilio, Meta],
            )?,
            verify_token: text(&self.verify_token, "verifyToken", SECRET, &[Meta])?,
            access_token: text(&self.access_token, "accessToken", SECRET, &[Meta, Telegram])?,
            answer: text(&self.answer, "answer", ANSWER, &[Twilio])?,
            addresses: self.addresses.as_ref().map(|list| addresses(kind, list)).transpose()?,
        };
        if parts.provider_secret.as_deref() == Some("") {
            return Err(UserError::invalid("must not be blank").at(["providerSecret"]));
        }
        if parts.verify_token.as_deref() == Some("") {
            return Err(UserError::invalid("must not be blank").at(["verifyToken"]));
        }
        let answer = parts.answer.as_deref().unwrap_or_default();
        let is_twiml = answer.starts_with('<') && answer.contains("<Response");
        if !answer.is_empty() && !is_twiml {
            let message = "is TwiML: an XML document with the element Response";
            return Err(UserError::invalid(message).at(["answer"]));
        }
        Ok(SourceParts { answer: parts.answer, ..parts })
    }
}

fn belongs(kind: SourceKind, name: &'static str, kinds: &[SourceKind]) -> Result<(), UserError> {
    if kinds.contains(&kind) {
        return Ok(());
    }
    let names: Vec<String> = kinds.iter().map(|kind| format!("{kind:?}").to_uppercase()).collect();
    let message = format!("is for sources of kind {} only", names.join(" and "));
    Err(UserError::invalid(message).at([name]))
}

/// The company's own mail addresses, folded.
fn addresses(kind: SourceKind, list: &[String]) -> Result<Vec<String>, UserError> {
    belongs(kind, "addresses", &[SourceKind::Postmark, SourceKind::Email])?;
    if list.len() > ADDRESSES {
        let message = format!("at most {ADDRESSES} addresses");
        return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["addresses"]));
    }
    let one = |(n, text): (usize, &String)| {
        let folded = text.trim().to_lowercase();
        let (_, domain) = folded.split_once('@').unwrap_or_default();
        let good = !domain.is_empty()
            && folded.len() <= 320
            && folded.matches('@').count() == 1
            && !folded
                .contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;".contains(c));
        good.then_some(folded).ok_or_else(|| {
            let message = "is a mail address such as support@x.com, or @x.com for a whole domain";
            UserError::invalid(message).at(["addresses".to_owned(), n.to_string()])
        })
    };
    let mut list = list.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()?;
    list.sort();
    list.dedup();
    Ok(list)
}

#[cfg(test)]
mod tests {
    use crate::domain::source::input::{NewSource, SourceParts};
    use crate::entity::kinds::SourceKind;

    fn path_of(kind: SourceKind, name: &str, parts: SourceParts) -> Vec<String> {
        let new = NewSource { kind, name: name.into(), parts };
        new.check().err().map(|error| error.path).unwrap_or_default()
    }

    #[test]
    fn a_source_has_the_parts_of_its_kind() {
        let none = SourceParts::default;
        let secret = || SourceParts { provider_secret: Some("s".into()), ..none() };
        let answer = |text: &str| SourceParts { answer: Some(text.into()), ..secret() };
        let own = |list: &[&str]| SourceParts {
            addresses: Some(list.iter().map(|text| (*text).to_owned()).collect()),
            ..none()
        };
        for (kind, name, parts, path) in [
            (SourceKind::Segment, "web-shop_1.x", none(), ""),
            (SourceKind::Segment, "Web", none(), "name"),
            (SourceKind::Segment, "", none(), "name"),
            (SourceKind::Segment, &"a".repeat(65), none(), "name"),
            (SourceKind::Segment, "web", secret(), "providerSecret"),
            (SourceKind::Twilio, "sms", none(), "providerSecret"),
            (SourceKind::Twilio, "sms", secret(), ""),
            (SourceKind::Twilio, "sms", answer("<Response><Dial>+49</Dial></Response>"), ""),
            (SourceKind::Twilio, "sms", answer(""), ""),
            (SourceKind::Twilio, "sms", answer("Hello"), "answer"),
            (SourceKind::Email, "mail", own(&["Support@X.example", "@x.example "]), ""),
            (SourceKind::Email, "mail", own(&["a@x.example", "x.example"]), "addresses.1"),
            (SourceKind::Email, "mail", own(&["a@"]), "addresses.0"),
            (SourceKind::Webhook, "hook", own(&["@x.example"]), "addresses"),
            (SourceKind::Email, "mail", own(&["@x.example"; 101]), "addresses"),
        ] {
            assert_eq!(path_of(kind, name, parts.clone()).join("."), path, "{name} {parts:?}");
        }
    }
}
