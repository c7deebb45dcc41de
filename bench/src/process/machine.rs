//! What was measured on.

use std::{fs, path::Path, process::Command};

/// The machine and the day.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    /// The processor's name.
    pub(crate) cpu: String,
    /// Cores that the system has.
    pub(crate) cores: usize,
    /// Memory, in MiB.
    pub(crate) memory: u64,
    /// The kernel's release.
    pub(crate) kernel: String,
    /// The compiler's version.
    pub(crate) rustc: String,
    /// The commit that the working tree is at.
    pub(crate) commit: String,
    /// The day, in UTC.
    pub(crate) date: String,
    /// Bytes of the server's program.
    pub(crate) program: u64,
}

impl Machine {
    /// Looks around. What cannot be found out is said to be unknown.
    pub(crate) fn look(program: &Path) -> Self {
        let cpuinfo = read("/proc/cpuinfo");
        let meminfo = read("/proc/meminfo");
        let kib =
            field(&meminfo, "MemTotal").and_then(|text| text.strip_suffix("kB")?.trim().parse::<u64>().ok());
        Self {
            cpu: field(&cpuinfo, "model name").unwrap_or("unknown").to_owned(),
            cores: cpuinfo.lines().filter(|line| line.starts_with("processor")).count(),
            memory: kib.unwrap_or(0) / 1024,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            rustc: said("rustc", &["--version"]),
            commit: said("git", &["rev-parse", "--short", "HEAD"]),
            date: today(),
            program: fs::metadata(program).map_or(0, |file| file.len()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the day of a measurement is the real one")]
fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The value of the first line `key : value`.
fn field<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix(':').map(str::trim))
}

fn said(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    let text = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
    text.map_or_else(|| "unknown".to_owned(), |text| String::from_utf8_lossy(&text).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_tabs() {
        let text = "processor\t: 0\nmodel name\t: A Fine Processor @ 3 GHz\n";
        assert_eq!(field(text, "model name"), Some("A Fine Processor @ 3 GHz"));
        assert_eq!(field(text, "model"), None);
    }
}
