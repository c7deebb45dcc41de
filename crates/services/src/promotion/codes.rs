//! Codes in bulk, so many that no request waits for them: a job makes some in each transaction and goes on where it stopped, whatever dies meanwhile.

use crate::Context;
use stoa_domain::shared::{CodeBatchId, Fault, IdGenerator};
use stoa_persistence::{
    Durability,
    db::retrying,
    promotion::{self, CodeBatch},
};

/// Codes of one transaction.
const AT_ONCE: i64 = 1_000;
/// Transactions of one turn, well within the lease of its job.
const TURNS: usize = 20;
/// What codes consist of: no letter that looks like a digit, and no digit that looks like a letter. 32 of them, 5 bits each.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Makes codes of a batch, and gives whether all are made. What is written counts in the transaction that writes it: a batch has as many codes as
/// were wanted in the end, and not one more.
pub(crate) async fn make_codes(ctx: &Context, id: CodeBatchId) -> Result<bool, Fault> {
    for _ in 0..TURNS {
        if retrying(|| make_some(ctx, id)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn make_some(ctx: &Context, id: CodeBatchId) -> Result<bool, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let Some(batch) = promotion::unmade_batch(&tx, id).await? else { return Ok(true) };
    let left = batch.wanted.saturating_sub(batch.made).clamp(0, AT_ONCE);
    let ids = &*ctx.ports.ids;
    let new: Vec<String> = (0..left).map(|_| code(ids, &batch)).collect();
    // Fewer, where one of them was there already: the next turn makes others.
    let added = promotion::add_to_batch(&tx, &batch, &new, now).await?;
    tx.commit().await?;
    Ok(batch.made.saturating_add(added) >= batch.wanted)
}

/// One that nobody guesses, behind what all of the batch begin with.
fn code(ids: &dyn IdGenerator, batch: &CodeBatch) -> String {
    let length = usize::try_from(batch.length).unwrap_or(0);
    let mut code = batch.prefix.clone();
    let most = code.len().saturating_add(length);
    while code.len() < most {
        // A UUID of version 4 says its version and its variant in its seventh and ninth bytes; of the others each is random.
        let bytes = ids.secret_id().into_bytes();
        let random = bytes.iter().enumerate().filter(|(n, _)| !matches!(n, 6 | 8)).map(|(_, byte)| byte);
        let left = most - code.len();
        code.extend(random.take(left).map(|byte| char::from(ALPHABET[usize::from(byte & 31)])));
    }
    code
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
