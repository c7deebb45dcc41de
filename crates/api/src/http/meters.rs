//! What is counted of every request: by route, method and status.
//!
//! The handles of a route are made when it is first asked for and then found again without a lock, an allocation or a hash:
//! this is the way of every request.

use axum::{extract::MatchedPath, extract::Request};
use http::{Method, StatusCode};
use metrics::{Counter, Histogram, Unit, counter, describe_counter, describe_histogram, histogram};
use std::{sync::OnceLock, time::Duration};

const REQUESTS: &str = "stoa_http_requests_total";
const DURATION: &str = "stoa_http_request_duration_seconds";
const WEBHOOKS: &str = "stoa_webhooks_total";

/// What everything without a name of its own is counted as.
const OTHER: &str = "other";
/// The methods that have a name; the last stands for all others.
const METHODS: [&str; 8] = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", OTHER];
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];
/// Routes that have figures of their own: more than there are. They are templates of ours, not paths of clients.
const ROUTES: usize = 128;

/// Describes what is counted at this edge. Requests are counted from 0 by route, once a route is asked for.
pub(crate) fn register() {
    describe_counter!(REQUESTS, Unit::Count, "HTTP requests answered");
    describe_histogram!(DURATION, Unit::Seconds, "Time from a request's head to its answer's head");
    describe_counter!(WEBHOOKS, Unit::Count, "Webhook calls of the payment gateway");
    for outcome in ["accepted", "refused", "failed"] {
        counter!(WEBHOOKS, "outcome" => outcome).increment(0);
    }
}

pub(super) fn webhook(outcome: &'static str) {
    counter!(WEBHOOKS, "outcome" => outcome).increment(1);
}

/// The figures of all routes.
pub(super) struct HttpMeters {
    routes: Box<[OnceLock<Route>]>,
    other: Route,
}

/// The figures of one.
struct Route {
    template: Box<str>,
    duration: Histogram,
    by_method: [OnceLock<[Counter; CLASSES.len()]>; METHODS.len()],
}

/// Where a request is counted.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// `None`: with the others.
    route: Option<usize>,
    method: usize,
}

impl HttpMeters {
    pub(super) fn new() -> Self {
        Self { routes: (0..ROUTES).map(|_| OnceLock::new()).collect(), other: Route::new(OTHER) }
    }

    /// Where the request will be counted.
    pub(super) fn place(&self, request: &Request) -> Place {
        let template = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        Place { route: template.and_then(|t| self.find(t)), method: method(request.method()) }
    }

    /// Counts it.
    pub(super) fn answered(&self, place: Place, status: StatusCode, latency: Duration) {
        let known = place.route.and_then(|index| self.routes.get(index)?.get());
        let route = known.unwrap_or(&self.other);
        route.duration.record(latency);
        route.of_method(place.method)[class(status)].increment(1);
    }

    /// The route's index; `None` when there are too many.
    fn find(&self, template: &str) -> Option<usize> {
        self.routes.iter().position(|slot| {
            // A slot that is free is taken, unless somebody else is faster; then it is looked at like any other.
            *slot.get_or_init(|| Route::new(template)).template == *template
        })
    }
}

impl Route {
    fn new(template: &str) -> Self {
        let duration = histogram!(DURATION, "route" => template.to_owned());
        Self { template: template.into(), duration, by_method: [const { OnceLock::new() }; METHODS.len()] }
    }

    /// The counters of a method, all of them there from its first request: a first failure rises from 0.
    fn of_method(&self, method: usize) -> &[Counter; CLASSES.len()] {
        self.by_method[method].get_or_init(|| {
            CLASSES.map(|class| {
                let route = self.template.to_string();
                let counter =
                    counter!(REQUESTS, "route" => route, "method" => METHODS[method], "status" => class);
                counter.increment(0);
                counter
            })
        })
    }
}

fn method(method: &Method) -> usize {
    METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1)
}

/// The index of a status among [`CLASSES`]. A switch to another protocol (101) is a success.
fn class(status: StatusCode) -> usize {
    match status.as_u16() {
        500.. => 3,
        400.. => 2,
        300.. => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_keeps_its_place_and_a_flood_of_routes_has_none() {
        let meters = HttpMeters::new();
        assert_eq!(meters.find("/graphql"), Some(0));
        assert_eq!(meters.find("/healthz"), Some(1));
        assert_eq!(meters.find("/graphql"), Some(0));
        for n in 2..ROUTES {
            assert_eq!(meters.find(&format!("/{n}")), Some(n));
        }
        assert_eq!(meters.find("/one-too-many"), None);
        assert_eq!(meters.find("/healthz"), Some(1));
    }

    #[test]
    fn methods_and_statuses_that_nobody_knows_are_bounded() {
        assert_eq!(METHODS[method(&Method::POST)], "POST");
        assert_eq!(METHODS[method(&Method::from_bytes(b"BREW").unwrap())], OTHER);
        for (status, name) in
            [(101, "2xx"), (294, "2xx"), (304, "3xx"), (418, "4xx"), (599, "5xx"), (999, "5xx")]
        {
            assert_eq!(CLASSES[class(StatusCode::from_u16(status).unwrap())], name);
        }
    }
}
