//! How many connections each client keeps open.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use http::request::Parts;

/// Tells who a request comes from, as far as that is known.
pub(crate) type ClientOf = Box<dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync>;

/// The connections of each client. One that has none is not remembered.
#[derive(Debug, Default)]
pub(super) struct Clients(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place among a client's connections, kept as long as the connection is open.
#[derive(Debug)]
pub(super) struct OfClient {
    clients: Clients,
    client: IpAddr,
}

impl Clients {
    /// Takes a place; `None` if the client has so many already.
    pub(super) fn admit(&self, client: IpAddr, most: usize) -> Option<OfClient> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&client).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        open.insert(client, count + 1);
        Some(OfClient { clients: Self(Arc::clone(&self.0)), client })
    }
}

impl Drop for OfClient {
    fn drop(&mut self) {
        let mut open = self.clients.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = open.entry(self.client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_own_and_who_is_gone_is_forgotten() {
        let clients = Clients::default();
        let [one, other] = [1, 2].map(|n| IpAddr::from([192, 0, 2, n]));
        let places = [clients.admit(one, 2).unwrap(), clients.admit(one, 2).unwrap()];
        assert!(clients.admit(one, 2).is_none());
        let others = clients.admit(other, 2);
        assert!(others.is_some());
        drop(places);
        assert_eq!(clients.0.lock().unwrap().len(), 1);
        assert!(clients.admit(one, 2).is_some());
    }
}
