//! Where a shop keeps its things.

use crate::cli::RunArgs;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What stands for the number of products in the URL of a database.
const SIZE: &str = "{size}";

/// Where a shop keeps its things.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its data folder.
    pub(super) data: PathBuf,
    servers: Option<Servers>,
}

#[derive(Clone, Debug)]
struct Servers {
    postgres: String,
    redis: String,
    prefix: String,
}

impl Place {
    /// All in one folder.
    pub(super) const fn embedded(data: PathBuf) -> Self {
        Self { data, servers: None }
    }

    /// On the servers that the arguments name, if they do; what else there is goes into the folder.
    pub(super) fn scaled(args: &RunArgs, data: PathBuf, products: u32) -> Option<Self> {
        let (postgres, redis) = args.postgres.as_ref().zip(args.redis.as_ref())?;
        let servers = Servers {
            postgres: postgres.replace(SIZE, &products.to_string()),
            redis: redis.clone(),
            prefix: format!("bench-{products}:"),
        };
        Some(Self { data, servers: Some(servers) })
    }

    /// The command, with this place and with no settings but those it comes with; and with no bound on what one network may put into
    /// carts, for all load comes from one.
    pub(super) fn given_to(&self, command: Command) -> Command {
        let mut command = self.folder_of(command);
        command.env("STOA_LIMITS__HELD_UNITS_PER_NETWORK", "0");
        if let Some(Servers { postgres, redis, prefix }) = &self.servers {
            command.env("STOA_DATABASE__URL", postgres);
            command.env("STOA_REDIS__URL", redis).env("STOA_REDIS__PREFIX", prefix);
        }
        command
    }

    /// The same for what needs no database.
    pub(super) fn folder_of(&self, mut command: Command) -> Command {
        for (key, _) in std::env::vars_os() {
            if key.to_string_lossy().starts_with("STOA_") {
                command.env_remove(key);
            }
        }
        command.arg("--data-dir").arg(&self.data);
        command
    }

    /// The database, where it is a file.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.servers.is_none().then(|| self.data.join("stoa.db"))
    }

    /// What reports call it.
    pub(super) const fn title(&self) -> &'static str {
        match self.servers {
            None => "SQLite",
            Some(_) => "Postgres and Redis",
        }
    }
}

impl AsRef<Path> for Place {
    fn as_ref(&self) -> &Path {
        &self.data
    }
}
