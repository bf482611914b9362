//! What a fixture says of lead conversion.

use super::{Planting, format::Fixture};
use crate::{rules::lead_conversion::LeadConversion, schema::PackageError};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    let settings = fixture.lead_convert_settings.clone().unwrap_or_default();
    settings.check(planting.tx.state().schema()).map_err(|(place, problem)| {
        planting.source.mistake(&format!("leadConvertSettings.{place}"), problem)
    })?;
    let require_validation = fixture.lead_config_settings.should_lead_convert_require_validation;
    planting.tx.rules_mut().set_lead_conversion(LeadConversion { settings, require_validation });
    Ok(())
}

/// The same for an org that stands: what is not said stays.
pub fn add(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    let Some(settings) = fixture.lead_convert_settings.clone() else { return Ok(()) };
    settings.check(planting.tx.state().schema()).map_err(|(place, problem)| {
        planting.source.mistake(&format!("leadConvertSettings.{place}"), problem)
    })?;
    let require_validation = planting.tx.state().rules().lead_conversion().require_validation;
    planting.tx.rules_mut().set_lead_conversion(LeadConversion { settings, require_validation });
    Ok(())
}
