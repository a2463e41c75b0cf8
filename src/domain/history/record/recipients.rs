//! Of which mails a provider speaks that names a recipient: one address that returned a mail says nothing of those to
//! others.

use std::collections::BTreeSet;

use crate::domain::identifier::{Parsed, parse};
use crate::domain::model::item::Item;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::lookup::{Found, Key, Prefetch, lookup};
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{EmailState, IdentityKind};
use crate::error::Result;
use crate::ids::CustomerId;

/// Addresses that are looked at.
const MOST: usize = 100;

/// Of whom it speaks.
pub(super) enum Recipients {
    /// It is no word of one recipient.
    Anybody,
    /// Nobody knows of whom: it is of a mail that went to one person.
    Unsaid,
    /// Of these. A failure is of them alone: a person whose addresses are known and who is not among them is another.
    /// What arrived may have been passed on.
    Some { keys: Vec<Key>, failed: bool },
}

impl Recipients {
    /// The recipients of a word about a mail.
    pub(super) fn of(addresses: &[String], rules: &Rules, state: EmailState) -> Self {
        let failed = matches!(state, EmailState::Bounced | EmailState::Spam);
        let key = |address: &String| match parse(
            IdentityKind::Email,
            address,
            None,
            &rules.identifiers,
        ) {
            Ok(Parsed::Identifier(identifier)) => Some(Key::from(&identifier)),
            _ => None,
        };
        let keys: BTreeSet<Key> = addresses.iter().take(MOST).filter_map(key).collect();
        match (keys.is_empty(), failed) {
            (true, true) => Recipients::Unsaid,
            (true, false) => Recipients::Anybody,
            (false, failed) => Recipients::Some { keys: keys.into_iter().collect(), failed },
        }
    }

    /// Those of the items, which are locked, of which it speaks.
    pub(super) async fn items_of(
        &self,
        unit: &UnitOfWork<'_>,
        mut items: Vec<Item>,
    ) -> Result<Vec<Item>> {
        let (keys, failed) = match self {
            Recipients::Anybody => return Ok(items),
            Recipients::Unsaid if items.len() == 1 => return Ok(items),
            Recipients::Unsaid => return Ok(Vec::new()),
            Recipients::Some { keys, failed } => (keys, *failed),
        };
        let secret = &unit.rapport.secret;
        let sql = lookup(unit.sql(), unit.tenant(), keys, secret, Prefetch::Nothing);
        let found = Found::read_all(&unit.all(sql).await?, keys.len())?;
        let known: Vec<CustomerId> =
            found.iter().filter_map(|found| found.known.as_ref()).map(|it| it.survivor).collect();
        let mut people = Vec::with_capacity(items.len());
        for item in &items {
            people.push(unit.changes.survivor(item.home)?);
        }
        if people.iter().any(|person| known.contains(person)) {
            let mut people = people.into_iter();
            items.retain(|_| people.next().is_some_and(|person| known.contains(&person)));
            return Ok(items);
        }
        // Somebody else's address; or one that nobody knows, which may be a further one of the person.
        if known.len() == found.len() || (failed && Self::have_addresses(unit, &people).await?) {
            return Ok(Vec::new());
        }
        Ok(items)
    }

    /// Whether one of these people has an email address.
    async fn have_addresses(unit: &UnitOfWork<'_>, people: &[CustomerId]) -> Result<bool> {
        let mut sql = unit.sql();
        let tenant = unit.tenant();
        sql.push("SELECT 1 FROM identity i WHERE i.tenant = ").bind(tenant);
        sql.push(" AND i.kind = ").bind(IdentityKind::Email.number()).push(" AND i.home IN (");
        for (n, column) in ["number", "merged_into"].into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT" } else { " UNION ALL SELECT" });
            sql.push(" number FROM customer_head WHERE tenant = ").bind(tenant);
            sql.push(" AND ").push(column).among(people.iter().map(|person| person.0));
        }
        sql.push(") LIMIT 1");
        Ok(!unit.all(sql).await?.is_empty())
    }
}
