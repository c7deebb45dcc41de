//! How a page of a list is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Object, Show, raw};
use crate::store::Tx;

#[derive(Serialize)]
struct View<'a> {
    object: &'static str,
    data: Vec<Box<RawValue>>,
    has_more: bool,
    url: &'a str,
}

pub(super) fn show(data: &[Object], has_more: bool, url: &str, tx: &Tx<'_>) -> Box<RawValue> {
    let data = data.iter().map(|object| object.show(tx)).collect();
    raw(&View { object: "list", data, has_more, url })
}
