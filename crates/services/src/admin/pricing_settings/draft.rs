//! What a shop is to decide, held against what can be.

use crate::admin::{InputPlace, InputRefusal, Unfit, place::refuse};
use std::collections::BTreeSet;
use stoa_domain::{
    pricing::{DeliveryTax, GroupDeliveries, TaxBasis, TaxRounding},
    shared::{CountryCode, Place},
};
use stoa_persistence::pricing::{ServiceUse, ShopSettings};

/// Countries: more than there are.
const COUNTRIES: usize = 300;
/// Characters of a province, a postal code and a town.
const PROVINCE: usize = 32;
const ZIP: usize = 32;
const CITY: usize = 255;

/// What is to be other of what a shop has decided. `None` leaves it as it is; `Some(None)` leaves it to the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricingSettingsPatch {
    /// Where tax is rounded.
    pub tax_rounding: Option<Option<TaxRounding>>,
    /// Whether prices contain tax.
    pub prices_include_tax: Option<Option<bool>>,
    /// Whose taxes are charged.
    pub tax_basis: Option<Option<TaxBasis>>,
    /// The countries whose buyers pay the shop's taxes: all of them.
    pub origin_countries: Option<BTreeSet<CountryCode>>,
    /// How delivery is taxed.
    pub delivery_tax: Option<Option<DeliveryTax>>,
    /// What is delivered together.
    pub group_deliveries: Option<Option<GroupDeliveries>>,
    /// Where the shop is.
    pub home: Option<Option<Place>>,
    /// Whether a service is asked for taxes.
    pub tax_service: Option<Option<ServiceUse>>,
    /// Whether carriers are asked for rates.
    pub carrier_service: Option<Option<ServiceUse>>,
}

impl PricingSettingsPatch {
    /// What is decided, with what is to be other.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn over(&self, known: &ShopSettings) -> Result<ShopSettings, InputRefusal> {
        let home = match &self.home {
            Some(Some(home)) => Some(checked(home)?),
            Some(None) => None,
            None => known.home.clone(),
        };
        let to = ShopSettings {
            tax_rounding: self.tax_rounding.unwrap_or(known.tax_rounding),
            prices_include_tax: self.prices_include_tax.unwrap_or(known.prices_include_tax),
            tax_basis: self.tax_basis.unwrap_or(known.tax_basis),
            origin_countries: self.origin_countries.clone().unwrap_or_else(|| known.origin_countries.clone()),
            delivery_tax: self.delivery_tax.unwrap_or(known.delivery_tax),
            group_deliveries: self.group_deliveries.unwrap_or(known.group_deliveries),
            home,
            tax_service: self.tax_service.unwrap_or(known.tax_service),
            carrier_service: self.carrier_service.unwrap_or(known.carrier_service),
        };
        let many = to.origin_countries.len() > COUNTRIES;
        refuse(many, || InputPlace::field("originCountries"), Unfit::TooMany { max: COUNTRIES })?;
        let is_nowhere = to.tax_basis == Some(TaxBasis::Origin) && to.home.is_none();
        let why = Unfit::Unlike("taxes of where the shop is need to know where it is: say its home as well");
        refuse(is_nowhere, || InputPlace::field("taxBasis"), why)?;
        Ok(to)
    }
}

/// Where the shop is, without the space around what is said of it.
fn checked(home: &Place) -> Result<Place, InputRefusal> {
    let part = |text: &Option<Box<str>>, field: &'static str, max: usize| {
        let text: Option<String> =
            text.as_deref().map(|text| text.trim().chars().filter(|c| *c != '\0').collect());
        let text = text.filter(|text| !text.is_empty());
        let is_long = text.as_ref().is_some_and(|text| text.chars().count() > max);
        refuse(is_long, || InputPlace::field("home").then(field), Unfit::TooLong { max })?;
        Ok::<_, InputRefusal>(text.map(Box::from))
    };
    Ok(Place {
        country: home.country,
        province: part(&home.province, "provinceCode", PROVINCE)?
            .map(|text| Place::province_of(home.country, &text)),
        zip: part(&home.zip, "zip", ZIP)?,
        city: part(&home.city, "city", CITY)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(country: &str) -> Place {
        Place::somewhere_in(CountryCode::parse(country).unwrap())
    }

    #[test]
    fn what_is_left_out_stays() {
        let known = ShopSettings {
            tax_rounding: Some(TaxRounding::Total),
            home: Some(place("DE")),
            tax_service: Some(ServiceUse::OrRefuse),
            ..ShopSettings::default()
        };
        assert_eq!(PricingSettingsPatch::default().over(&known).unwrap(), known);
        let patch = PricingSettingsPatch {
            tax_rounding: Some(None),
            prices_include_tax: Some(Some(false)),
            ..PricingSettingsPatch::default()
        };
        let to = patch.over(&known).unwrap();
        assert_eq!((to.tax_rounding, to.prices_include_tax), (None, Some(false)));
        assert_eq!((to.home, to.tax_service), (known.home, known.tax_service));
    }

    #[test]
    fn taxes_of_the_shops_place_need_a_place() {
        let origin = PricingSettingsPatch { tax_basis: Some(Some(TaxBasis::Origin)), ..Default::default() };
        let refused = origin.over(&ShopSettings::default()).unwrap_err();
        assert_eq!(refused.at, InputPlace::field("taxBasis"));
        let both = PricingSettingsPatch { home: Some(Some(place("US"))), ..origin };
        let known = both.over(&ShopSettings::default()).unwrap();
        let gone = PricingSettingsPatch { home: Some(None), ..Default::default() };
        assert_eq!(gone.over(&known).unwrap_err().at, InputPlace::field("taxBasis"));
    }

    #[test]
    fn a_place_is_no_longer_than_its_columns() {
        let far = |zip: &str| {
            let home = Place { zip: Some(zip.into()), province: Some("  ".into()), ..place("DE") };
            PricingSettingsPatch { home: Some(Some(home)), ..Default::default() }
        };
        let home = far(" 10115\0 ").over(&ShopSettings::default()).unwrap().home.unwrap();
        assert_eq!((home.zip.as_deref(), home.province), (Some("10115"), None));
        let refused = far(&"1".repeat(ZIP + 1)).over(&ShopSettings::default()).unwrap_err();
        assert_eq!(refused.at, InputPlace::field("home").then("zip"));
    }
}
