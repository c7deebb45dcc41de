//! What lies between HTTP and the pages: the cart's cookie, who calls, posted forms, request ids, redirects and headers.

mod cart_cookie;
mod guest;
mod headers;
mod navigation;
mod redirect;
mod request_id;
mod submitted;

pub(crate) use cart_cookie::{CartCookie, forget_cart, remember_cart};
pub(crate) use guest::Guest;
pub(crate) use headers::{Policies, personal, secure, with_policy};
pub(crate) use navigation::Navigation;
pub(crate) use redirect::{path, see_other, with_cookie};
pub(crate) use request_id::RequestId;
pub(crate) use submitted::Submitted;
