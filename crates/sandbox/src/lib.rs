//! A small server of Stripe's wire format, for the demo, the tests and developers without keys.
