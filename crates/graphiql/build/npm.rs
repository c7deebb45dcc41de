//! Asks npm for the tarballs, within a bounded time and with nothing of cargo's environment.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::{Missing, packages};

/// No build waits longer than this for the network. What npm got until then stays in npm's own cache.
const DEADLINE: Duration = Duration::from_secs(60);

/// What npm needs to know of this machine: where it is, how to reach its registry, where its cache lies. Cargo's
/// own variables (library paths, flags) stay out: they can keep node from starting.
const PASSED_ON: &[&str] = &[
    "PATH",
    "HOME",
    "TMPDIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "SYSTEMROOT",
    "COMSPEC",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
];

/// Leaves every package's tarball in `folder`.
pub(crate) fn pack(folder: &Path) -> Result<(), Missing> {
    // npm looks for a project in the folders above its own; this one keeps it from finding somebody else's.
    fs::write(folder.join("package.json"), r#"{ "private": true }"#)?;
    let log = folder.join("npm.log");
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command
        .arg("pack")
        .args(packages::ALL.iter().map(packages::Package::spec))
        .args(["--ignore-scripts", "--prefer-offline", "--no-update-notifier", "--loglevel=error"])
        .args(["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=15000"])
        .current_dir(folder)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| is_passed_on(&name.to_string_lossy())))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?);
    if env::var("CARGO_NET_OFFLINE").is_ok_and(|offline| offline == "true") {
        command.arg("--offline");
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Missing::NoNpm),
        Err(error) => return Err(error.into()),
    };
    match wait(&mut child)? {
        Some(status) if status.success() => Ok(()),
        Some(_) => Err(Missing::Unreachable(first_complaint(&fs::read_to_string(log)?))),
        None => Err(Missing::Unreachable(format!("no answer within {} s", DEADLINE.as_secs()))),
    }
}

fn is_passed_on(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with("NPM_CONFIG_") || PASSED_ON.contains(&name.as_str())
}

/// The status the child ended with, or nothing when it had to be stopped at the deadline.
fn wait(child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// The line of npm's output that says most in one line: its error code.
fn first_complaint(log: &str) -> String {
    let mut lines = log.lines().filter_map(|line| line.trim().strip_prefix("npm error "));
    lines.next().unwrap_or("it gave no reason").to_owned()
}
