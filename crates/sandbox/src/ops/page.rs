//! Lists: newest first, paged by id, filtered by time of creation.

use std::sync::Arc;

use crate::{
    error::ApiError,
    form::Params,
    model::Customer,
    store::{Row, Tx},
    wire::Object,
};

/// The parameters that every list takes.
pub(super) const LIST_PARAMS: [&str; 5] = ["created", "ending_before", "expand", "limit", "starting_after"];

/// Refuses parameters that the list does not take: the common ones and `own`.
pub(super) fn only(params: &Params<'_>, own: &[&str]) -> Result<(), ApiError> {
    let known: Vec<&str> = LIST_PARAMS.iter().chain(own).copied().collect();
    params.only(&known)
}

/// The customer whose rows a list is asked for. One that never was is an error; one that was deleted has left
/// payments behind.
pub(super) fn customer<'p>(tx: &Tx<'_>, params: &Params<'p>) -> Result<Option<&'p str>, ApiError> {
    let Some(id) = params.text("customer")? else { return Ok(None) };
    tx.named::<Customer>(id, "customer")?;
    Ok(Some(id))
}

/// One page of a table: the rows that `keep` wants, newest first.
pub(super) fn page<T: Row>(
    tx: &Tx<'_>,
    params: &Params<'_>,
    url: impl Into<String>,
    created: impl Fn(&T) -> i64,
    wrap: impl Fn(Arc<T>) -> Object,
    keep: impl Fn(&T) -> bool,
) -> Result<Object, ApiError> {
    let limit = limit(params)?;
    let times = Times::parse(params)?;
    params.not_both("starting_after", "ending_before")?;
    let table = tx.table::<T>();
    let place = |name: &str| -> Result<Option<usize>, ApiError> {
        let Some(id) = params.text(name)? else { return Ok(None) };
        table.place(id).map(Some).ok_or_else(|| ApiError::names_nothing(T::NAME, id, name))
    };
    let wanted = |row: &&Arc<T>| times.hold(created(row)) && keep(row);
    let (mut data, has_more) = match (place("starting_after")?, place("ending_before")?) {
        (_, Some(place)) => {
            let (mut data, has_more) = take(table.from(place + 1).filter(wanted), limit);
            data.reverse();
            (data, has_more)
        }
        (place, None) => take(table.before(place.unwrap_or(usize::MAX)).filter(wanted), limit),
    };
    let data = data.drain(..).map(|row| wrap(Arc::clone(row))).collect();
    Ok(Object::List { data, has_more, url: url.into() })
}

fn take<'a, T>(mut rows: impl Iterator<Item = &'a Arc<T>>, limit: usize) -> (Vec<&'a Arc<T>>, bool) {
    let data = rows.by_ref().take(limit).collect();
    (data, rows.next().is_some())
}

fn limit(params: &Params<'_>) -> Result<usize, ApiError> {
    let limit = params.integer("limit")?.unwrap_or(10);
    usize::try_from(limit).ok().filter(|limit| (1..=100).contains(limit)).ok_or_else(|| {
        let bound = if limit < 1 { "greater than or equal to 1" } else { "less than or equal to 100" };
        ApiError::invalid(format!("This value must be {bound} (it currently is '{limit}')."))
            .code("parameter_invalid_integer")
            .param("limit")
    })
}

/// The times of creation that a caller wants, in seconds, both ends included.
struct Times {
    from: i64,
    to: i64,
}

impl Times {
    /// `created=1700000000` or `created[gte]=…&created[lt]=…`.
    fn parse(params: &Params<'_>) -> Result<Self, ApiError> {
        let mut times = Self { from: i64::MIN, to: i64::MAX };
        match params.group("created") {
            Ok(None) => {}
            Ok(Some(range)) => {
                range.only(&["gt", "gte", "lt", "lte"])?;
                if let Some(after) = range.integer("gt")? {
                    times.from = after.saturating_add(1);
                }
                if let Some(from) = range.integer("gte")? {
                    times.from = times.from.max(from);
                }
                if let Some(before) = range.integer("lt")? {
                    times.to = before.saturating_sub(1);
                }
                if let Some(to) = range.integer("lte")? {
                    times.to = times.to.min(to);
                }
            }
            Err(_) => {
                let at = params.integer("created")?.unwrap_or_default();
                times = Self { from: at, to: at };
            }
        }
        Ok(times)
    }

    fn hold(&self, created: i64) -> bool {
        (self.from..=self.to).contains(&created)
    }
}
