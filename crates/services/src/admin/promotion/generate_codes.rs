//! Asking for codes in bulk. They are made by a job, which goes on where it stopped whatever dies meanwhile.

use super::{
    CodesError, PromotionCodes,
    codes::{LENGTH, takes_codes, typed, uses},
    subject,
};
use crate::{
    admin::{InputPlace, InputRefusal, Unfit, place::refuse, repeat::id_for},
    audit::AuditedTx,
    jobs,
};
use stoa_domain::{
    access::{Permit, grants::PromotionsWrite},
    audit::Changes,
    pricing::CodeKey,
    shared::{CodeBatchId, Fault, PromotionId},
};
use stoa_persistence::{
    Batch,
    db::retrying,
    pricing,
    promotion::{self, CodeBatch, ListedBatch},
};

/// Codes of one batch.
const COUNT: i64 = 250_000;
/// Characters of what all of a batch begin with.
const PREFIX: usize = 32;
/// Characters behind that. Of fewer than 8 somebody would guess one.
const RANDOM: std::ops::RangeInclusive<u32> = 8..=32;

/// Codes that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodesWanted {
    /// How many: 250,000 at most.
    pub count: i64,
    /// What all of them begin with.
    pub prefix: String,
    /// How many characters that nobody guesses come behind it: 8 to 32.
    pub length: u32,
    /// On how many orders each may be used; `None`: any number.
    pub uses: Option<i64>,
    /// What makes the request safe to repeat.
    pub key: String,
}

impl PromotionCodes {
    /// Has codes made for a promotion. The same key again asks for nothing more, and gives the batch as it is by then.
    ///
    /// # Errors
    /// There is no such promotion, codes cannot be so, or the key was used for others.
    #[tracing::instrument(name = "promotion_codes.generate", skip_all)]
    pub async fn generate(
        &self,
        by: &Permit<PromotionsWrite>,
        of: PromotionId,
        wanted: &CodesWanted,
    ) -> Result<ListedBatch, CodesError> {
        wanted.check()?;
        let batch = CodeBatch {
            id: CodeBatchId::new(id_for("promotion_codes", of.uuid(), &wanted.key)?),
            promotion: of,
            wanted: wanted.count,
            made: 0,
            prefix: CodeKey::of(&wanted.prefix).map(|key| key.as_str().to_owned()).unwrap_or_default(),
            length: wanted.length,
            most: wanted.uses,
            created_by: by.actor().name().to_owned(),
        };
        let made = retrying(|| self.generate_once(by, &batch)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(made)
    }

    async fn generate_once(
        &self,
        by: &Permit<PromotionsWrite>,
        batch: &CodeBatch,
    ) -> Result<ListedBatch, CodesError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        // Of two who ask with the same key at once the second finds what the first has asked for.
        pricing::take_turn(tx).await?;
        if let Some(known) = promotion::find_batch(tx, batch.id).await? {
            let asked = CodeBatch {
                made: known.batch.made,
                created_by: known.batch.created_by.clone(),
                ..batch.clone()
            };
            return if known.batch == asked { Ok(known) } else { Err(CodesError::KeyUsed) };
        }
        takes_codes(tx, batch.promotion).await?;
        promotion::insert_batch(tx, batch, now).await?;
        let mut work = Batch::new();
        jobs::make_codes(ctx, &mut work, batch.id, now);
        work.write(tx).await?;
        let listed = promotion::find_batch(tx, batch.id).await?;
        let listed =
            listed.ok_or(Fault::bug("promotion_codes.generate: it was asked for, and is not there"))?;
        let changes = Changes::of(subject(batch.promotion))
            .field("codes", None::<i64>, batch.wanted)
            .field("codes.batch", None::<String>, batch.id.to_string())
            .field("codes.uses", None::<i64>, batch.most);
        audited.commit("promotion_codes.generate", &changes).await?;
        Ok(listed)
    }
}

impl CodesWanted {
    fn check(&self) -> Result<(), InputRefusal> {
        let at = InputPlace::field;
        let wrong = !(1..=COUNT).contains(&self.count);
        refuse(wrong, || at("count"), Unfit::OutOfRange { least: 1, most: COUNT })?;
        let length = Unfit::OutOfRange { least: (*RANDOM.start()).into(), most: (*RANDOM.end()).into() };
        refuse(!RANDOM.contains(&self.length), || at("length"), length)?;
        uses(self.uses, || at("uses"))?;
        typed(self.prefix.trim(), || at("prefix"))?;
        let characters = CodeKey::of(&self.prefix).map_or(0, |key| key.as_str().chars().count());
        refuse(characters > PREFIX, || at("prefix"), Unfit::TooLong { max: PREFIX })?;
        const { assert!(PREFIX + 32 <= LENGTH, "a code fits its column") };
        Ok(())
    }
}
