//! What the shop's configuration says, for people. It is changed where it stands: in the file and the environment of the program.

use crate::{Context, Settings};
use std::sync::Arc;
use stoa_domain::access::{Permit, grants::SettingsRead};

/// The shop's settings, for people.
pub struct ReadSettings(pub(crate) Arc<Context>);

impl ReadSettings {
    /// All of them. There is no secret among them: those are with the adapters that use them.
    pub fn run(&self, _by: &Permit<SettingsRead>) -> &Settings {
        self.0.settings()
    }
}
