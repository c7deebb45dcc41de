//! Address books. An address is sealed as a whole.

use super::{
    entities::{addresses, customers},
    write::raised,
};
use crate::db::{Conn, Raw, WriteTx, fault, stored};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use stoa_domain::{
    customer::{AddressBook, BookAddress, Customer},
    shared::{CustomerAddressId, CustomerId, Fault, Sealer, Timestamp},
};

/// Where addresses are sealed.
pub(crate) const ADDRESS: &str = "customer_addresses.body";

/// A customer's address book.
///
/// # Errors
/// The database does not answer.
pub async fn address_book(conn: &impl Conn, of: &Customer) -> Result<AddressBook, Fault> {
    let rows = addresses::Entity::find()
        .filter(addresses::Column::CustomerId.eq(of.id.uuid()))
        .order_by_asc(addresses::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("customer.address_book"))?;
    let addresses = rows.iter().map(|row| address_of(row, conn.sealer())).collect::<Result<_, _>>()?;
    Ok(AddressBook::stored(addresses, of.default_address))
}

/// One address of a customer's book. None if it is somebody else's.
///
/// # Errors
/// The database does not answer.
pub async fn address(
    conn: &impl Conn,
    of: CustomerId,
    id: CustomerAddressId,
) -> Result<Option<BookAddress>, Fault> {
    let row = addresses::Entity::find_by_id(id.uuid())
        .filter(addresses::Column::CustomerId.eq(of.uuid()))
        .one(conn.raw())
        .await
        .map_err(fault("customer.address"))?;
    row.map(|row| address_of(&row, conn.sealer())).transpose()
}

/// Writes what has changed of an address book, and which address is the default. The book must have been read in this
/// transaction behind the customer's lock. False, and nothing changed, if there is no such customer.
///
/// # Errors
/// The database does not answer.
pub async fn save_addresses(
    tx: &WriteTx,
    of: CustomerId,
    before: &AddressBook,
    after: &AddressBook,
    now: Timestamp,
) -> Result<bool, Fault> {
    let default = after.default_address().map(|address| address.id.uuid());
    let held = raised(now)
        .col_expr(customers::Column::DefaultAddressId, Expr::value(default))
        .filter(customers::Column::Id.eq(of.uuid()))
        .filter(customers::Column::State.ne("erased"))
        .exec(tx.raw())
        .await
        .map_err(fault("customer.save_addresses"))?;
    if held.rows_affected == 0 {
        return Ok(false);
    }
    let gone = before.addresses().iter().map(|a| a.id).filter(|id| after.find(*id).is_none());
    remove(tx, of, gone.collect()).await?;
    for address in after.addresses() {
        match before.find(address.id) {
            Some(as_it_was) if as_it_was == address => {}
            Some(_) => update(tx, of, address, now).await?,
            None => insert(tx, of, address, now).await?,
        }
    }
    Ok(true)
}

async fn insert(tx: &WriteTx, of: CustomerId, new: &BookAddress, now: Timestamp) -> Result<(), Fault> {
    let row = addresses::ActiveModel {
        id: Set(new.id.uuid()),
        customer_id: Set(of.uuid()),
        body: Set(sealed(new, tx.sealer())?),
        created_at: Set(stored(now)),
        updated_at: Set(stored(now)),
    };
    let written = addresses::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("customer.insert_address"))
}

async fn update(tx: &WriteTx, of: CustomerId, new: &BookAddress, now: Timestamp) -> Result<(), Fault> {
    addresses::Entity::update_many()
        .col_expr(addresses::Column::Body, Expr::value(sealed(new, tx.sealer())?))
        .col_expr(addresses::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(addresses::Column::Id.eq(new.id.uuid()))
        .filter(addresses::Column::CustomerId.eq(of.uuid()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("customer.update_address"))
}

async fn remove(tx: &WriteTx, of: CustomerId, gone: Vec<CustomerAddressId>) -> Result<(), Fault> {
    if gone.is_empty() {
        return Ok(());
    }
    addresses::Entity::delete_many()
        .filter(addresses::Column::CustomerId.eq(of.uuid()))
        .filter(addresses::Column::Id.is_in(gone.into_iter().map(CustomerAddressId::uuid)))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("customer.remove_address"))
}

pub(super) async fn remove_all(tx: &WriteTx, of: CustomerId) -> Result<(), Fault> {
    let all = addresses::Entity::delete_many().filter(addresses::Column::CustomerId.eq(of.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("customer.remove_addresses"))
}

fn sealed(address: &BookAddress, sealer: &dyn Sealer) -> Result<String, Fault> {
    let json = serde_json::to_string(&address.address).map_err(|e| Fault::internal("customer.address", e))?;
    sealer.seal(ADDRESS, address.id.uuid(), &json)
}

fn address_of(row: &addresses::Model, sealer: &dyn Sealer) -> Result<BookAddress, Fault> {
    let json = sealer.open(ADDRESS, row.id, &row.body)?;
    let address = serde_json::from_str(&json).map_err(|e| Fault::internal("customer.address", e))?;
    Ok(BookAddress { id: CustomerAddressId::new(row.id), address })
}
