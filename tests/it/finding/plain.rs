//! A filter asked of one customer, in memory: the plain look that lists are compared with.

use rapport::domain::customer::list::CustomerFilter;
use rapport::domain::identifier::IdentifierRules;
use rapport::domain::model::customer::Customer;
use rapport::domain::model::labels::{tag_key, trait_key};
use rapport::domain::text::{
    SearchField, SearchQuery, TermRange, fold, terms_of_name, terms_of_traits,
};
use rapport::entity::identity::Model as Identity;

/// A customer as the API tells it.
pub struct Person {
    pub customer: Customer,
    pub identities: Vec<Identity>,
}

fn has_words(person: &Person, typed: &str) -> bool {
    let query = SearchQuery::parse(typed, &IdentifierRules::default());
    let customer = &person.customer;
    let mut terms = terms_of_traits(&customer.traits);
    terms.extend(customer.name.as_deref().map(terms_of_name).unwrap_or_default());
    for identity in &person.identities {
        let of_line = identity.namespace == "line";
        let value = fold(&identity.value);
        if of_line {
            let digits = value.trim_start_matches('+');
            terms.push((SearchField::Phone, format!(">{digits}")));
            terms.push((SearchField::Phone, format!(">{}", &digits[1..])));
        } else {
            terms.push((SearchField::Email, value.clone()));
            let words = value.split(['@', '.']).filter(|word| *word != "example");
            terms.extend(words.map(|word| (SearchField::Email, word.to_owned())));
        }
    }
    let hit = |range: &TermRange| {
        terms.iter().any(|(field, term)| {
            let digits = *field == SearchField::Phone;
            digits == (range.field == SearchField::Phone)
                && *term >= range.lower
                && *term < range.upper
        })
    };
    query.whole_ranges().iter().any(hit)
        || query.word_ranges().iter().all(|word| word.iter().any(hit))
}

pub fn admits(filter: &CustomerFilter, person: &Person) -> bool {
    let customer = &person.customer;
    let seen = customer.last_seen.expect("survivors are listed");
    (filter.status.is_empty() || filter.status.contains(&customer.status))
        && (filter.stages.is_empty() || filter.stages.contains(&customer.stage))
        && filter.tags.iter().all(|tag| customer.tags.iter().any(|own| tag_key(own) == *tag))
        && filter.seen_since.is_none_or(|since| seen >= since)
        && filter.seen_until.is_none_or(|until| seen < until)
        && filter.created_since.is_none_or(|since| customer.created_at >= since)
        && filter.created_until.is_none_or(|until| customer.created_at < until)
        && (filter.identity_kinds.is_empty()
            || person.identities.iter().any(|identity| {
                let known = identity.other_kinds.with(identity.kind.into());
                filter.identity_kinds.iter().any(|kind| known.hold((*kind).into()))
            }))
        && filter.traits.iter().all(|(name, value)| {
            customer.traits.get(name).and_then(trait_key).as_ref() == Some(value)
        })
        && filter.text.as_deref().is_none_or(|text| has_words(person, text))
}
