//! Who competes: the promotions that apply to a cart, and what is behind the codes that were entered.

use super::{
    Class, Method, Why,
    applies::{Court, Out},
    candidate::Candidate,
};
use crate::pricing::{PricingError, working::Working};

/// Automatic promotions of a class that are weighed, at most: the oldest. So no new one drives another out.
const WEIGHED: usize = 64;
/// Automatic promotions that suffer none beside them and are weighed, at most.
const EXCLUSIVE: usize = 16;

/// The promotions of a cart.
#[derive(Debug, Default)]
pub(super) struct Judged<'a> {
    /// Those that apply: automatic ones in the order in which they were made, then those of codes, in the codes' order.
    pub(super) candidates: Vec<Candidate<'a>>,
    /// Those that do not, by their place among the rules', and why.
    pub(super) refused: Vec<(usize, Why)>,
    /// What is behind each code.
    pub(super) codes: Vec<Behind>,
}

/// What is behind a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing that could be used.
    Nothing(Why),
    /// A promotion, by its place among the rules'.
    Promotion(usize),
    /// One that a code before it has brought.
    Again(usize),
}

/// Judges all promotions that are automatic or whose codes were entered.
pub(super) fn judge<'a>(w: &Working<'a>, by_price: &[usize]) -> Result<Judged<'a>, PricingError> {
    let court = Court::new(w, by_price);
    let mut judged = Judged::default();
    let mut weighed = Weighed::default();
    for (at, promotion) in w.input.rules.data().promotions.iter().enumerate() {
        if promotion.method == Method::Automatic && judged.hear(&court, at, None)? {
            weighed.bound(&mut judged);
        }
    }
    for (n, code) in w.input.codes.iter().enumerate() {
        let behind = match behind(w, &code.key) {
            Ok(at) if judged.codes.contains(&Behind::Promotion(at)) => Behind::Again(at),
            Ok(at) => {
                judged.hear(&court, at, Some(n))?;
                Behind::Promotion(at)
            }
            Err(why) => Behind::Nothing(why),
        };
        judged.codes.push(behind);
    }
    Ok(judged)
}

/// The promotion of a code, by its place among the rules'.
fn behind(w: &Working<'_>, code: &crate::pricing::CodeKey) -> Result<usize, Why> {
    let standing = w.input.standing.codes.get(code).ok_or(Why::UnknownCode)?;
    let promotions = &w.input.rules.data().promotions;
    // Rules hold only what is in use.
    let at = promotions.binary_search_by_key(&standing.promotion, |p| p.id).map_err(|_| Why::Inactive)?;
    match standing {
        _ if promotions[at].method != Method::Code => Err(Why::Inactive),
        standing if standing.disabled => Err(Why::CodeDisabled),
        standing if standing.most.is_some_and(|most| most <= standing.used) => Err(Why::CodeUsedUp),
        _ => Ok(at),
    }
}

impl<'a> Judged<'a> {
    /// Whether a promotion applies; why not is noted.
    fn hear(&mut self, court: &Court<'_, 'a>, at: usize, code: Option<usize>) -> Result<bool, PricingError> {
        match court.judge(at, code) {
            Ok(candidate) => self.candidates.push(candidate),
            Err(Out::Because(why)) => {
                self.refused.push((at, why));
                return Ok(false);
            }
            Err(Out::Failed(error)) => return Err(error),
        }
        Ok(true)
    }
}

/// How many automatic ones are weighed already.
#[derive(Default)]
struct Weighed {
    by_class: [usize; 3],
    exclusive: usize,
}

impl Weighed {
    /// Counts the newest candidate, and takes it out where there are enough.
    fn bound(&mut self, judged: &mut Judged<'_>) {
        let Some(newest) = judged.candidates.last() else { return };
        let class = match newest.class() {
            Class::Product => 0,
            Class::Order => 1,
            Class::Delivery => 2,
        };
        let (count, most) = match newest.promotion.exclusive {
            true => (&mut self.exclusive, EXCLUSIVE),
            false => (&mut self.by_class[class], WEIGHED),
        };
        *count += 1;
        if *count > most {
            judged.refused.push((newest.at, Why::TooManyCandidates));
            judged.candidates.pop();
        }
    }
}
