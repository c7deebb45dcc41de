//! Taxes, as staff make them over the public API. Their documents stand here alone.

use super::{shop::Shop, staff::Staff};
use serde_json::{Value, json};

const ERRORS: &str = "userErrors { code field message }";

/// A rate that is charged on delivery, too, where the shop taxes it at all.
pub(crate) fn rate(name: &str, percentage: &str) -> Value {
    json!({ "name": name, "percentage": percentage })
}

/// A zone with its taxes: a country, or a province of it such as `CA-BC`.
pub(crate) fn zone(region: &str, level: u8, rates: &[Value]) -> Value {
    let (country, provinces) = match region.split_once('-') {
        Some((country, province)) => (country, json!([province])),
        None => (region, json!([])),
    };
    json!({ "name": format!("{region} {level}"), "country": country, "provinces": provinces, "level": level, "rates": rates })
}

impl Shop {
    /// Decides how prices are reckoned.
    pub(crate) async fn decides(&self, by: &Staff, settings: Value) {
        let query = format!(
            "mutation($i: PricingSettingsUpdateInput!) {{ pricingSettingsUpdate(input: $i) {{ pricingSettings {{ version }} {ERRORS} }} }}"
        );
        self.staff_does(by, &query, json!({ "i": settings })).await;
    }

    /// Makes a kind of goods; gives its global id.
    pub(crate) async fn tax_category(&self, by: &Staff, code: &str, kind: &str) -> String {
        let query = format!(
            "mutation($i: TaxCategoryCreateInput!) {{ taxCategoryCreate(input: $i) {{ taxCategory {{ id }} {ERRORS} }} }}"
        );
        let made =
            self.staff_does(by, &query, json!({ "i": { "code": code, "name": code, "kind": kind } })).await;
        made["taxCategory"]["id"].as_str().expect("an id").to_owned()
    }

    /// The kind of goods that has this code; it is there.
    pub(crate) async fn tax_category_of(&self, by: &Staff, code: &str) -> String {
        let query = "{ admin { taxCategories(first: 250) { nodes { id code } } } }";
        let read = self.ask_as(by, query, json!({})).await;
        let all = read.at("/admin/taxCategories/nodes").as_array().expect("categories").clone();
        let found = all.iter().find(|category| category["code"] == code);
        found.unwrap_or_else(|| panic!("no {code}: {all:?}"))["id"].as_str().expect("an id").to_owned()
    }

    /// Says of which kind a product is.
    pub(crate) async fn put_into(&self, by: &Staff, handle: &str, category: &str) {
        let query = format!(
            "mutation($p: ProductUpdateInput!) {{ productUpdate(product: $p) {{ product {{ id }} {ERRORS} }} }}"
        );
        let product = self.product(handle).await;
        self.staff_does(by, &query, json!({ "p": { "id": product, "taxCategoryId": category } })).await;
        self.looks_again().await;
    }

    /// The global id of a product.
    pub(crate) async fn product(&self, handle: &str) -> String {
        let query = "query($h: String) { product(handle: $h) { id } }";
        let read = self.endpoint.ask(query, json!({ "h": handle })).await;
        read.at("/product/id").as_str().expect("it is sold here").to_owned()
    }

    /// Makes a zone; gives its global id.
    pub(crate) async fn tax_zone(&self, by: &Staff, zone: Value) -> String {
        let query = format!(
            "mutation($i: TaxZoneCreateInput!) {{ taxZoneCreate(input: $i) {{ taxZone {{ id }} {ERRORS} }} }}"
        );
        let made = self.staff_does(by, &query, json!({ "i": zone })).await;
        made["taxZone"]["id"].as_str().expect("an id").to_owned()
    }

    /// A zone has these taxes from now on, and no others.
    pub(crate) async fn retax(&self, by: &Staff, zone: &str, rates: &[Value]) {
        let query = format!(
            "mutation($i: TaxZoneUpdateInput!) {{ taxZoneUpdate(input: $i) {{ taxZone {{ id }} {ERRORS} }} }}"
        );
        let version = self.version_of(by, "taxZone", zone).await;
        self.staff_does(by, &query, json!({ "i": { "id": zone, "version": version, "rates": rates } })).await;
    }

    /// A zone is no more.
    pub(crate) async fn untax(&self, by: &Staff, zone: &str) {
        let query = format!(
            "mutation($id: ID!, $v: Int) {{ taxZoneDelete(id: $id, version: $v) {{ deletedTaxZoneId {ERRORS} }} }}"
        );
        let version = self.version_of(by, "taxZone", zone).await;
        self.staff_does(by, &query, json!({ "id": zone, "v": version })).await;
    }

    /// Reads taxes in, from a file or as the program brings them; gives what has become of them, or the refusals.
    pub(crate) async fn import_taxes(&self, by: &Staff, source: Value, dry_run: bool) -> Value {
        let query = format!(
            "mutation($i: TaxRatesImportInput!) {{ taxRatesImport(input: $i) {{
             import {{ categoriesMade dryRun rates zonesChanged zonesMade zonesUnchanged }} {ERRORS} }} }}"
        );
        let imported = self.ask_as(by, &query, json!({ "i": { "source": source, "dryRun": dry_run } })).await;
        imported.at("/taxRatesImport").clone()
    }

    /// The version of something that staff write, by its field of `admin`.
    pub(super) async fn version_of(&self, by: &Staff, field: &str, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ admin {{ {field}(id: $id) {{ version }} }} }}");
        let read = self.ask_as(by, &query, json!({ "id": id })).await;
        read.at(&format!("/admin/{field}/version")).clone()
    }
}
