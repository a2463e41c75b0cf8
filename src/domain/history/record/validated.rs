//! An input that can be recorded, or what is wrong with it. Pure.

use crate::domain::file::KeptFile;
use crate::domain::history::record::details::{Details, Warning};
use crate::domain::history::record::fields::{SHORT, SOURCE};
use crate::domain::history::record::file_room::files_of;
use crate::domain::history::record::input::{NewBody, NewItem};
use crate::domain::identifier::{self, Identifier, LINE, Parsed};
use crate::domain::model::customer_ref::Ref;
use crate::domain::model::item::{Body, Item};
use crate::domain::model::said_time::check_time;
use crate::domain::tenant::settings::Rules;
use crate::entity::kinds::{Channel, Direction, IdentityKind};
use crate::error::UserError;
use crate::ids::{ContactNumber, CustomerId, ItemId, Micros};

/// Characters of a channel's label.
const LABEL: usize = 40;

/// Whom an input is about.
#[derive(Clone, Debug)]
pub(super) enum Who {
    /// A call with a withheld number, or from what is no address.
    Nobody,
    Customer(CustomerId),
    Contact(ContactNumber),
    Identity {
        identifier: Identifier,
        verified: bool,
    },
}

/// An input that can be recorded.
#[derive(Clone, Debug)]
pub(super) struct ValidatedItem {
    pub who: Who,
    /// Without id and home, which the transaction gives.
    pub item: Item,
    /// Of an email: the Message-IDs to which it answers, the nearest last.
    pub references: Vec<String>,
    /// Those of its files that it has room for.
    pub files: Vec<KeptFile>,
    /// What of it was not kept as it came.
    pub warnings: Vec<Warning>,
}

impl NewItem {
    pub(super) fn validate(&self, rules: &Rules, now: Micros) -> Result<ValidatedItem, UserError> {
        let who = self.who(rules)?;
        let occurred_at = self.occurred_at.unwrap_or(now);
        check_time(occurred_at, now)?;
        let mut details = Details::default();
        let source_id = details.key(self.source_id.as_deref(), SHORT, &["sourceId"]);
        let source = details.key(self.source.as_deref(), SOURCE, &["source"]);
        let (direction, with_files) = (self.direction, !self.files.is_empty());
        let (kind, body) =
            self.body.validate(rules, occurred_at, direction, with_files, &mut details)?;
        let references = self.body.references(&mut details);
        let body = self.labelled(body)?;
        let files = files_of(self, &body, &mut details);
        Ok(ValidatedItem {
            who,
            references,
            files,
            warnings: details.warnings,
            item: Item {
                id: ItemId(0),
                home: CustomerId(0),
                kind,
                occurred_at,
                recorded_at: now,
                channel: self.channel,
                direction: self.direction,
                identity: None,
                source: source.unwrap_or_else(|| "api".into()),
                source_id,
                body,
            },
        })
    }

    /// The body with what the company calls the channel.
    fn labelled(&self, mut body: Body) -> Result<Body, UserError> {
        let wrong = |message: String| UserError::invalid(message).at(["channelLabel"]);
        let label = match (self.channel, &self.channel_label) {
            (Channel::Other, Some(label)) => {
                let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
                let chars = label.chars().count();
                if chars == 0 || chars > LABEL || label.chars().any(char::is_control) {
                    let message = format!("a channel's label is 1 to {LABEL} characters");
                    return Err(wrong(message));
                }
                label
            }
            (Channel::Other, None) if matches!(body, Body::PageView(_)) => String::new(),
            (Channel::Other, None) => {
                return Err(wrong("the channel OTHER needs a label".into()));
            }
            (_, Some(_)) => return Err(wrong("only the channel OTHER has a label".into())),
            (_, None) => return Ok(body),
        };
        match &mut body {
            Body::Engagement(engagement) => engagement.data.channel_label = Some(label),
            Body::PageView(_) => {
                let message = "a page is viewed by WEB or APP, not by OTHER";
                return Err(UserError::invalid(message).at(["channel"]));
            }
        }
        Ok(body)
    }

    fn who(&self, rules: &Rules) -> Result<Who, UserError> {
        match &self.who {
            None if matches!(self.body, NewBody::Call { .. }) => Ok(Who::Nobody),
            None => Err(UserError::invalid(
                "customer may be left out for a call with a withheld number only",
            )
            .at(["customer"])),
            Some(Ref::Customer(id)) => Ok(Who::Customer(*id)),
            Some(Ref::Contact(number)) => Ok(Who::Contact(*number)),
            Some(Ref::Unknown) => {
                Err(UserError::not_found("there is no such customer").at(["customer", "id"]))
            }
            Some(Ref::Identity(given)) => {
                let path = ["customer", "identity", "value"];
                let namespace = given.namespace.as_deref();
                let parsed =
                    identifier::parse(given.kind, &given.value, namespace, &rules.identifiers)
                        .map_err(|error| error.at(path))?;
                // A number that was withheld is written in many ways, and is none in all of them.
                let call = matches!(self.body, NewBody::Call { .. });
                let line = matches!(given.kind, IdentityKind::Phone | IdentityKind::Whatsapp);
                match parsed {
                    Parsed::Identifier(identifier) => {
                        let verified = given.verified || self.proves(&identifier);
                        Ok(Who::Identity { identifier, verified })
                    }
                    Parsed::Ignored { .. } if call => Ok(Who::Nobody),
                    Parsed::Unreadable(_) if call && line => Ok(Who::Nobody),
                    Parsed::Ignored { reason } => Err(UserError::invalid(format!(
                        "the value is no identifier: it is {reason}"
                    ))
                    .at(path)),
                    Parsed::Unreadable(error) => Err(error.at(path)),
                }
            }
        }
    }

    /// An inbound call, SMS or WhatsApp message proves the number it comes from.
    fn proves(&self, identifier: &Identifier) -> bool {
        self.direction == Some(Direction::Inbound)
            && match self.channel {
                Channel::Voice | Channel::Sms => identifier.namespace == LINE,
                Channel::Whatsapp => {
                    identifier.namespace == LINE || identifier.namespace == "whatsapp"
                }
                _ => false,
            }
    }
}
