//! Which core the server runs on, and which the driver.

use anyhow::{Context, bail};
use std::{
    ffi::OsStr,
    fs,
    process::{Command, Stdio},
};

/// The cores of a run. Where there are not two, or no `taskset`, everything runs wherever it likes, and the report says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cores {
    /// Every core this process may use, as `taskset` writes them.
    all: String,
    /// The server's and the driver's.
    pair: Option<(usize, usize)>,
}

impl Cores {
    /// Looks which cores there are. To be asked before [`Cores::pin_driver`].
    ///
    /// # Errors
    /// This is not Linux.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let status = fs::read_to_string("/proc/self/status").context("/proc/self/status cannot be read")?;
        let all = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let all = all.context("/proc/self/status names no cores")?.trim().to_owned();
        let pair = match listed(&all)[..] {
            [server, driver, ..] if has_taskset() => Some((server, driver)),
            _ => None,
        };
        Ok(Self { all, pair })
    }

    /// The server's core and the driver's, if there are two.
    pub(crate) const fn pair(&self) -> Option<(usize, usize)> {
        self.pair
    }

    /// Binds this process, which has one thread yet, to the driver's core.
    ///
    /// # Errors
    /// `taskset` fails.
    pub(crate) fn pin_driver(&self) -> anyhow::Result<()> {
        let Some((_, driver)) = self.pair else { return Ok(()) };
        let pid = std::process::id().to_string();
        let mut taskset = Command::new("taskset");
        taskset.args(["--all-tasks", "--cpu-list", "--pid", &driver.to_string(), &pid]);
        let done = taskset.stdout(Stdio::null()).status().context("taskset does not start")?;
        if !done.success() {
            bail!("taskset cannot bind the driver to core {driver}");
        }
        Ok(())
    }

    /// A command that will run on the server's core.
    pub(crate) fn on_server_core(&self, program: impl AsRef<OsStr>) -> Command {
        match self.pair {
            Some((server, _)) => bound(&server.to_string(), program),
            None => Command::new(program),
        }
    }

    /// A command that will run on the driver's core.
    pub(crate) fn on_driver_core(&self, program: impl AsRef<OsStr>) -> Command {
        match self.pair {
            Some((_, driver)) => bound(&driver.to_string(), program),
            None => Command::new(program),
        }
    }

    /// A command that will run on every core, though the driver does not.
    pub(crate) fn on_every_core(&self, program: impl AsRef<OsStr>) -> Command {
        match self.pair {
            Some(_) => bound(&self.all, program),
            None => Command::new(program),
        }
    }
}

/// `taskset` becomes the program: its process id is the program's.
fn bound(cores: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", cores]).arg(program);
    command
}

fn has_taskset() -> bool {
    let asked = Command::new("taskset").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// The cores of a list such as `0-2,5`.
fn listed(list: &str) -> Vec<usize> {
    let mut cores = Vec::new();
    for range in list.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        if let (Ok(first), Ok(last)) = (first.trim().parse::<usize>(), last.trim().parse()) {
            cores.extend(first..=last);
        }
    }
    cores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_cores_are_read_as_the_kernel_writes_them() {
        assert_eq!(listed("0-1"), [0, 1]);
        assert_eq!(listed("3"), [3]);
        assert_eq!(listed("0-2,5,7-8"), [0, 1, 2, 5, 7, 8]);
    }

    #[test]
    fn one_core_is_not_shared_out() {
        let cores = Cores { all: "0".to_owned(), pair: None };
        assert_eq!(cores.on_server_core("stoa").get_program(), "stoa");
        let cores = Cores { all: "0-3".to_owned(), pair: Some((0, 1)) };
        let words: Vec<_> = cores.on_server_core("stoa").get_args().map(OsStr::to_owned).collect();
        assert_eq!(words, ["--cpu-list", "0", "stoa"]);
    }
}
