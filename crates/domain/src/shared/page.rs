//! Keyset pages and their cursors.
