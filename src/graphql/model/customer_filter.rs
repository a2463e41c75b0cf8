//! The input that says which customers are wanted.

use async_graphql::{InputObject, Json};
use chrono::{DateTime, Utc};

use crate::domain::customer::list::CustomerFilter;
use crate::domain::model::labels::{LABEL_CHARS, is_trait_name, tag_key, trait_key};
use crate::error::Code;
use crate::graphql::enums::{CustomerStatus, IdentityKind, LifecycleStage};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::scalars::micros;
use crate::ids::Micros;

/// Values in one list of a filter.
const LIST: usize = 50;
/// Traits in a filter: each is looked up by itself.
const TRAITS: usize = 10;
/// Characters of the text.
const TEXT_CHARS: usize = 200;

/// Which customers; every condition must hold.
#[derive(Default, InputObject)]
#[graphql(name = "CustomerFilter")]
pub struct CustomerFilterInput {
    /// With one of these states.
    pub status: Option<Vec<CustomerStatus>>,
    /// On one of these stages.
    pub stages: Option<Vec<LifecycleStage>>,
    /// With all of these tags; `vip` is `VIP`.
    pub tags: Option<Vec<String>>,
    /// Seen then or later.
    pub seen_since: Option<DateTime<Utc>>,
    /// With an address of one of these kinds.
    pub identity_kinds: Option<Vec<IdentityKind>>,
    /// With all of these traits, at most 10.
    pub traits: Option<Vec<TraitFilterInput>>,
    /// With all of these words in a name, an address or a trait, each whole or as the beginning of one; or whose address
    /// begins so. At most 200 characters.
    pub text: Option<String>,
    /// Seen for the last time before then.
    pub seen_until: Option<DateTime<Utc>>,
    /// Not seen then or later: the same as `seenUntil`. Of both, the earlier time counts.
    pub not_seen_since: Option<DateTime<Utc>>,
    /// That began to exist then or later.
    pub created_since: Option<DateTime<Utc>>,
    /// That began to exist before then.
    pub created_until: Option<DateTime<Utc>>,
    /// On one of these stages of the company's own, without case, at most 50. A name that the settings do not have finds
    /// nobody.
    pub stage_names: Option<Vec<String>>,
}

/// A trait that a customer must have.
#[derive(InputObject)]
#[graphql(name = "TraitFilter")]
pub struct TraitFilterInput {
    /// The name of the trait, as it is written in `Customer.traits`; at most 200 characters.
    pub key: String,
    /// A string of at most 200 characters (compared without case), a number or a boolean (compared by value). Traits with
    /// longer strings, lists and objects are found by no filter.
    pub value: Json<serde_json::Value>,
}

impl CustomerFilterInput {
    pub fn read(input: Option<CustomerFilterInput>) -> Result<CustomerFilter> {
        let input = input.unwrap_or_default();
        if input.tags.as_ref().is_some_and(|tags| {
            tags.len() > LIST || tags.iter().any(|tag| tag.len() > 200 || tag.contains('\0'))
        }) {
            return Err(refused(format!("a filter has at most {LIST} tags of 200 bytes")));
        }
        let stage_names = input.stage_names.unwrap_or_default();
        if stage_names.len() > LIST {
            return Err(refused(format!("a filter has at most {LIST} names of stages")));
        }
        let traits = input.traits.unwrap_or_default();
        if traits.len() > TRAITS {
            return Err(refused(format!("a filter has at most {TRAITS} traits")));
        }
        let traits = traits.into_iter().map(TraitFilterInput::read).collect::<Result<_>>()?;
        let text = input.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().nth(TEXT_CHARS).is_some()) {
            return Err(refused(format!("the text has at most {TEXT_CHARS} characters")));
        }
        let ends = [input.seen_until, input.not_seen_since];
        let filter = CustomerFilter {
            status: input.status.into_iter().flatten().map(Into::into).collect(),
            stages: input.stages.into_iter().flatten().map(Into::into).collect(),
            tags: input.tags.into_iter().flatten().map(|tag| tag_key(&tag)).collect(),
            seen_since: input.seen_since.map(micros),
            identity_kinds: input.identity_kinds.into_iter().flatten().map(Into::into).collect(),
            traits,
            text,
            seen_until: ends.into_iter().flatten().map(micros).min(),
            created_since: input.created_since.map(micros),
            created_until: input.created_until.map(micros),
            stage_names,
        };
        in_order("seenSince", filter.seen_since, "seenUntil or notSeenSince", filter.seen_until)?;
        in_order("createdSince", filter.created_since, "createdUntil", filter.created_until)?;
        Ok(filter)
    }
}

impl TraitFilterInput {
    fn read(self) -> Result<(String, String)> {
        let TraitFilterInput { key, value: Json(value) } = self;
        if !is_trait_name(&key) || key.contains('\0') {
            let message = format!("a trait's key has at most {LABEL_CHARS} characters, and no NUL");
            return Err(refused(message));
        }
        let compared = trait_key(&value).filter(|compared| !compared.contains('\0'));
        let compared = compared.ok_or_else(|| {
            refused(format!(
                "a trait is compared with a string of at most {LABEL_CHARS} characters, a number or a boolean"
            ))
        })?;
        Ok((key, compared))
    }
}

fn refused(message: String) -> Fault {
    Fault::new(Code::InvalidArgument, message)
}

/// A range whose end lies before its beginning is a mistake of whoever asks.
fn in_order(
    since_name: &str,
    since: Option<Micros>,
    until_name: &str,
    until: Option<Micros>,
) -> Result<()> {
    match (since, until) {
        (Some(since), Some(until)) if until < since => {
            Err(refused(format!("{until_name} is before {since_name}")))
        }
        _ => Ok(()),
    }
}
