//! A kind of goods as staff write it down, held against what can be.

use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{named, refuse},
};
use stoa_domain::{
    shared::TaxCategoryId,
    tax::{CategoryKind, TaxCategory},
};

/// Characters of a code.
const CODE: usize = 64;
/// Characters of a name.
const NAME: usize = 255;
/// What tables of rates call goods without a category.
pub(super) const STANDARD: &str = "standard";

/// A kind of goods as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxCategoryDraft {
    /// Stable name, such as `reduced`; kept in lower case.
    pub code: String,
    /// What staff read.
    pub name: String,
    /// Whether anything is charged at all.
    pub kind: CategoryKind,
}

/// What is to be other of a category; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxCategoryPatch {
    /// Stable name.
    pub code: Option<String>,
    /// What staff read.
    pub name: Option<String>,
    /// Whether anything is charged at all.
    pub kind: Option<CategoryKind>,
}

impl TaxCategoryDraft {
    /// The category with this id.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn checked(&self, id: TaxCategoryId) -> Result<TaxCategory, InputRefusal> {
        let at = || InputPlace::field("code");
        let code = named(&self.code, "code", CODE)?.to_lowercase();
        let like = code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        refuse(
            !like,
            at,
            Unfit::Unlike("a code has letters without accents, digits, dashes, dots and underscores"),
        )?;
        let why = Unfit::Unlike("standard rates are those of goods without a category");
        refuse(code == STANDARD, at, why)?;
        Ok(TaxCategory {
            id,
            code: code.into(),
            name: named(&self.name, "name", NAME)?.into(),
            kind: self.kind,
        })
    }
}

impl TaxCategoryPatch {
    /// The category as it is, with what is to be other.
    pub(super) fn over(self, known: &TaxCategory) -> TaxCategoryDraft {
        TaxCategoryDraft {
            code: self.code.unwrap_or_else(|| known.code.to_string()),
            name: self.name.unwrap_or_else(|| known.name.to_string()),
            kind: self.kind.unwrap_or(known.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn books() -> TaxCategoryDraft {
        TaxCategoryDraft { code: " Reduced-2 ".into(), name: "Books".into(), kind: CategoryKind::Taxed }
    }

    #[test]
    fn a_code_is_what_a_table_can_name() {
        let id = TaxCategoryId::new(Uuid::from_u128(1));
        assert_eq!(&*books().checked(id).unwrap().code, "reduced-2");
        for (code, why) in [
            ("", Unfit::Blank),
            (
                "a b",
                Unfit::Unlike("a code has letters without accents, digits, dashes, dots and underscores"),
            ),
            ("Standard", Unfit::Unlike("standard rates are those of goods without a category")),
        ] {
            let refused = TaxCategoryDraft { code: code.into(), ..books() }.checked(id).unwrap_err();
            assert_eq!(refused, InputRefusal::new(InputPlace::field("code"), why), "{code}");
        }
        let long = TaxCategoryDraft { code: "x".repeat(CODE + 1), ..books() };
        assert_eq!(long.checked(id).unwrap_err().why, Unfit::TooLong { max: CODE });
        let known = books().checked(id).unwrap();
        assert_eq!(TaxCategoryPatch::default().over(&known).checked(id).unwrap(), known);
    }
}
