//! `/account/addresses/…`: a customer's address book.

use super::notice::Note;
use crate::{
    countries,
    error::PageError,
    forms::{AddressForm, FieldErrors, FormPage},
    http::{Owner, Submitted, path, see_other},
    order::address_lines,
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::{Value, context};
use stoa_domain::{
    customer::{AddressBook, AddressBookRefusal, BookAddress},
    shared::CustomerAddressId,
};
use stoa_services::customer::AddressBookError;

/// The book for a template: a list of `{ url, lines, is_default }`, in the order they came.
pub(super) fn values(book: &AddressBook) -> Vec<Value> {
    let default = book.default_address().map(|known| known.id);
    let entry = |known: &BookAddress| {
        let id = known.id.to_string();
        context! {
            url => path(&["account", "addresses", &id], &[]),
            lines => address_lines(&known.address),
            is_default => default == Some(known.id),
        }
    };
    book.addresses().iter().map(entry).collect()
}

/// `GET /account/addresses/new`
pub(crate) async fn show_new_address(State(web): State<Web>, _: Owner) -> Result<Response, PageError> {
    render(&web, None, &AddressForm::empty(web.shop().country), &FormPage::new())
}

/// `POST /account/addresses/new`
pub(crate) async fn create_address(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Submitted(form): Submitted<AddressForm>,
) -> Result<Response, PageError> {
    let address = match form.check() {
        Ok(address) => address,
        Err(errors) => return render(&web, None, &form, &FormPage::wrong(errors)),
    };
    match web.services().addresses.create(who, address).await {
        Ok(_) => changed(),
        Err(error) => render(&web, None, &form, &refused(error)?),
    }
}

/// `GET /account/addresses/{address}`
pub(crate) async fn show_address(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = parse(&id)?;
    let known = web.services().read_customer.address(who, id).await?.ok_or(PageError::NotFound)?;
    render(&web, Some(id), &AddressForm::of(&known.address, web.shop().country), &FormPage::new())
}

/// `POST /account/addresses/{address}`
pub(crate) async fn change_address(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(id): Path<String>,
    Submitted(form): Submitted<AddressForm>,
) -> Result<Response, PageError> {
    let id = parse(&id)?;
    let address = match form.check() {
        Ok(address) => address,
        Err(errors) => return render(&web, Some(id), &form, &FormPage::wrong(errors)),
    };
    match web.services().addresses.update(who, id, address).await {
        Ok(_) => changed(),
        Err(error) => render(&web, Some(id), &form, &refused(error)?),
    }
}

/// `POST /account/addresses/{address}/delete`. One that is gone already is gone.
pub(crate) async fn delete_address(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    match web.services().addresses.delete(who, parse(&id)?).await {
        Ok(()) | Err(AddressBookError::Refused(AddressBookRefusal::Unknown)) => changed(),
        Err(error) => Err(refused(error).err().unwrap_or(PageError::Malformed)),
    }
}

/// `POST /account/addresses/{address}/default`
pub(crate) async fn make_default(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    match web.services().addresses.set_default(who, parse(&id)?).await {
        Ok(_) => changed(),
        Err(error) => Err(refused(error).err().unwrap_or(PageError::Malformed)),
    }
}

fn parse(id: &str) -> Result<CustomerAddressId, PageError> {
    id.parse().map_err(|_| PageError::NotFound)
}

fn changed() -> Result<Response, PageError> {
    Ok(see_other(&Note::ADDRESSES.at(&["account"]))?)
}

/// Why the book is as it was: how the form is shown then.
fn refused(error: AddressBookError) -> Result<FormPage, PageError> {
    match error {
        AddressBookError::Refused(AddressBookRefusal::Full { max }) => {
            Ok(FormPage::in_the_way(format!("Your address book is full: it holds {max} addresses.")))
        }
        AddressBookError::Refused(AddressBookRefusal::Address(error)) => {
            let mut errors = FieldErrors::default();
            errors.add_address(error);
            Ok(FormPage::wrong(errors))
        }
        AddressBookError::Refused(AddressBookRefusal::Unknown) => Err(PageError::NotFound),
        AddressBookError::Unknown => Err(PageError::SignInFirst),
        AddressBookError::Fault(fault) => Err(fault.into()),
    }
}

/// The page of one address; without an id, of a new one.
fn render(
    web: &Web,
    id: Option<CustomerAddressId>,
    form: &AddressForm,
    page: &FormPage,
) -> Result<Response, PageError> {
    let place = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    let values = context! {
        is_new => id.is_none(),
        action => path(&["account", "addresses", &place], &[]),
        countries => countries::choices(form.country(), |_| true),
    };
    page.render(web, "account_address.html", &form.fields(), values)
}
