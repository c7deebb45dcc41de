//! The countries of ISO 3166-1 with their English names, in the order in which a person looks for one.

use minijinja::{Value, context};
use stoa_domain::shared::CountryCode;

/// Code and name of every country.
pub(crate) fn all() -> impl Iterator<Item = (CountryCode, &'static str)> {
    COUNTRIES.into_iter().filter_map(|(code, name)| Some((CountryCode::parse(code)?, name)))
}

/// Those on offer, for a template to choose from: a list of `{ code, name, selected }`.
pub(crate) fn choices(selected: &str, on_offer: impl Fn(CountryCode) -> bool) -> Vec<Value> {
    let offered = all().filter(|(code, _)| on_offer(*code));
    offered
        .map(|(code, name)| {
            let code = code.to_string();
            context! { selected => code == selected, code, name }
        })
        .collect()
}

/// Its name; the code itself where we know none.
pub(crate) fn name(country: CountryCode) -> String {
    let known = all().find(|(code, _)| *code == country);
    known.map_or_else(|| country.to_string(), |(_, name)| name.to_owned())
}

#[rustfmt::skip]
const COUNTRIES: [(&str, &str); 249] = [
    ("AF", "Afghanistan"), ("AX", "Åland Islands"), ("AL", "Albania"), ("DZ", "Algeria"),
    ("AS", "American Samoa"), ("AD", "Andorra"), ("AO", "Angola"), ("AI", "Anguilla"), ("AQ", "Antarctica"),
    ("AG", "Antigua & Barbuda"), ("AR", "Argentina"), ("AM", "Armenia"), ("AW", "Aruba"),
    ("AU", "Australia"), ("AT", "Austria"), ("AZ", "Azerbaijan"), ("BS", "Bahamas"), ("BH", "Bahrain"),
    ("BD", "Bangladesh"), ("BB", "Barbados"), ("BY", "Belarus"), ("BE", "Belgium"), ("BZ", "Belize"),
    ("BJ", "Benin"), ("BM", "Bermuda"), ("BT", "Bhutan"), ("BO", "Bolivia"), ("BA", "Bosnia & Herzegovina"),
    ("BW", "Botswana"), ("BV", "Bouvet Island"), ("BR", "Brazil"), ("IO", "British Indian Ocean Territory"),
    ("BN", "Brunei"), ("BG", "Bulgaria"), ("BF", "Burkina Faso"), ("BI", "Burundi"), ("KH", "Cambodia"),
    ("CM", "Cameroon"), ("CA", "Canada"), ("CV", "Cape Verde"), ("BQ", "Caribbean Netherlands"),
    ("KY", "Cayman Islands"), ("CF", "Central African Republic"), ("TD", "Chad"), ("CL", "Chile"),
    ("CN", "China"), ("CX", "Christmas Island"), ("CC", "Cocos (Keeling) Islands"), ("CO", "Colombia"),
    ("KM", "Comoros"), ("CG", "Congo (Brazzaville)"), ("CD", "Congo (Kinshasa)"), ("CK", "Cook Islands"),
    ("CR", "Costa Rica"), ("CI", "Côte d’Ivoire"), ("HR", "Croatia"), ("CU", "Cuba"), ("CW", "Curaçao"),
    ("CY", "Cyprus"), ("CZ", "Czech Republic"), ("DK", "Denmark"), ("DJ", "Djibouti"), ("DM", "Dominica"),
    ("DO", "Dominican Republic"), ("TL", "East Timor"), ("EC", "Ecuador"), ("EG", "Egypt"),
    ("SV", "El Salvador"), ("GQ", "Equatorial Guinea"), ("ER", "Eritrea"), ("EE", "Estonia"),
    ("SZ", "Eswatini"), ("ET", "Ethiopia"), ("FK", "Falkland Islands"), ("FO", "Faroe Islands"),
    ("FJ", "Fiji"), ("FI", "Finland"), ("FR", "France"), ("GF", "French Guiana"),
    ("PF", "French Polynesia"), ("TF", "French Southern Territories"), ("GA", "Gabon"), ("GM", "Gambia"),
    ("GE", "Georgia"), ("DE", "Germany"), ("GH", "Ghana"), ("GI", "Gibraltar"), ("GR", "Greece"),
    ("GL", "Greenland"), ("GD", "Grenada"), ("GP", "Guadeloupe"), ("GU", "Guam"), ("GT", "Guatemala"),
    ("GG", "Guernsey"), ("GN", "Guinea"), ("GW", "Guinea-Bissau"), ("GY", "Guyana"), ("HT", "Haiti"),
    ("HM", "Heard Island & McDonald Islands"), ("HN", "Honduras"), ("HK", "Hong Kong"), ("HU", "Hungary"),
    ("IS", "Iceland"), ("IN", "India"), ("ID", "Indonesia"), ("IR", "Iran"), ("IQ", "Iraq"),
    ("IE", "Ireland"), ("IM", "Isle of Man"), ("IL", "Israel"), ("IT", "Italy"), ("JM", "Jamaica"),
    ("JP", "Japan"), ("JE", "Jersey"), ("JO", "Jordan"), ("KZ", "Kazakhstan"), ("KE", "Kenya"),
    ("KI", "Kiribati"), ("KW", "Kuwait"), ("KG", "Kyrgyzstan"), ("LA", "Laos"), ("LV", "Latvia"),
    ("LB", "Lebanon"), ("LS", "Lesotho"), ("LR", "Liberia"), ("LY", "Libya"), ("LI", "Liechtenstein"),
    ("LT", "Lithuania"), ("LU", "Luxembourg"), ("MO", "Macau"), ("MG", "Madagascar"), ("MW", "Malawi"),
    ("MY", "Malaysia"), ("MV", "Maldives"), ("ML", "Mali"), ("MT", "Malta"), ("MH", "Marshall Islands"),
    ("MQ", "Martinique"), ("MR", "Mauritania"), ("MU", "Mauritius"), ("YT", "Mayotte"), ("MX", "Mexico"),
    ("FM", "Micronesia"), ("MD", "Moldova"), ("MC", "Monaco"), ("MN", "Mongolia"), ("ME", "Montenegro"),
    ("MS", "Montserrat"), ("MA", "Morocco"), ("MZ", "Mozambique"), ("MM", "Myanmar"), ("NA", "Namibia"),
    ("NR", "Nauru"), ("NP", "Nepal"), ("NL", "Netherlands"), ("NC", "New Caledonia"), ("NZ", "New Zealand"),
    ("NI", "Nicaragua"), ("NE", "Niger"), ("NG", "Nigeria"), ("NU", "Niue"), ("NF", "Norfolk Island"),
    ("KP", "North Korea"), ("MK", "North Macedonia"), ("MP", "Northern Mariana Islands"), ("NO", "Norway"),
    ("OM", "Oman"), ("PK", "Pakistan"), ("PW", "Palau"), ("PS", "Palestine"), ("PA", "Panama"),
    ("PG", "Papua New Guinea"), ("PY", "Paraguay"), ("PE", "Peru"), ("PH", "Philippines"),
    ("PN", "Pitcairn"), ("PL", "Poland"), ("PT", "Portugal"), ("PR", "Puerto Rico"), ("QA", "Qatar"),
    ("RE", "Réunion"), ("RO", "Romania"), ("RU", "Russia"), ("RW", "Rwanda"), ("WS", "Samoa"),
    ("SM", "San Marino"), ("ST", "Sao Tome & Principe"), ("SA", "Saudi Arabia"), ("SN", "Senegal"),
    ("RS", "Serbia"), ("SC", "Seychelles"), ("SL", "Sierra Leone"), ("SG", "Singapore"), ("SK", "Slovakia"),
    ("SI", "Slovenia"), ("SB", "Solomon Islands"), ("SO", "Somalia"), ("ZA", "South Africa"),
    ("GS", "South Georgia & the South Sandwich Islands"), ("KR", "South Korea"), ("SS", "South Sudan"),
    ("ES", "Spain"), ("LK", "Sri Lanka"), ("BL", "St Barthélemy"), ("SH", "St Helena"),
    ("KN", "St Kitts & Nevis"), ("LC", "St Lucia"), ("SX", "St Maarten (Dutch)"),
    ("MF", "St Martin (French)"), ("PM", "St Pierre & Miquelon"), ("VC", "St Vincent"), ("SD", "Sudan"),
    ("SR", "Suriname"), ("SJ", "Svalbard & Jan Mayen"), ("SE", "Sweden"), ("CH", "Switzerland"),
    ("SY", "Syria"), ("TW", "Taiwan"), ("TJ", "Tajikistan"), ("TZ", "Tanzania"), ("TH", "Thailand"),
    ("TG", "Togo"), ("TK", "Tokelau"), ("TO", "Tonga"), ("TT", "Trinidad & Tobago"), ("TN", "Tunisia"),
    ("TR", "Türkiye"), ("TM", "Turkmenistan"), ("TC", "Turks & Caicos Islands"), ("TV", "Tuvalu"),
    ("UG", "Uganda"), ("UA", "Ukraine"), ("AE", "United Arab Emirates"), ("GB", "United Kingdom"),
    ("US", "United States"), ("UY", "Uruguay"), ("UM", "US Minor Outlying Islands"), ("UZ", "Uzbekistan"),
    ("VU", "Vanuatu"), ("VA", "Vatican City"), ("VE", "Venezuela"), ("VN", "Vietnam"),
    ("VG", "Virgin Islands (UK)"), ("VI", "Virgin Islands (US)"), ("WF", "Wallis & Futuna"),
    ("EH", "Western Sahara"), ("YE", "Yemen"), ("ZM", "Zambia"), ("ZW", "Zimbabwe"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_there_once() {
        let mut codes: Vec<String> = all().map(|(code, _)| code.to_string()).collect();
        assert_eq!(codes.len(), COUNTRIES.len(), "every code is one");
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), COUNTRIES.len(), "no code is there twice");
    }

    #[test]
    fn a_country_without_a_name_is_called_by_its_code() {
        assert_eq!(name(CountryCode::parse("DE").unwrap()), "Germany");
        assert_eq!(name(CountryCode::parse("ZZ").unwrap()), "ZZ");
    }
}
