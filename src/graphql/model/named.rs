//! What the inputs of a mutation name: by an id in one field, or by a reference in another. A wrong one of any sort
//! (no id at all, of another kind, another tenant's, of nothing) is NOT_FOUND in the field that the client used.

use async_graphql::ID;

use crate::domain::model::customer_ref::{Given, Ref};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::context::ResolverContext;
use crate::graphql::global_id::named_or_nothing;
use crate::graphql::model::customer_ref::{CustomerRef, IdentityRef};
use crate::ids::{CustomerId, IdKind, IdentityId, TenantId};

/// Takes whichever of two fields was given; both or neither is the client's mistake.
fn one_of<A, B>(
    (a, name_a): (Option<A>, &str),
    (b, name_b): (Option<B>, &str),
) -> Result<std::result::Result<A, B>, UserError> {
    match (a, b) {
        (Some(a), None) => Ok(Ok(a)),
        (None, Some(b)) => Ok(Err(b)),
        (both, _) => {
            let what = if both.is_some() { "only one" } else { "one" };
            Err(UserError::invalid(format!("{what} of {name_a} and {name_b} must be given"))
                .at([name_b]))
        }
    }
}

/// The error in the field that the client used: the domain calls it `domain`.
fn placed(error: Error, domain: &str, own: &[String]) -> Error {
    let Error::User(mut error) = error else { return error };
    if error.path.first().is_some_and(|first| first == domain) {
        error.path.splice(..1, own.iter().cloned());
    }
    Error::User(error)
}

fn reference(by: CustomerRef, tenant: TenantId) -> Ref {
    match by {
        CustomerRef::Id(id) => {
            Ref::Customer(CustomerId(named_or_nothing(&id, IdKind::Customer, tenant)))
        }
        other => other.read_or_unknown(tenant),
    }
}

/// The names of the fields that lead to what a reference says.
fn inside(by: &Ref) -> &'static [&'static str] {
    match by {
        Ref::Customer(_) | Ref::Unknown => &["id"],
        Ref::Contact(_) => &["contactId"],
        Ref::Identity(_) => &["identity", "value"],
    }
}

fn path<'p>(names: impl IntoIterator<Item = &'p str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// A customer, by `customerId` or `customer`.
pub struct NamedCustomer {
    by: Ref,
    path: Vec<String>,
}

impl NamedCustomer {
    pub fn of(
        id: Option<&ID>,
        customer: Option<CustomerRef>,
        tenant: TenantId,
    ) -> Result<Self, UserError> {
        Ok(match one_of((id, "customerId"), (customer, "customer"))? {
            Ok(id) => {
                let id = named_or_nothing(id, IdKind::Customer, tenant);
                NamedCustomer { by: Ref::Customer(CustomerId(id)), path: path(["customerId"]) }
            }
            Err(customer) => {
                let by = reference(customer, tenant);
                let path = path(["customer"].into_iter().chain(inside(&by).iter().copied()));
                NamedCustomer { by, path }
            }
        })
    }

    /// The home that it names.
    pub async fn home(&self, context: &ResolverContext) -> Result<CustomerId> {
        if let Ref::Customer(id) = &self.by {
            return Ok(*id);
        }
        let named = std::slice::from_ref(&self.by);
        let home = context.rapport.homes_named(context.tenant(), named).await?.pop();
        let home = home.ok_or_else(|| Error::Internal("a reference was not looked up".into()))?;
        home.map_err(|error| error.under("customer").into())
    }

    /// The customer that it names, as it is now.
    pub async fn survivor(&self, context: &ResolverContext) -> Result<CustomerId> {
        let home = Ref::Customer(self.home(context).await?);
        let found = context.rapport.customer(context.tenant(), &home).await?;
        let nobody = || UserError::not_found("there is no such customer").at(["customer"]);
        found.map(|found| found.id).ok_or_else(|| self.place(nobody().into()))
    }

    /// What the domain says of its `customer`.
    pub fn place(&self, error: Error) -> Error {
        placed(error, "customer", &self.path)
    }
}

/// Customers, by `customerIds` or `customers`.
pub struct NamedCustomers {
    by: Vec<Ref>,
    field: &'static str,
}

impl NamedCustomers {
    pub fn of(
        ids: Option<Vec<ID>>,
        customers: Option<Vec<CustomerRef>>,
        tenant: TenantId,
    ) -> Result<Self, UserError> {
        Ok(match one_of((ids, "customerIds"), (customers, "customers"))? {
            Ok(ids) => {
                let id = |id: &ID| named_or_nothing(id, IdKind::Customer, tenant);
                let by = ids.iter().map(|one| Ref::Customer(CustomerId(id(one)))).collect();
                NamedCustomers { by, field: "customerIds" }
            }
            Err(customers) => {
                let by = customers.into_iter().map(|one| reference(one, tenant)).collect();
                NamedCustomers { by, field: "customers" }
            }
        })
    }

    /// Of `customers` alone.
    pub fn listed(customers: Vec<CustomerRef>, tenant: TenantId) -> Self {
        let by = customers.into_iter().map(|one| reference(one, tenant)).collect();
        NamedCustomers { by, field: "customers" }
    }

    /// Before any of them is looked up.
    pub fn check_count(&self, most: usize) -> Result<(), UserError> {
        if self.by.len() <= most {
            return Ok(());
        }
        let message = format!("at most {most} customers at once");
        Err(UserError::new(UserErrorCode::LimitExceeded, message).at([self.field]))
    }

    /// The homes that they name, each on its own.
    pub async fn each(
        &self,
        context: &ResolverContext,
    ) -> Result<Vec<Result<CustomerId, UserError>>> {
        let homes = context.rapport.homes_named(context.tenant(), &self.by).await?;
        let place = |(n, home): (usize, Result<CustomerId, UserError>)| {
            home.map_err(|error| error.under(n.to_string()).under(self.field))
        };
        Ok(homes.into_iter().enumerate().map(place).collect())
    }

    /// The same; the first that names none is the error.
    pub async fn homes(&self, context: &ResolverContext) -> Result<Vec<CustomerId>> {
        let each = self.each(context).await?;
        Ok(each.into_iter().collect::<Result<_, UserError>>()?)
    }

    /// What the domain says of one of its `customers`.
    pub fn place_one(&self, mut error: UserError, n: usize) -> UserError {
        if error.path.first().is_some_and(|first| first == "customers") {
            let more = self.by.get(n).map(inside).into_iter().flatten().copied();
            let here = [self.field.to_owned(), n.to_string()];
            error.path = here.into_iter().chain(path(more)).collect();
        }
        error
    }

    /// What the domain says of its `customers`, or of one of them by its number.
    pub fn place(&self, error: Error) -> Error {
        let mut error = placed(error, "customers", &path([self.field]));
        if let Error::User(error) = &mut error
            && let [field, n] = error.path.as_slice()
            && field == self.field
            && field == "customers"
            && let Some(by) = n.parse().ok().and_then(|n: usize| self.by.get(n))
        {
            let more = path(inside(by).iter().copied());
            error.path.extend(more);
        }
        error
    }
}

/// An address, by `identityId` or `identity`.
pub enum NamedIdentity {
    Id(IdentityId),
    Address(Box<Given>),
}

impl NamedIdentity {
    pub fn of(
        id: Option<&ID>,
        identity: Option<IdentityRef>,
        tenant: TenantId,
    ) -> Result<Self, UserError> {
        Ok(match one_of((id, "identityId"), (identity, "identity"))? {
            Ok(id) => NamedIdentity::Id(IdentityId(named_or_nothing(id, IdKind::Identity, tenant))),
            Err(identity) => NamedIdentity::Address(Box::new(identity.given())),
        })
    }

    pub async fn id(&self, context: &ResolverContext) -> Result<IdentityId> {
        let given = match self {
            NamedIdentity::Id(id) => return Ok(*id),
            NamedIdentity::Address(given) => std::slice::from_ref(&**given),
        };
        let id = context.rapport.identities_named(context.tenant(), given).await?.pop();
        let id = id.ok_or_else(|| Error::Internal("an address was not looked up".into()))?;
        id.map_err(|error| error.under("identity").into())
    }

    /// What the domain says of its `identity`, or `identityId`.
    pub fn place(&self, error: Error) -> Error {
        let own = match self {
            NamedIdentity::Id(_) => path(["identityId"]),
            NamedIdentity::Address(_) => path(["identity", "value"]),
        };
        placed(placed(error, "identity", &own), "identityId", &own)
    }
}

/// Addresses, by `identityIds` or `identities`.
pub enum NamedIdentities {
    Ids(Vec<IdentityId>),
    Addresses(Vec<Given>),
}

impl NamedIdentities {
    pub fn of(
        ids: Option<Vec<ID>>,
        identities: Option<Vec<IdentityRef>>,
        tenant: TenantId,
    ) -> Result<Self, UserError> {
        Ok(match one_of((ids, "identityIds"), (identities, "identities"))? {
            Ok(ids) => {
                let id = |id: &ID| IdentityId(named_or_nothing(id, IdKind::Identity, tenant));
                NamedIdentities::Ids(ids.iter().map(id).collect())
            }
            Err(identities) => {
                NamedIdentities::Addresses(identities.into_iter().map(IdentityRef::given).collect())
            }
        })
    }

    /// Before any of them is looked up.
    pub fn check_count(&self, most: usize) -> Result<(), UserError> {
        let (count, field) = match self {
            NamedIdentities::Ids(ids) => (ids.len(), "identityIds"),
            NamedIdentities::Addresses(given) => (given.len(), "identities"),
        };
        if count <= most {
            return Ok(());
        }
        let message = format!("at most {most} addresses at once");
        Err(UserError::new(UserErrorCode::LimitExceeded, message).at([field]))
    }

    /// Their ids; the first that names nothing is the error.
    pub async fn ids(&self, context: &ResolverContext) -> Result<Vec<IdentityId>> {
        let given = match self {
            NamedIdentities::Ids(ids) => return Ok(ids.clone()),
            NamedIdentities::Addresses(given) => given,
        };
        let ids = context.rapport.identities_named(context.tenant(), given).await?;
        let place = |(n, id): (usize, Result<IdentityId, UserError>)| {
            id.map_err(|error| error.under(n.to_string()).under("identities").into())
        };
        ids.into_iter().enumerate().map(place).collect()
    }

    /// What the domain says of its `identities`, or of one of them by its number.
    pub fn place(&self, error: Error) -> Error {
        match self {
            NamedIdentities::Ids(_) => placed(error, "identities", &path(["identityIds"])),
            NamedIdentities::Addresses(_) => {
                let mut error = placed(error, "identities", &path(["identities"]));
                if let Error::User(error) = &mut error
                    && let [field, _] = error.path.as_slice()
                    && field == "identities"
                {
                    error.path.push("value".into());
                }
                error
            }
        }
    }
}
