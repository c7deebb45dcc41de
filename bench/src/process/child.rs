//! A server that was started here, and is ended here whatever happens.

use anyhow::{Context, bail};
use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a server may take to end when told to.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that is running. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a command; what it says goes to the file `log`.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let out = File::create(log).with_context(|| format!("{} cannot be made", log.display()))?;
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let child = command.spawn().with_context(|| format!("{command:?} does not start"))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Whether it has ended, and if so whether well.
    ///
    /// # Errors
    /// The system does not tell.
    pub(crate) fn ended(&mut self) -> anyhow::Result<Option<bool>> {
        Ok(self.child.try_wait().context("waiting for a process")?.map(|status| status.success()))
    }

    /// Fails if it has ended, with what it has said.
    ///
    /// # Errors
    /// It has.
    pub(crate) fn must_run(&mut self) -> anyhow::Result<()> {
        match self.ended()? {
            Some(_) => bail!("the process has ended. It said:\n{}", self.said()),
            None => Ok(()),
        }
    }

    /// Asks it to end, as a service manager would, and waits until it has.
    ///
    /// # Errors
    /// It does not end, or not well.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.pid().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().context("kill does not start")?;
        let began = Instant::now();
        loop {
            match self.ended()? {
                Some(true) => return Ok(()),
                Some(false) => bail!("the process did not end well. It said:\n{}", self.said()),
                None if began.elapsed() > PATIENCE => bail!("the process does not end"),
                None => sleep(Duration::from_millis(20)),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address on the loopback that nobody listens on right now.
///
/// # Errors
/// There is none left.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &[&str]) -> (Running, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        (Running::start(command, &folder.path().join("log")).unwrap(), folder)
    }

    #[test]
    fn dropping_ends_the_process() {
        let (running, _folder) = run(&["sleep", "60"]);
        let proc = format!("/proc/{}", running.pid());
        assert!(Path::new(&proc).exists());
        drop(running);
        assert!(!Path::new(&proc).exists());
    }

    #[test]
    fn a_process_that_failed_is_quoted() {
        let (mut running, _folder) = run(&["sh", "-c", "echo no such database >&2; exit 3"]);
        while running.ended().unwrap().is_none() {
            sleep(Duration::from_millis(5));
        }
        assert!(running.must_run().unwrap_err().to_string().contains("no such database"));
    }
}
