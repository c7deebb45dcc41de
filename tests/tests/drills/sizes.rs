//! The sizes of the plan, whichever servers the other tests of this run use.

use crate::harness::{Item, Setup, Shop, hasty};
use stoa::config::Config;
use stoa_persistence::DbConfig;

/// Where a shop keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// Everything in one file.
    Sqlite,
    /// Everything in Postgres.
    Postgres,
    /// Carts and holds in Redis.
    Redis,
}

impl Size {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "Postgres",
            Self::Redis => "Postgres and Redis",
        }
    }

    /// Changes a configuration that is of this run's servers already.
    pub(crate) fn configure(self, config: &mut Config) {
        assert!(
            std::env::var_os("STOA_TEST_DATABASE").is_some() && std::env::var_os("STOA_TEST_REDIS").is_some(),
            "scripts/drill.sh starts the servers"
        );
        match self {
            Self::Sqlite => {
                config.database = DbConfig::sqlite(config.data_dir.join("stoa.db"));
                config.redis = None;
            }
            Self::Postgres => config.redis = None,
            Self::Redis => {
                let url = std::env::var("STOA_TEST_REDIS").expect("a URL");
                config.redis = Some(hasty(&url, &config.data_dir));
            }
        }
    }

    /// A shop of this size.
    pub(crate) async fn shop(self, items: impl Into<Vec<Item>>) -> Shop {
        Shop::with(Setup::selling(items).config(move |c| self.configure(c))).await
    }

    /// Another instance of it.
    pub(crate) async fn beside(self, shop: &Shop) -> Shop {
        shop.beside(move |c| self.configure(c)).await
    }
}
