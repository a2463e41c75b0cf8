//! Where each input of a recording goes: the home of the customer, contact or identity that it names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::Value;

use crate::domain::history::record::batch::Batch;
use crate::domain::history::record::validated::Who;
use crate::domain::identifier::Identifier;
use crate::domain::model::customer::NOBODY;
use crate::domain::write::lookup::{Found, Key, Known, Prefetch, lookup};
use crate::entity::kinds::{Kinds, Verification};
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, IdentityId};
use crate::store::row::get;
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;

/// An identity's last sighting is kept to the hour, so that a busy address is not written with every message.
const SIGHTING: i64 = 3_600_000_000;

/// Where an input goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Destination {
    pub home: CustomerId,
    pub survivor: CustomerId,
    pub identity: Option<IdentityId>,
    /// Of the home's head, when it was read.
    pub shape: Option<i64>,
}

impl Destination {
    /// A call with a withheld number.
    const NOBODY: Destination =
        Destination { home: NOBODY, survivor: NOBODY, identity: None, shape: None };

    /// The home of an identity.
    pub(super) fn of(known: &Known) -> Destination {
        Destination {
            home: known.home,
            survivor: known.survivor,
            identity: Some(known.id),
            shape: Some(known.shape),
        }
    }
}

/// The destination of each input that has one.
pub(super) type Destinations = BTreeMap<usize, Destination>;

/// An identity through which inputs came: their numbers, and whether one of them proves it.
#[derive(Debug)]
pub(super) struct NamedIdentity<'a> {
    pub identifier: &'a Identifier,
    pub inputs: Vec<usize>,
    /// The kinds under which they named it.
    pub kinds: Kinds,
    pub verified: bool,
}

impl<'a> Batch<'a, '_> {
    /// Finds the home of each input. What is left are the identities that nobody knows, sorted by key.
    pub(super) async fn find_destinations(
        &mut self,
    ) -> Result<(Destinations, Vec<NamedIdentity<'a>>)> {
        let mut destinations = self.customers_and_contacts().await?;
        let unknown = self.identities(&mut destinations).await?;
        Ok((destinations, unknown))
    }

    /// Inputs that name a customer, a contact, or nobody.
    async fn customers_and_contacts(&mut self) -> Result<Destinations> {
        let mut destinations = Destinations::new();
        let (mut customers, mut contacts) = (Vec::new(), Vec::new());
        for (n, input) in self.inputs {
            match &input.who {
                Who::Customer(id) => customers.push((*n, id.0)),
                Who::Contact(number) => contacts.push((*n, number.0)),
                Who::Nobody => {
                    destinations.insert(*n, Destination::NOBODY);
                }
                Who::Identity { .. } => {}
            }
        }
        for (join, field, named) in
            [(CUSTOMER_HOME, "id", customers), (CONTACT_HOME, "contactId", contacts)]
        {
            if named.is_empty() {
                continue;
            }
            let homes = self.homes(join, named.iter().map(|(_, number)| *number).collect()).await?;
            for (n, number) in named {
                match homes.get(&number) {
                    Some(destination) => {
                        destinations.insert(n, *destination);
                    }
                    None => self.refuse(
                        n,
                        UserError::not_found("there is no such customer").at(["customer", field]),
                    ),
                }
            }
        }
        Ok(destinations)
    }

    async fn homes(&self, join: &str, numbers: BTreeSet<i64>) -> Result<HashMap<i64, Destination>> {
        let mut sql = self.unit.sql();
        sql.push("SELECT k.number, h.number, h.merged_into, h.shape FROM ")
            .push(join)
            .push(" WHERE k.tenant = ")
            .bind(self.unit.tenant())
            .push(" AND k.number")
            .among(numbers);
        let mut homes = HashMap::new();
        for row in self.unit.all(sql).await? {
            let home: CustomerId = get(&row, 1)?;
            let survivor = get::<Option<CustomerId>>(&row, 2)?.unwrap_or(home);
            let shape = Some(get(&row, 3)?);
            homes.insert(get(&row, 0)?, Destination { home, survivor, identity: None, shape });
        }
        Ok(homes)
    }

    /// Inputs that name an identity; those that nobody knows are handed back.
    async fn identities(
        &mut self,
        destinations: &mut Destinations,
    ) -> Result<Vec<NamedIdentity<'a>>> {
        let named = self.named_identities();
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = named.keys().cloned().collect();
        let secret = &self.unit.rapport.secret;
        let sql = lookup(self.unit.sql(), self.unit.tenant(), &keys, secret, Prefetch::Nothing);
        let found = Found::read_all(&self.unit.all(sql).await?, keys.len())?;
        let (mut touched, mut unknown) = (Vec::new(), Vec::new());
        for (named, found) in named.into_values().zip(found) {
            match found.known {
                Some(known) => {
                    let destination = Destination::of(&known);
                    destinations.extend(named.inputs.iter().map(|n| (*n, destination)));
                    touched.extend(self.sighting(&named, &known));
                }
                None if found.erased && !self.readmits(&named) => self.refuse_erased(&named),
                None => unknown.push(named),
            }
        }
        self.touch_identities(&touched);
        Ok(unknown)
    }

    /// What of a known identity is written anew because these inputs came through it.
    pub(super) fn sighting(&self, named: &NamedIdentity<'_>, known: &Known) -> Option<Vec<Value>> {
        let proved = named.verified && known.verification != Verification::Verified;
        let again = self.unit.now.0 - known.last_seen.0 > SIGHTING;
        (proved || again || !known.kinds.hold(named.kinds)).then(|| {
            let kinds = known.kinds.with(named.kinds).without(known.kind.into());
            vec![known.id.into(), i64::from(proved).into(), kinds.into()]
        })
    }

    /// The identities that inputs name, sorted by key.
    pub(super) fn named_identities(&self) -> BTreeMap<Key, NamedIdentity<'a>> {
        let mut all: BTreeMap<Key, NamedIdentity<'a>> = BTreeMap::new();
        for (n, input) in self.inputs {
            if let Who::Identity { identifier, verified } = &input.who {
                let named = all.entry(Key::from(identifier)).or_insert_with(|| NamedIdentity {
                    identifier,
                    inputs: Vec::new(),
                    kinds: Kinds::default(),
                    verified: false,
                });
                named.inputs.push(*n);
                named.kinds = named.kinds.with(identifier.kind.into());
                named.verified |= verified;
            }
        }
        all
    }

    /// Whether an erased person's identity may come back.
    fn readmits(&self, named: &NamedIdentity<'_>) -> bool {
        self.rules.settings.guards.readmit_verified && named.verified
    }

    fn refuse_erased(&mut self, named: &NamedIdentity<'_>) {
        for n in &named.inputs {
            let message = "this address belongs to a person who was erased";
            let error = UserError::new(UserErrorCode::Blocked, message);
            self.refuse(*n, error.at(["customer", "identity", "value"]));
        }
    }

    /// Known identities that were proved, named by another kind, or not seen for a while: the id, whether it was proved,
    /// and its further kinds.
    pub(super) fn touch_identities(&mut self, touched: &[Vec<Value>]) {
        if touched.is_empty() {
            return;
        }
        let set = format!(
            "last_seen = v.column4, verification = CASE WHEN v.column2 = 1 THEN {}{} ELSE verification END, other_kinds = v.column3",
            Verification::Verified.number(),
            self.unit.dialect().as_small()
        );
        let now = Value::from(self.unit.now);
        let row = |row: &Vec<Value>| row.iter().cloned().chain([now.clone()]).collect();
        let (types, rows) = (&[CellType::Big; 4], touched.iter().map(row).collect());
        let joined = (self.unit.tenant(), "identity.id = v.column1");
        self.unit.gather(RowStatement::update("identity", &set, types, rows, joined));
    }
}

pub(super) const CUSTOMER_HOME: &str =
    "customer k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.number";
pub(super) const CONTACT_HOME: &str =
    "contact k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home";
