//! The program `stoa`, as a library so that tests start the very same server.
