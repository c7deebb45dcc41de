//! The journal: `sandbox.jsonl`, one line for each change, each line a JSON array of the rows it wrote.
//!
//! A change is kept whole or not at all, because a line that a kill has torn is the last one and is cut off at the
//! next start, and one that a full disk has torn is cut off at once. Lines are handed to the operating system, not forced to disk: a kill of the process loses nothing,
//! a power cut may lose the last second of play money.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Record, Row, Table, Tables, appender::Appender};
use crate::{
    config::OpenError,
    model::{Delivery, DeliveryState, Event, SavedAnswer},
};

/// Stripe keeps events for 30 days.
const EVENTS_KEPT_FOR: i64 = 30 * 24 * 60 * 60;

/// The journal, open for appending.
pub(super) struct Journal {
    lines: Appender<File>,
    /// Holds the folder against a second process for as long as it is open.
    _lock: File,
}

impl Journal {
    /// Reads what is there, drops what is out of date, writes the rest as a new file and opens that.
    pub(super) fn open(folder: &Path, now: i64) -> Result<(Self, Tables), OpenError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Data { path, source }
        };
        fs::create_dir_all(folder).map_err(at(folder))?;
        let lock = lock(&folder.join("sandbox.lock"))?;
        let path = folder.join("sandbox.jsonl");
        let tables = read(&path)?;
        let fresh = folder.join("sandbox.jsonl.new");
        compact(&tables, now, &fresh).map_err(at(&fresh))?;
        fs::rename(&fresh, &path).map_err(at(&path))?;
        let file = OpenOptions::new().append(true).open(&path).map_err(at(&path))?;
        let whole = file.metadata().map_err(at(&path))?.len();
        // What compaction left out of the file must be left out of memory, too.
        Ok((Self { lines: Appender::new(file, whole), _lock: lock }, read(&path)?))
    }

    /// Adds one change, or after an error nothing.
    pub(super) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        let mut line = serde_json::to_vec(records)?;
        line.push(b'\n');
        self.lines.append(&line)
    }
}

fn lock(path: &Path) -> Result<File, OpenError> {
    let data_error = |source| OpenError::Data { path: path.to_owned(), source };
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(data_error)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
        Err(fs::TryLockError::Error(source)) => Err(data_error(source)),
    }
}

fn read(path: &PathBuf) -> Result<Tables, OpenError> {
    let mut tables = Tables::default();
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tables),
        Err(source) => return Err(OpenError::Data { path: path.clone(), source }),
    };
    // A line counts once its newline is there: what follows the last newline was torn by a kill.
    let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
    if whole < text.len() {
        tracing::warn!(bytes = text.len() - whole, "sandbox.journal.torn_line");
    }
    for (index, line) in text[..whole].split(|&byte| byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        let records: Vec<Record> = serde_json::from_slice(line).map_err(|source| OpenError::Journal {
            path: path.clone(),
            line: index + 1,
            source,
        })?;
        for record in records {
            tables.put(record);
        }
    }
    Ok(tables)
}

/// Writes every row that still matters, one a line, and forces the file to disk before it takes the old one's place.
fn compact(tables: &Tables, now: i64, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(create_private(path)?);
    write_all(&mut out, &tables.payment_methods, |_| true)?;
    write_all(&mut out, &tables.customers, |_| true)?;
    write_all(&mut out, &tables.payment_intents, |_| true)?;
    write_all(&mut out, &tables.charges, |_| true)?;
    write_all(&mut out, &tables.refunds, |_| true)?;
    write_all(&mut out, &tables.disputes, |_| true)?;
    let waits = |delivery: &Delivery| delivery.state == DeliveryState::Pending;
    write_all(&mut out, &tables.events, |event: &Event| {
        now - event.created < EVENTS_KEPT_FOR
            || tables.deliveries.find(&event.id).is_some_and(|delivery| waits(delivery))
    })?;
    write_all(&mut out, &tables.deliveries, waits)?;
    write_all(&mut out, &tables.answers, |answer: &SavedAnswer| !answer.expired(now))?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// An empty file that only its owner may read: client secrets and customers' addresses go into it.
fn create_private(path: &Path) -> io::Result<File> {
    // One that a kill left behind may have been made with other rights.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write_all<T: Row>(out: &mut impl Write, table: &Table<T>, keep: impl Fn(&T) -> bool) -> io::Result<()> {
    for row in table.rows().filter(|row| keep(row)) {
        serde_json::to_writer(&mut *out, &[T::into_record(Arc::clone(row))])?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
