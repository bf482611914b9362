//! The currencies of an org: its own, which is the corporate one, and those that the fixture brings.

use super::{Planting, format::Fixture};
use crate::{save::coerce::Raw, schema::PackageError, settings::Feature};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    if !fixture.organization.features.contains(&Feature::MultiCurrency) {
        let said = [
            ("currencies", fixture.currencies.is_empty()),
            ("datedConversionRates", fixture.dated_conversion_rates.is_empty()),
        ];
        return match said.iter().find(|(_, empty)| !empty) {
            Some((key, _)) => {
                let problem =
                    "an org of one currency has none of these: organization.features names MultiCurrency";
                Err(planting.source.mistake(key, problem))
            }
            None => Ok(()),
        };
    }
    let corporate = planting.tx.state().settings().currency.clone();
    currency(planting, "organization.currency", &corporate, "1", 2, (true, true))?;
    for (at, one) in fixture.currencies.iter().enumerate() {
        let path = format!("currencies[{at}]");
        if one.iso_code == corporate {
            return Err(planting
                .source
                .mistake(&path, format!("{corporate} is the org's own currency already")));
        }
        let rate = one.conversion_rate.to_string();
        currency(planting, &path, &one.iso_code, &rate, one.decimal_places, (one.is_active, false))?;
    }
    for (at, one) in fixture.dated_conversion_rates.iter().enumerate() {
        let rate = one.conversion_rate.to_string();
        let row = [
            ("IsoCode", Raw::Text(&one.iso_code)),
            ("StartDate", Raw::Text(&one.start_date)),
            ("ConversionRate", Raw::Number(&rate)),
        ];
        planting.create(&format!("datedConversionRates[{at}]"), "DatedConversionRate", &row)?;
    }
    Ok(())
}

fn currency(
    planting: &mut Planting<'_>,
    path: &str,
    code: &str,
    rate: &str,
    places: u8,
    (active, corporate): (bool, bool),
) -> Result<(), PackageError> {
    let places = places.to_string();
    let row = [
        ("IsoCode", Raw::Text(code)),
        ("ConversionRate", Raw::Number(rate)),
        ("DecimalPlaces", Raw::Number(&places)),
        ("IsActive", Raw::Bool(active)),
        ("IsCorporate", Raw::Bool(corporate)),
    ];
    planting.create(path, "CurrencyType", &row).map(drop)
}
