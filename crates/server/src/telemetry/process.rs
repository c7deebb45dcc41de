//! What every Prometheus client tells of its process, read from `/proc`; nothing on systems without one.
//!
//! Written as text here, because the facade's counters are whole numbers and seconds of processor time are not.

use rustix::{
    param::{clock_ticks_per_second, page_size},
    process::{Resource, getrlimit},
};
use std::{fmt::Write, fs, io};

/// What is told.
#[derive(Debug, PartialEq)]
struct Process {
    resident_bytes: u64,
    cpu_seconds: f64,
    /// Since the epoch.
    started: f64,
    open_files: usize,
    most_files: Option<u64>,
}

/// The figures as Prometheus reads them.
pub(crate) fn render() -> String {
    match read() {
        Ok(process) => write(&process),
        Err(error) => {
            tracing::debug!(%error, "this system does not tell of its processes");
            String::new()
        }
    }
}

fn read() -> io::Result<Process> {
    let missing = || io::Error::from(io::ErrorKind::InvalidData);
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name, in parentheses, may hold anything; of what follows the first field is the third.
    let (_, rest) = stat.rsplit_once(')').ok_or_else(missing)?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let field =
        |number: usize| fields.get(number - 3).and_then(|f| f.parse::<u64>().ok()).ok_or_else(missing);
    let boot = fs::read_to_string("/proc/stat")?;
    let booted: u64 = boot
        .lines()
        .find_map(|line| line.strip_prefix("btime "))
        .and_then(|seconds| seconds.trim().parse().ok())
        .ok_or_else(missing)?;
    Ok(Process {
        resident_bytes: field(24)? * page_size() as u64,
        cpu_seconds: seconds(field(14)? + field(15)?),
        started: booted as f64 + seconds(field(22)?),
        // The folder itself is open while it is read.
        open_files: fs::read_dir("/proc/self/fd")?.count().saturating_sub(1),
        most_files: getrlimit(Resource::Nofile).current,
    })
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / clock_ticks_per_second() as f64
}

fn write(process: &Process) -> String {
    let mut text = String::new();
    let mut metric = |name: &str, kind: &str, help: &str, value: f64| {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
    };
    let resident = process.resident_bytes as f64;
    metric("process_resident_memory_bytes", "gauge", "Resident memory size in bytes", resident);
    let help = "Total user and system CPU time spent in seconds";
    metric("process_cpu_seconds_total", "counter", help, process.cpu_seconds);
    metric("process_open_fds", "gauge", "Number of open file descriptors", process.open_files as f64);
    let most = process.most_files.map_or(f64::INFINITY, |most| most as f64);
    metric("process_max_fds", "gauge", "Maximum number of open file descriptors", most);
    let help = "Start time of the process since the Unix epoch in seconds";
    metric("process_start_time_seconds", "gauge", help, process.started);
    // What Prometheus writes for infinity.
    text.replace(" inf\n", " +Inf\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_plausible_and_rise() {
        let before = read().unwrap();
        assert!(before.resident_bytes > 100_000);
        assert!(before.started > 1_600_000_000.0);
        let file = fs::File::open("/proc/self/stat").unwrap();
        let mut spun = 0_u64;
        while read().unwrap().cpu_seconds <= before.cpu_seconds {
            spun = spun.wrapping_add(1);
        }
        assert!(read().unwrap().open_files > before.open_files, "after {spun} looks");
        drop(file);
    }

    #[test]
    fn no_limit_is_infinity() {
        let process =
            Process { resident_bytes: 1, cpu_seconds: 0.25, started: 2.0, open_files: 3, most_files: None };
        let text = write(&process);
        assert!(
            text.contains("\nprocess_max_fds +Inf\n") && text.contains("\nprocess_cpu_seconds_total 0.25\n")
        );
    }
}
