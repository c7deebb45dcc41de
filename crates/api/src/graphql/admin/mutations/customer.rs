//! `customerDataExport`, `customerDetailsUpdate`, `customerDisable`, `customerEnable`, `customerSendAccountInviteEmail`,
//! `customerRequestDataErasure`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        customers::{AdminCustomer, AdminCustomerErrorCode as Code, AdminCustomerUserError, one},
        mutations::profile::{LOCALE, locale_of},
        refusals::sentence,
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::grants::{CustomersErase, CustomersExport, CustomersRead, CustomersWrite},
    customer::Customer,
    shared::CustomerId,
};
use stoa_graphql_http::Nullable;
use stoa_services::{
    admin::{CustomerChange, CustomerError},
    customer::{DetailsRefusal, GivenDetails},
};

/// What is to be other of a customer; null leaves it as it is. Their e-mail address they change themselves.
#[derive(Clone, Default, InputObject)]
pub struct CustomerDetailsUpdateInput {
    /// Given name; an empty text takes it away.
    pub first_name: Option<String>,
    /// Family name; an empty text takes it away.
    pub last_name: Option<String>,
    /// The language they are written to in: `en`, `de`, `fr`, `es` or `ja`.
    pub locale: Option<String>,
    /// What the staff note; an empty text takes it away.
    pub note: Option<String>,
    /// Telephone; an empty text takes it away.
    pub phone: Option<String>,
    /// Their tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Whether no tax is charged.
    pub tax_exempt: Option<bool>,
    /// Their tax number, 32 characters at most; an empty text takes it away. A VAT number of a member state of the European Union may take the tax off
    /// what is sent to another one.
    pub tax_number: Option<String>,
}

/// What came of a change of a customer.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct AdminCustomerPayload {
    /// They, as they are now; null if it was refused, and for whoever may not read customers.
    pub customer: Option<AdminCustomer>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AdminCustomerUserError>,
}

/// What came of `customerDataExport`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerDataExportPayload {
    /// All that is known of them, as the text of a JSON document; null if it was refused.
    pub archive: Option<String>,
    /// Why it was refused; empty if it was done.
    pub user_errors: Vec<AdminCustomerUserError>,
}

/// What came of `customerRequestDataErasure`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerRequestDataErasurePayload {
    /// The global id of whoever was taken out; null if it was refused.
    pub customer_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AdminCustomerUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdminCustomerMutations;

/// Changes customers.
#[Object]
impl AdminCustomerMutations {
    /// Takes out all that is known of a customer, in the form in which they get it themselves when they ask for it: for one who has asked
    /// the staff instead. That it was taken out is in the audit log.
    #[graphql(guard = "may::<CustomersExport>", visible = "seen::<CustomersExport>")]
    async fn customer_data_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] customer_id: ID,
    ) -> Nullable<CustomerDataExportPayload> {
        Nullable::run(async { Box::pin(export(ctx, &customer_id)).await.map(Some) }).await
    }

    /// Changes what is said of a customer, and leaves the rest.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_details_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
        #[graphql(desc = "What is to be other.")] input: CustomerDetailsUpdateInput,
    ) -> Nullable<AdminCustomerPayload> {
        Nullable::run(async { Box::pin(update(ctx, &id, input)).await.map(Some) }).await
    }

    /// Shuts a customer out: every sign-in of theirs ends, and every link. Again changes nothing.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<AdminCustomerPayload> {
        Nullable::run(async {
            let by = ctx.permit::<CustomersWrite>()?;
            let Some(id) = gid::decode::<CustomerId>(&id)? else { return unknown() };
            let done = Box::pin(ctx.services().admin.customer_accounts.disable(&by, id)).await;
            payload(ctx, done).await
        })
        .await
    }

    /// Lets a customer in again who was shut out. Again changes nothing.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<AdminCustomerPayload> {
        Nullable::run(async {
            let by = ctx.permit::<CustomersWrite>()?;
            let Some(id) = gid::decode::<CustomerId>(&id)? else { return unknown() };
            let done = Box::pin(ctx.services().admin.customer_accounts.enable(&by, id)).await;
            payload(ctx, done).await
        })
        .await
    }

    /// Takes a customer out, for good: what the tax office asks for stays, for as long as it does. Again changes nothing.
    #[graphql(guard = "may::<CustomersErase>", visible = "seen::<CustomersErase>")]
    async fn customer_request_data_erasure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] customer_id: ID,
    ) -> Nullable<CustomerRequestDataErasurePayload> {
        Nullable::run(async { Box::pin(erase(ctx, &customer_id)).await.map(Some) }).await
    }

    /// Has another link sent to a customer whose address is not proved yet.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_send_account_invite_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] customer_id: ID,
    ) -> Nullable<AdminCustomerPayload> {
        Nullable::run(async {
            let by = ctx.permit::<CustomersWrite>()?;
            let Some(id) = gid::decode::<CustomerId>(&customer_id)? else { return unknown() };
            let done = Box::pin(ctx.services().admin.invite_customer.run(&by, id)).await;
            payload(ctx, done).await
        })
        .await
    }
}

type Payload = Result<Option<AdminCustomerPayload>, ApiError>;

fn unknown() -> Payload {
    Ok(Some(refused(refusal(CustomerError::NotFound)?)))
}

fn refused(error: AdminCustomerUserError) -> AdminCustomerPayload {
    AdminCustomerPayload { user_errors: vec![error], ..Default::default() }
}

/// The answer, with the customer for whoever may read customers.
async fn payload(ctx: &Context<'_>, done: Result<Customer, CustomerError>) -> Payload {
    Ok(Some(match done {
        Ok(customer) => {
            let customer = match ctx.permit::<CustomersRead>() {
                Ok(reader) => one(ctx, &reader, customer.id).await?,
                Err(_) => None,
            };
            AdminCustomerPayload { customer, user_errors: Vec::new() }
        }
        Err(error) => refused(refusal(error)?),
    }))
}

async fn update(
    ctx: &Context<'_>,
    id: &ID,
    input: CustomerDetailsUpdateInput,
) -> Result<AdminCustomerPayload, ApiError> {
    let by = ctx.permit::<CustomersWrite>()?;
    bounded("tags", input.tags.as_deref().unwrap_or_default())?;
    let Some(id) = gid::decode::<CustomerId>(id)? else {
        return Ok(refused(refusal(CustomerError::NotFound)?));
    };
    let Ok(locale) = locale_of(input.locale.as_deref()) else {
        let path = InputPath::argument("input").field("locale");
        return Ok(refused(AdminCustomerUserError::new(Code::Invalid, path, LOCALE)));
    };
    let CustomerDetailsUpdateInput {
        first_name,
        last_name,
        locale: _,
        note,
        phone,
        tags,
        tax_exempt,
        tax_number,
    } = input;
    let details = GivenDetails { first_name, last_name, phone, locale };
    let change = CustomerChange { details, note, tags, tax_exempt, tax_number };
    let done = ctx.services().admin.customer_details.run(&by, id, &change).await;
    Ok(payload(ctx, done).await?.unwrap_or_default())
}

async fn export(ctx: &Context<'_>, id: &ID) -> Result<CustomerDataExportPayload, ApiError> {
    let by = ctx.permit::<CustomersExport>()?;
    let known = match gid::decode::<CustomerId>(id)? {
        Some(id) => ctx.services().admin.export_customer.run(&by, id).await,
        None => Err(CustomerError::NotFound),
    };
    Ok(match known {
        Ok(archive) => {
            CustomerDataExportPayload { archive: Some(format!("{archive:#}")), user_errors: Vec::new() }
        }
        Err(error) => CustomerDataExportPayload { user_errors: vec![refusal(error)?], ..Default::default() },
    })
}

async fn erase(ctx: &Context<'_>, id: &ID) -> Result<CustomerRequestDataErasurePayload, ApiError> {
    let by = ctx.permit::<CustomersErase>()?;
    let erased = match gid::decode::<CustomerId>(id)? {
        Some(id) => ctx.services().admin.erase_customer.run(&by, id).await.map(|()| id),
        None => Err(CustomerError::NotFound),
    };
    Ok(match erased {
        Ok(id) => CustomerRequestDataErasurePayload {
            customer_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => {
            CustomerRequestDataErasurePayload { user_errors: vec![refusal(error)?], ..Default::default() }
        }
    })
}

/// A customer who stays as they are: the place and a sentence.
fn refusal(error: CustomerError) -> Result<AdminCustomerUserError, ApiError> {
    let message = sentence(&error);
    let input = InputPath::argument("input");
    let (code, path) = match error {
        CustomerError::NotFound => (Code::NotFound, InputPath::default()),
        CustomerError::State(_) => (Code::InvalidState, InputPath::default()),
        CustomerError::Details(refused) => {
            let field = match refused {
                DetailsRefusal::FirstName(_) => "firstName",
                DetailsRefusal::LastName(_) => "lastName",
                DetailsRefusal::Phone => "phone",
            };
            (Code::Invalid, input.field(field))
        }
        CustomerError::Tag(_) => (Code::Invalid, input.field("tags")),
        CustomerError::NoteTooLong => (Code::TooLong, input.field("note")),
        CustomerError::TaxNumber => (Code::TooLong, input.field("taxNumber")),
        CustomerError::Obstacle(_) => (Code::OrdersOpen, InputPath::default()),
        CustomerError::Stale => (Code::Stale, InputPath::default()),
        CustomerError::Fault(fault) => return Err(fault.into()),
    };
    Ok(AdminCustomerUserError::new(code, path, message))
}
