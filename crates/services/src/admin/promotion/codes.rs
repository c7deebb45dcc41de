//! Codes of promotions: showing them, and writing new ones down.

use super::{CodesError, subject};
use crate::{
    Context,
    admin::{InputPlace, InputRefusal, Unfit, place::refuse},
    audit::AuditedTx,
};
use std::{collections::HashSet, sync::Arc};
use stoa_domain::{
    access::{
        Permit,
        grants::{PromotionsRead, PromotionsWrite},
    },
    audit::Changes,
    pricing::{CodeKey, EnteredCode, Method},
    shared::{
        Fault, PromotionId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::{Conn, ListError, retrying},
    pricing,
    promotion::{self, CodesListing, ListedBatch, NewCode, PromotionState, StaffCode},
};

/// Codes that are given in one call.
pub(super) const AT_ONCE: usize = 250;
/// Characters of a code.
pub(super) const LENGTH: usize = 64;
/// Orders that a code may be used on at most, where that is limited.
const USES: i64 = i32::MAX as i64;

/// A code to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeToAdd {
    /// As buyers are to type it; letter case and the space around it make no other code.
    pub code: String,
    /// On how many orders it may be used; `None`: any number.
    pub uses: Option<i64>,
}

/// Codes of promotions, for people: those that are made in bulk, switched off and taken out stand in the files beside this one.
pub struct PromotionCodes(pub(crate) Arc<Context>);

impl PromotionCodes {
    /// A page of a promotion's codes, in their order. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "promotion_codes.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<PromotionsRead>,
        listing: &CodesListing,
        request: &PageRequest,
    ) -> Result<Page<CodeKey>, ListError> {
        promotion::list_codes(self.0.db().read(), listing, request).await
    }

    /// Those of a promotion's codes that there are, in the order of the keys. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<PromotionsRead>,
        of: PromotionId,
        keys: &[CodeKey],
    ) -> Result<Vec<StaffCode>, Fault> {
        promotion::codes_by_keys(self.0.db().read(), of, keys).await
    }

    /// What was asked for of a promotion's codes in bulk, the newest first. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn batches(
        &self,
        _by: &Permit<PromotionsRead>,
        of: PromotionId,
    ) -> Result<Vec<ListedBatch>, Fault> {
        promotion::batches_of(self.0.db().read(), of).await
    }

    /// Gives a promotion codes: all of them, or none.
    ///
    /// # Errors
    /// There is no such promotion, or one of the codes cannot be, or is there already.
    #[tracing::instrument(name = "promotion_codes.add", skip_all)]
    pub async fn add(
        &self,
        by: &Permit<PromotionsWrite>,
        of: PromotionId,
        codes: &[CodeToAdd],
    ) -> Result<Vec<StaffCode>, CodesError> {
        let codes = checked(codes)?;
        retrying(|| self.add_once(by, of, &codes)).await
    }

    async fn add_once(
        &self,
        by: &Permit<PromotionsWrite>,
        of: PromotionId,
        codes: &[NewCode],
    ) -> Result<Vec<StaffCode>, CodesError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        takes_codes(tx, of).await?;
        let keys: Vec<CodeKey> = codes.iter().map(|new| new.code.key.clone()).collect();
        let taken: HashSet<CodeKey> = promotion::taken_codes(tx, &keys).await?.into_iter().collect();
        if let Some(index) = keys.iter().position(|key| taken.contains(key)) {
            return Err(CodesError::Taken { index });
        }
        let new = promotion::add_codes(tx, of, codes, self.0.now()).await?;
        if usize::try_from(new) != Ok(codes.len()) {
            // Codes in bulk are made without the turn.
            return Err(CodesError::Stale);
        }
        let made = promotion::codes_by_keys(tx, of, &keys).await?;
        // How many, and not which: whoever may read the log need not be who may use them.
        let changes =
            Changes::of(subject(of)).field("codes", None::<i64>, i64::try_from(new).unwrap_or(i64::MAX));
        audited.commit("promotion_codes.add", &changes).await?;
        Ok(made)
    }
}

/// Whether a promotion can be given codes.
pub(super) async fn takes_codes(conn: &impl Conn, of: PromotionId) -> Result<(), CodesError> {
    let known = promotion::find(conn, of).await?.ok_or(CodesError::NotFound)?;
    if known.rule.state == PromotionState::Archived {
        return Err(CodesError::Archived);
    }
    match known.rule.promotion.method {
        Method::Code => Ok(()),
        Method::Automatic => Err(CodesError::Automatic),
    }
}

fn checked(codes: &[CodeToAdd]) -> Result<Vec<NewCode>, CodesError> {
    let list = InputPlace::field("codes");
    refuse(codes.is_empty(), || list.clone(), Unfit::Blank)?;
    refuse(codes.len() > AT_ONCE, || list.clone(), Unfit::TooMany { max: AT_ONCE })?;
    let (mut known, mut new) = (HashSet::new(), Vec::with_capacity(codes.len()));
    for (index, of) in codes.iter().enumerate() {
        let at = list.entry(index);
        let code = code(&of.code, &at.then("code"))?;
        uses(of.uses, || at.then("uses"))?;
        if !known.insert(code.key.clone()) {
            return Err(CodesError::Taken { index });
        }
        new.push(NewCode { code, most: of.uses });
    }
    Ok(new)
}

/// A code that can be typed, and that no spreadsheet takes for a formula.
fn code(text: &str, at: &InputPlace) -> Result<EnteredCode, InputRefusal> {
    let code = EnteredCode::parse(text).ok_or_else(|| InputRefusal::new(at.clone(), Unfit::Blank))?;
    let characters = code.text.chars().count().max(code.key.as_str().chars().count());
    refuse(characters > LENGTH, || at.clone(), Unfit::TooLong { max: LENGTH })?;
    typed(&code.text, || at.clone())?;
    Ok(code)
}

/// Whether a text can be, or begin, a code.
pub(super) fn typed(text: &str, at: impl Fn() -> InputPlace) -> Result<(), InputRefusal> {
    let begins = text.chars().next().is_none_or(char::is_alphanumeric);
    refuse(!begins, &at, Unfit::Unlike("a code begins with a letter or a digit"))?;
    refuse(text.chars().any(char::is_control), at, Unfit::Unlike("a code has no control characters"))
}

pub(super) fn uses(most: Option<i64>, at: impl FnOnce() -> InputPlace) -> Result<(), InputRefusal> {
    let wrong = most.is_some_and(|most| !(1..=USES).contains(&most));
    refuse(wrong, at, Unfit::OutOfRange { least: 1, most: USES })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(codes: &[(&str, Option<i64>)]) -> Option<(InputPlace, Unfit)> {
        let codes: Vec<CodeToAdd> =
            codes.iter().map(|(code, uses)| CodeToAdd { code: (*code).to_owned(), uses: *uses }).collect();
        match checked(&codes) {
            Err(CodesError::Refused(InputRefusal { at, why })) => Some((at, why)),
            Err(error) => panic!("{error:?}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn what_is_no_code_is_named_by_its_place() {
        let at = |index, field| InputPlace::field("codes").entry(index).then(field);
        assert_eq!(refused(&[("Summer 10", None), ("ä-1", Some(1))]), None);
        assert_eq!(refused(&[("ok", None), (" \0", None)]), Some((at(1, "code"), Unfit::Blank)));
        assert_eq!(
            refused(&[(&"x".repeat(65), None)]),
            Some((at(0, "code"), Unfit::TooLong { max: LENGTH }))
        );
        // 33 letters, and 66 in upper case.
        assert_eq!(
            refused(&[(&"ß".repeat(33), None)]),
            Some((at(0, "code"), Unfit::TooLong { max: LENGTH }))
        );
        for formula in ["=1+1", "+1", "-1", "@A1"] {
            assert!(matches!(refused(&[(formula, None)]), Some((_, Unfit::Unlike(_)))), "{formula}");
        }
        let range = Unfit::OutOfRange { least: 1, most: USES };
        assert_eq!(refused(&[("ok", Some(0))]), Some((at(0, "uses"), range)));
        assert_eq!(refused(&[]), Some((InputPlace::field("codes"), Unfit::Blank)));
    }

    #[test]
    fn a_code_in_another_letter_case_is_the_same_one() {
        let codes = ["TEN", "five", " ten "].map(|code| CodeToAdd { code: code.to_owned(), uses: None });
        assert!(matches!(checked(&codes), Err(CodesError::Taken { index: 2 })));
    }
}
