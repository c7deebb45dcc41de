//! PaymentGateway on Stripe: typed requests, our own transport, webhook signatures.
