//! Which carts hold something: by looking through all keys, a piece at a time.

use crate::{connection::Redis, link::Node};
use std::collections::BTreeSet;
use stoa_domain::shared::{CartId, Fault};
use uuid::Uuid;

/// Keys a server looks at in one go, while nobody else is served.
const PIECE: usize = 1_000;

/// Carts that have an index, `most` of them at most: they hold something, or did not long ago.
pub(super) async fn indexed(redis: &Redis, most: usize) -> Result<BTreeSet<CartId>, Fault> {
    let fault = |e| Fault::unavailable("redis.holds.scan", e);
    let mut link = redis.link();
    let nodes: Vec<Node> = link.servers().await.map_err(fault)?.into_iter().map(|(node, _)| node).collect();
    let (pattern, mut carts) = (redis.keys().indexes(), BTreeSet::new());
    for node in &nodes {
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(PIECE);
            let (next, keys): (u64, Vec<String>) = link.query_at(node, scan).await.map_err(fault)?;
            carts.extend(keys.iter().filter_map(|key| cart(key)));
            if next == 0 || carts.len() >= most {
                break;
            }
            cursor = next;
        }
    }
    while carts.len() > most {
        carts.pop_last();
    }
    Ok(carts)
}

fn cart(key: &str) -> Option<CartId> {
    let id = key.rsplit_once('{')?.1.strip_suffix('}')?;
    Uuid::try_parse(id).ok().map(CartId::new)
}
