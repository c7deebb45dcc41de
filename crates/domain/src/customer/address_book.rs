//! A customer's addresses.

use crate::shared::{Address, AddressError, CustomerAddressId};

/// An address of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookAddress {
    /// Which.
    pub id: CustomerAddressId,
    /// Where.
    pub address: Address,
}

/// Why the book cannot be changed so. It is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressBookRefusal {
    /// It is full.
    #[error("an address book holds at most {max} addresses")]
    Full {
        /// The most.
        max: usize,
    },
    /// It has no such address.
    #[error("no such address")]
    Unknown,
    /// The address cannot be taken.
    #[error(transparent)]
    Address(#[from] AddressError),
}

/// A customer's addresses. As long as there are any, one of them is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressBook {
    addresses: Vec<BookAddress>,
    default: Option<CustomerAddressId>,
}

impl AddressBook {
    /// The most addresses.
    pub const MAX: usize = 100;

    /// A book that a database keeps, in the order of its ids. A default that is not in it gives way to the first.
    pub fn stored(addresses: Vec<BookAddress>, default: Option<CustomerAddressId>) -> Self {
        let known = default.filter(|id| addresses.iter().any(|a| a.id == *id));
        let default = known.or_else(|| addresses.first().map(|a| a.id));
        Self { addresses, default }
    }

    /// Those in it, in the order they came.
    pub fn addresses(&self) -> &[BookAddress] {
        &self.addresses
    }

    /// One of them.
    pub fn find(&self, id: CustomerAddressId) -> Option<&BookAddress> {
        self.addresses.iter().find(|a| a.id == id)
    }

    /// The one that is meant when nothing is said.
    pub fn default_address(&self) -> Option<&BookAddress> {
        self.default.and_then(|id| self.find(id))
    }

    /// Puts an address in. The first is the default.
    ///
    /// # Errors
    /// The book is full, or the address cannot be taken.
    pub fn add(
        &mut self,
        id: CustomerAddressId,
        address: Address,
    ) -> Result<&BookAddress, AddressBookRefusal> {
        if self.addresses.len() >= Self::MAX {
            return Err(AddressBookRefusal::Full { max: Self::MAX });
        }
        let address = address.tidy()?;
        self.default.get_or_insert(id);
        self.addresses.push(BookAddress { id, address });
        Ok(&self.addresses[self.addresses.len() - 1])
    }

    /// Writes an address anew.
    ///
    /// # Errors
    /// There is no such address, or the new one cannot be taken.
    pub fn update(
        &mut self,
        id: CustomerAddressId,
        address: Address,
    ) -> Result<&BookAddress, AddressBookRefusal> {
        let entry = self.addresses.iter_mut().find(|a| a.id == id).ok_or(AddressBookRefusal::Unknown)?;
        entry.address = address.tidy()?;
        Ok(entry)
    }

    /// Takes an address out. If it was the default, the first of the others becomes it.
    ///
    /// # Errors
    /// There is no such address.
    pub fn remove(&mut self, id: CustomerAddressId) -> Result<(), AddressBookRefusal> {
        let at = self.addresses.iter().position(|a| a.id == id).ok_or(AddressBookRefusal::Unknown)?;
        self.addresses.remove(at);
        if self.default == Some(id) {
            self.default = self.addresses.first().map(|a| a.id);
        }
        Ok(())
    }

    /// Makes an address the default.
    ///
    /// # Errors
    /// There is no such address.
    pub fn set_default(&mut self, id: CustomerAddressId) -> Result<(), AddressBookRefusal> {
        self.find(id).ok_or(AddressBookRefusal::Unknown)?;
        self.default = Some(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u128) -> CustomerAddressId {
        CustomerAddressId::new(Uuid::from_u128(n))
    }

    fn address(city: &str) -> Address {
        Address { city: Some(city.into()), ..Address::default() }
    }

    fn default(book: &AddressBook) -> Option<CustomerAddressId> {
        book.default_address().map(|a| a.id)
    }

    #[test]
    fn the_first_is_the_default_until_another_is_chosen_or_it_goes() {
        let mut book = AddressBook::default();
        assert_eq!(default(&book), None);
        assert_eq!(book.add(id(1), address(" Rome ")).unwrap().address.city.as_deref(), Some("Rome"));
        book.add(id(2), address("Oslo")).unwrap();
        book.add(id(3), address("Lima")).unwrap();
        assert_eq!(default(&book), Some(id(1)));
        book.set_default(id(3)).unwrap();
        book.remove(id(1)).unwrap();
        assert_eq!(default(&book), Some(id(3)));
        book.remove(id(3)).unwrap();
        assert_eq!(default(&book), Some(id(2)));
        book.remove(id(2)).unwrap();
        assert_eq!(default(&book), None);
    }

    #[test]
    fn what_cannot_be_done_changes_nothing() {
        let mut book = AddressBook::default();
        for n in 0..100 {
            book.add(id(n), address("Rome")).unwrap();
        }
        let before = book.clone();
        assert_eq!(book.add(id(100), address("Oslo")), Err(AddressBookRefusal::Full { max: 100 }));
        assert_eq!(book.update(id(100), address("Oslo")), Err(AddressBookRefusal::Unknown));
        assert_eq!(book.remove(id(100)), Err(AddressBookRefusal::Unknown));
        assert_eq!(book.set_default(id(100)), Err(AddressBookRefusal::Unknown));
        let markup = AddressError::HtmlTags { field: "city" };
        assert_eq!(book.update(id(7), address("<Oslo>")), Err(AddressBookRefusal::Address(markup)));
        assert_eq!(book, before);
        assert_eq!(book.update(id(7), address("Oslo")).unwrap().address.city.as_deref(), Some("Oslo"));
        assert_eq!(book.find(id(7)).unwrap().address.city.as_deref(), Some("Oslo"));
    }

    #[test]
    fn a_default_that_is_gone_gives_way() {
        let entries = vec![BookAddress { id: id(1), address: address("Rome") }];
        assert_eq!(default(&AddressBook::stored(entries, Some(id(9)))), Some(id(1)));
        assert_eq!(default(&AddressBook::stored(Vec::new(), Some(id(9)))), None);
    }

    proptest! {
        #[test]
        fn a_book_that_holds_any_has_one_default(steps in prop::collection::vec((0u8..3, 0u128..6), 0..40)) {
            let mut book = AddressBook::default();
            for (step, n) in steps {
                match step {
                    0 if book.find(id(n)).is_none() => _ = book.add(id(n), address("Rome")).unwrap(),
                    1 => _ = book.remove(id(n)),
                    _ => _ = book.set_default(id(n)),
                }
                prop_assert_eq!(book.default_address().is_some(), !book.addresses().is_empty());
            }
        }
    }
}
