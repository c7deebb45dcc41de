//! The gateway over real HTTP: against scripted answers, broken connections and the sandbox.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod cancelling;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod currencies;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod script;
#[cfg(test)]
mod till;
#[cfg(test)]
mod webhooks;
