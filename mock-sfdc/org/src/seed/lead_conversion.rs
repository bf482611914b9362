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
