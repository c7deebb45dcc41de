//! How many connections there may be, and how long one may say nothing.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;

/// The most connections, whatever the system allows: each costs memory too.
const MOST: u64 = 10_000;
/// Files that are not for buyers: the database, the gateway, mail, logs.
const OURS: u64 = 200;

/// What clients may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Connections at once; further ones wait to be accepted.
    pub(super) connections: usize,
    /// How long a connection may be open before its first request has come.
    pub(super) silence: Duration,
    /// How long it may be kept for the next one, whose head has to have come by then. Longer than the minute for which proxies
    /// and browsers keep theirs: were we the first to let go, a request of theirs might cross our farewell.
    pub(super) idle: Duration,
}

impl Bounds {
    /// As many connections as the system lets us have files for, beside so many that have become WebSockets, which are not
    /// counted here any more. Most systems start a program with 1,024 files and let it ask for more, so it asks.
    pub(super) fn of_this_process(sockets: usize) -> Self {
        let ours = OURS + u64::try_from(sockets).unwrap_or(MOST).min(MOST);
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.map_or(MOST + ours, |most| most.min(MOST + ours));
        let mut files = current.unwrap_or(MOST + ours);
        if files < wanted && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).is_ok() {
            files = wanted;
        }
        Self {
            connections: connections(files, ours),
            silence: Duration::from_secs(15),
            idle: Duration::from_secs(75),
        }
    }
}

/// How many connections there may be where so many files may be open and so many are taken.
fn connections(files: u64, ours: u64) -> usize {
    // However few there are, half of them are for buyers.
    let room = files.saturating_sub(ours).max(files / 2).clamp(1, MOST);
    usize::try_from(room).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_ourselves() {
        for (files, connections_allowed) in
            [(0, 1), (100, 50), (256, 128), (1024, 824), (10_200, 10_000), (u64::MAX, 10_000)]
        {
            assert_eq!(connections(files, OURS), connections_allowed, "{files} files");
        }
    }

    #[test]
    fn this_process_may_open_what_it_counts_on() {
        let bounds = Bounds::of_this_process(100);
        let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        assert!(files > bounds.connections as u64 + 100);
    }
}
