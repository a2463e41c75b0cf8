//! One mail, read: whose it is, which way it went, and what is recorded of it. Pure.

use crate::channels::fact::{Act, NewFile};
use crate::channels::mail::addresses::{Mailbox, is_own};
use crate::channels::times::provider_time;
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::source::OpenSource;
use crate::entity::kinds::{Channel, Direction, EmailState, IdentityKind};
use crate::error::UserError;
use crate::ids::Micros;

/// A mail, whatever form it came in.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Letter {
    pub from: Vec<Mailbox>,
    pub to: Vec<Mailbox>,
    pub subject: Option<String>,
    pub text: String,
    pub date: Option<Micros>,
    pub message_id: Option<String>,
    pub references: Vec<String>,
    pub files: Vec<NewFile>,
    /// By which it is known where it has no Message-ID.
    pub own_id: String,
}

impl Letter {
    /// By which it is known again.
    pub fn source_id(&self) -> &str {
        self.message_id.as_deref().unwrap_or(&self.own_id)
    }

    /// From a person: the person's name and the mail. From the company: the mail, once for each outside recipient; nothing
    /// where there is none.
    ///
    /// # Errors
    /// It has no sender that could be an address.
    pub fn acts(&self, source: &OpenSource, received: Micros) -> Result<Vec<Act>, UserError> {
        let Some(sender) = self.from.first() else {
            return Err(UserError::invalid("the mail has no sender with an address").at(["From"]));
        };
        let at = provider_time(self.date, received);
        if is_own(&source.addresses, &sender.address) {
            return Ok(self.sent(source, at));
        }
        let mut acts = Vec::new();
        let person = given(&sender.address, ["From"]);
        if sender.name.is_some() {
            acts.push(Act::Identify(Box::new(IdentifyRequest {
                given: vec![person.clone()],
                name: sender.name.clone(),
                occurred_at: Some(at),
                ..IdentifyRequest::default()
            })));
        }
        let item = self.item(person, Direction::Inbound, None, at, self.source_id().to_owned());
        acts.push(Act::Record(Box::new(item), self.files.clone()));
        Ok(acts)
    }

    fn sent(&self, source: &OpenSource, at: Micros) -> Vec<Act> {
        let mut outside: Vec<&str> = Vec::new();
        for Mailbox { address, .. } in &self.to {
            let again = outside.iter().any(|other| other.eq_ignore_ascii_case(address));
            if !again && !is_own(&source.addresses, address) {
                outside.push(address);
            }
        }
        let item = |(n, address): (usize, &str)| {
            let own = self.source_id();
            let id = if n == 0 { own.to_owned() } else { format!("{own} {address}") };
            let person = given(address, ["To"]);
            let item = self.item(person, Direction::Outbound, Some(EmailState::Sent), at, id);
            Act::Record(Box::new(item), self.files.clone())
        };
        outside.into_iter().enumerate().map(item).collect()
    }

    fn item(
        &self,
        person: Given,
        direction: Direction,
        state: Option<EmailState>,
        at: Micros,
        id: String,
    ) -> NewItem {
        let text = self.text.replace("\r\n", "\n").replace('\r', "\n");
        let text = Some(text).filter(|text| !text.trim().is_empty());
        let subject = self.subject.clone().filter(|subject| !subject.trim().is_empty());
        // Of a mail that says nothing it is kept that it came.
        let nothing = subject.is_none() && text.is_none() && self.files.is_empty();
        NewItem {
            channel_label: None,
            files: Vec::new(),
            who: Some(Ref::Identity(person)),
            channel: Channel::Email,
            direction: Some(direction),
            occurred_at: Some(at),
            source: None,
            source_id: Some(id),
            body: NewBody::Email {
                subject: subject.or_else(|| nothing.then(|| "(no subject)".to_owned())),
                text,
                parts: Vec::new(),
                state,
                message_id: self.message_id.clone(),
                references: self.answered(),
            },
        }
    }
}

impl Letter {
    /// The messages to which it answers. One that has no Message-ID and answers nothing begins a thread under its own id.
    fn answered(&self) -> Vec<String> {
        if self.message_id.is_none() && self.references.is_empty() {
            return vec![self.own_id.clone()];
        }
        self.references.clone()
    }
}

fn given<const N: usize>(address: &str, path: [&str; N]) -> Given {
    Given {
        kind: IdentityKind::Email,
        value: address.to_owned(),
        namespace: None,
        verified: false,
        path: path.map(str::to_owned).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::fact::Act;
    use crate::channels::mail::addresses::mailboxes;
    use crate::channels::mail::letter::Letter;
    use crate::domain::history::record::NewBody;
    use crate::domain::model::customer_ref::Ref;
    use crate::domain::source::OpenSource;
    use crate::entity::kinds::Direction;
    use crate::ids::Micros;

    fn acts(from: &str, to: &str) -> Vec<String> {
        let source = OpenSource {
            addresses: vec!["support@x.example".into(), "@own.example".into()],
            ..OpenSource::default()
        };
        let letter = Letter {
            from: mailboxes(from),
            to: mailboxes(to),
            own_id: "hash".into(),
            message_id: Some("1@x".into()),
            ..Letter::default()
        };
        let Ok(acts) = letter.acts(&source, Micros(5)) else { return vec!["rejected".into()] };
        let line = |act: &Act| match act {
            Act::Identify(request) => {
                format!("{} is {}", request.given[0].value, request.name.as_deref().unwrap_or("?"))
            }
            Act::Record(item, _) => {
                let Some(Ref::Identity(person)) = &item.who else { panic!("{item:?}") };
                let way = if item.direction == Some(Direction::Inbound) { "from" } else { "to" };
                let id = item.source_id.as_deref().unwrap_or("?");
                assert!(!person.verified && item.occurred_at == Some(Micros(5)));
                let NewBody::Email { state, subject, message_id, .. } = &item.body else {
                    panic!("{item:?}")
                };
                assert_eq!(
                    (subject.as_deref(), message_id.as_deref()),
                    (Some("(no subject)"), Some("1@x"))
                );
                format!("{way} {} {id} {state:?}", person.value)
            }
            _ => panic!("{act:?}"),
        };
        acts.iter().map(line).collect()
    }

    #[test]
    fn a_mail_goes_to_whoever_is_not_the_company() {
        for (from, to, done) in [
            (
                "Jane <j@y.example>",
                "support@x.example",
                &["j@y.example is Jane", "from j@y.example 1@x None"][..],
            ),
            ("j@y.example", "", &["from j@y.example 1@x None"]),
            ("Support <support@x.example>", "j@y.example", &["to j@y.example 1@x Some(Sent)"]),
            (
                "Any <any@OWN.example>",
                "a@own.example, J@y.example, K <k@y.example>, j@y.example, support@x.example",
                &["to J@y.example 1@x Some(Sent)", "to k@y.example 1@x k@y.example Some(Sent)"],
            ),
            ("support@x.example", "a@own.example", &[]),
            ("support@x.example", "undisclosed-recipients:;", &[]),
            ("", "support@x.example", &["rejected"]),
            ("Jane", "support@x.example", &["rejected"]),
        ] {
            assert_eq!(acts(from, to), done, "{from} to {to}");
        }
    }
}
