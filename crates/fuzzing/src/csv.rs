//! Files of products.

use crate::shop::shop;
use stoa_services::catalog::import::ImportError;

/// A file that is imported, twice: what is wrong with it is said of its products, or of the file; what is right is taken once.
///
/// # Panics
/// The import breaks, or makes anew what it has made before.
pub fn csv(input: &[u8]) {
    let shop = shop();
    match shop.import(input) {
        Ok(_) => {
            let again = shop.import(input).unwrap_or_else(|error| panic!("the second time: {error}"));
            assert_eq!(again.created, 0, "it is there already: {again:?}");
        }
        Err(ImportError::Unreadable(_) | ImportError::Header(_)) => {}
        Err(ImportError::Fault(fault)) => panic!("a file breaks the import: {fault}"),
    }
}
