//! Whole lines at the end of a file, or none: what a full disk tears is cut off before anything follows it.

use std::{
    fs::File,
    io::{self, Write},
};

/// A file that can be shortened.
pub(super) trait Cut: Write {
    /// Forgets everything after the first `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Cut for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Adds lines to a file that is open for appending.
pub(super) struct Appender<F> {
    file: F,
    /// How long the file is up to its last whole line.
    whole: u64,
    /// Whether a part of a line may stand after it.
    torn: bool,
}

impl<F: Cut> Appender<F> {
    /// Goes on after the `whole` bytes that the file has.
    pub(super) fn new(file: F, whole: u64) -> Self {
        Self { file, whole, torn: false }
    }

    /// Adds one line, in a single write. After an error nothing of it is left, or else every further line is
    /// refused until that is so: glued onto a torn line, a whole one would be lost with it.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.cut_torn()?;
        if let Err(error) = self.file.write_all(line) {
            self.torn = true;
            if let Err(error) = self.cut_torn() {
                tracing::error!(%error, "sandbox.journal.cut");
            }
            return Err(error);
        }
        self.whole += line.len() as u64;
        Ok(())
    }

    fn cut_torn(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.cut(self.whole)?;
            self.torn = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for some bytes, which can also refuse to shorten its file.
    #[derive(Default)]
    struct Disk {
        bytes: Vec<u8>,
        room: usize,
        stuck: bool,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let fits = bytes.len().min(self.room - self.bytes.len());
            if fits == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.extend_from_slice(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Cut for Disk {
        fn cut(&mut self, length: u64) -> io::Result<()> {
            if self.stuck {
                return Err(io::ErrorKind::Other.into());
            }
            self.bytes.truncate(usize::try_from(length).unwrap());
            Ok(())
        }
    }

    fn disk_with_room(room: usize) -> Appender<Disk> {
        Appender::new(Disk { room, ..Disk::default() }, 0)
    }

    #[test]
    fn a_line_that_does_not_fit_leaves_nothing_behind() {
        let mut lines = disk_with_room(10);
        lines.append(b"[one]\n").unwrap();
        assert!(lines.append(b"[second]\n").is_err());
        assert_eq!(lines.file.bytes, b"[one]\n");
        lines.append(b"[2]\n").unwrap();
        lines.file.room = 100;
        lines.append(b"[third]\n").unwrap();
        assert_eq!(lines.file.bytes, b"[one]\n[2]\n[third]\n");
    }

    #[test]
    fn nothing_follows_a_torn_line_that_cannot_be_cut_off() {
        let mut lines = disk_with_room(10);
        lines.append(b"[one]\n").unwrap();
        lines.file.stuck = true;
        assert!(lines.append(b"[second]\n").is_err());
        lines.file.room = 100;
        assert!(lines.append(b"[third]\n").is_err());
        assert_eq!(lines.file.bytes, b"[one]\n[sec", "the torn line is the last one, which opening drops");

        lines.file.stuck = false;
        lines.append(b"[third]\n").unwrap();
        assert_eq!(lines.file.bytes, b"[one]\n[third]\n");
    }

    #[test]
    fn a_real_file_is_cut_and_goes_on_at_its_new_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, "[one]\n[sec").unwrap();
        let file = File::options().append(true).open(&path).unwrap();
        let mut lines = Appender { torn: true, ..Appender::new(file, 6) };
        lines.append(b"[third]\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"[one]\n[third]\n");
    }
}
