//! GraphiQL's assets, fetched from the npm registry at build time and embedded.
