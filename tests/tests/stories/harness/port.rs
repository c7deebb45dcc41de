//! Ports for servers that are started again where they were.

use std::net::TcpListener;

/// One nobody listens at now. Below those that systems give to outgoing connections, so that it is still free for a restart; so is the
/// one 10,000 above, which a node of a Redis Cluster takes as well. Somebody may be faster all the same: whoever starts a server here
/// sees to it that it is this one that answers.
pub(crate) fn free() -> u16 {
    let free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    loop {
        let port = rand::random_range(12_000..22_000);
        if free(port) && free(port + 10_000) {
            return port;
        }
    }
}
