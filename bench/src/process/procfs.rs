//! What Linux tells of a process.

use anyhow::Context;
use std::{fs, time::Duration};

/// `/proc` counts processor time in hundredths of a second, whatever the kernel's own clock (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// Memory of a process that is in RAM, in KiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Now.
    pub(crate) resident: u64,
    /// The most it has been.
    pub(crate) peak: u64,
}

/// Memory of a process.
///
/// # Errors
/// There is no such process, or this is not Linux.
pub(crate) fn memory(pid: u32) -> anyhow::Result<Memory> {
    parse_memory(&read(pid, "status")?)
        .with_context(|| format!("process {pid} shows no memory; it has ended"))
}

/// Processor time that a process has used on all its threads.
///
/// # Errors
/// There is no such process, or this is not Linux.
pub(crate) fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    parse_cpu_time(&read(pid, "stat")?).with_context(|| format!("/proc/{pid}/stat is not as expected"))
}

fn read(pid: u32, file: &str) -> anyhow::Result<String> {
    let path = format!("/proc/{pid}/{file}");
    fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
}

fn parse_memory(status: &str) -> Option<Memory> {
    let kib = |key: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        line.trim_start_matches(':').trim().strip_suffix("kB")?.trim().parse().ok()
    };
    Some(Memory { resident: kib("VmRSS")?, peak: kib("VmHWM")? })
}

fn parse_cpu_time(stat: &str) -> Option<Duration> {
    // The name in parentheses may hold spaces; `utime` and `stime` are the 12th and 13th field after it.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_kibibytes() {
        let status = "Name:\tstoa\nVmPeak:\t  900000 kB\nVmHWM:\t   60000 kB\nVmRSS:\t   50000 kB\n";
        assert_eq!(parse_memory(status), Some(Memory { resident: 50_000, peak: 60_000 }));
        // What a process that has ended shows.
        assert_eq!(parse_memory("Name:\tstoa\nState:\tZ (zombie)\n"), None);
    }

    #[test]
    fn processor_time_is_read_behind_any_name() {
        let stat = "42 (odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 150 25 0 0 20 0 6 0 900 1 2";
        assert_eq!(parse_cpu_time(stat), Some(Duration::from_millis(1_750)));
    }

    #[test]
    fn this_process_uses_memory_and_time() {
        let own = memory(std::process::id()).unwrap();
        assert!(own.resident > 100 && own.peak >= own.resident, "{own:?}");
        assert!(cpu_time(std::process::id()).is_ok());
    }
}
