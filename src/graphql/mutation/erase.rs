//! `eraseCustomer`, `deleteCustomer`: a person with everything held about them, with or without a ban on coming back.

use async_graphql::{ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use rapport_macros::{Fields, object};

use crate::domain::privacy::erase::{EraseRequest, Receipt};
use crate::error;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error};
use crate::graphql::global_id::id;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::named::NamedCustomer;
use crate::graphql::model::user_error::UserError;
use crate::graphql::scalars::time;
use crate::ids::{CustomerId, IdKind};

/// What eraseCustomer or deleteCustomer did.
#[derive(Fields, SimpleObject)]
pub struct ErasePayload {
    /// What went, or would go; null where nothing was found.
    receipt: Option<EraseReceipt>,
    /// What the user can correct; nothing was changed then.
    user_errors: Vec<UserError>,
}

/// What went with a person, or would go.
#[derive(Fields, SimpleObject)]
pub struct EraseReceipt {
    /// The customer's id.
    customer_id: ID,
    /// Every id under which the customer was known: all of them answer now like ids that never were.
    customer_ids: Vec<ID>,
    /// What went, by table of the store.
    rows: Vec<ErasedRows>,
    /// When it went.
    at: DateTime<Utc>,
    /// Whether it was a rehearsal: nothing went then.
    dry_run: bool,
}

/// How much went of one table.
#[derive(Fields, SimpleObject)]
pub struct ErasedRows {
    /// The table.
    table: String,
    /// Its rows that went.
    count: i32,
}

impl ErasePayload {
    pub fn new(context: &ResolverContext, done: OrUserError<Receipt>) -> Self {
        let user_errors = UserError::of(context, &done);
        let of =
            |customer: CustomerId| ID::from(id(IdKind::Customer, context.tenant(), customer.0));
        let receipt = done.ok().map(|receipt| EraseReceipt {
            customer_id: of(receipt.customer),
            customer_ids: receipt.homes.into_iter().map(of).collect(),
            rows: receipt
                .rows
                .into_iter()
                .map(|(table, count)| ErasedRows {
                    table: table.into(),
                    count: i32::try_from(count).unwrap_or(i32::MAX),
                })
                .collect(),
            at: time(receipt.at),
            dry_run: receipt.dry_run,
        });
        ErasePayload { receipt, user_errors }
    }
}

/// Who goes, and why.
#[derive(InputObject)]
pub struct DeleteCustomerInput {
    /// The customer.
    customer: CustomerRef,
    /// Why, at most 500 characters. The audit log keeps it for ever: it must name nobody.
    reason: Option<String>,
    /// Tell what would go, and do nothing.
    #[graphql(default = false)]
    dry_run: bool,
    /// Delete it only if it still has this version.
    expected_version: Option<i32>,
}

/// Erases the customer of a request, whoever that is, or deletes it without a ban.
async fn erase(
    context: &ResolverContext,
    named: OrUserError<NamedCustomer>,
    request: EraseRequest,
    ban: bool,
) -> error::Result<Receipt> {
    let named = named?;
    let request = EraseRequest { customer: named.home(context).await?, ..request };
    let (rapport, scope) = (&context.rapport, &context.scope);
    let done = if ban {
        rapport.erase_customer(scope, request).await
    } else {
        rapport.delete_customer(scope, request).await
    };
    done.map_err(|error| named.place(error))
}

/// Erases people.
#[derive(Clone, Default)]
pub struct EraseMutation;

/// Erases people.
#[object(root)]
impl EraseMutation {
    /// Erases a person: every address, text and trace. It cannot be undone, and later events do not bring the person back
    /// (deleteCustomer lets them). For admins.
    async fn erase_customer(
        &self,
        ctx: &FieldContext,
        #[graphql(
            desc = "The customer's id, or that of one merged into it. Either this or `customer`."
        )]
        customer_id: Option<ID>,
        #[graphql(desc = "The customer, by whatever is known of it. Either this or `customerId`.")]
        customer: Option<CustomerRef>,
        #[graphql(default = false, desc = "Tell what would go, and do nothing.")] dry_run: bool,
        #[graphql(desc = "Erase it only if it still has this version.")] expected_version: Option<
            i32,
        >,
        #[graphql(
            desc = "Why, at most 500 characters. The audit log keeps it for ever: it must name nobody."
        )]
        reason: Option<String>,
    ) -> Result<ErasePayload> {
        let context = ctx.writing(Access::Admin)?;
        let named = NamedCustomer::of(customer_id.as_ref(), customer, context.tenant());
        let expected_version = expected_version.map(Into::into);
        let request = EraseRequest { customer: CustomerId(0), expected_version, dry_run, reason };
        let done = split_user_error(erase(&context, named, request, true).await)?;
        Ok(ErasePayload::new(&context, done))
    }

    /// Deletes a customer with everything held about them, and bans nobody: the same addresses may come back as somebody
    /// new. It cannot be undone. For admins.
    async fn delete_customer(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Who goes, and why.")] input: DeleteCustomerInput,
    ) -> Result<ErasePayload> {
        let context = ctx.writing(Access::Admin)?;
        let named = NamedCustomer::of(None, Some(input.customer), context.tenant());
        let request = EraseRequest {
            customer: CustomerId(0),
            expected_version: input.expected_version.map(Into::into),
            dry_run: input.dry_run,
            reason: input.reason,
        };
        let done = split_user_error(erase(&context, named, request, false).await)?;
        Ok(ErasePayload::new(&context, done.map_err(|error| error.under("input"))))
    }
}
