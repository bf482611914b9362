//! From a fixture to an org: set-up first (every org has profiles, an administrator, the meanings of statuses and stages),
//! then people, queues, rules and connected apps, then records in an order that their references allow.
//!
//! All of it happens in one transaction, so a mistake leaves nothing half-loaded; it is reported with file, place, and what
//! was expected.

mod add;
mod currencies;
mod duplicates;
mod event_channels;
mod format;
mod identity;
mod lead_conversion;
mod list_views;
mod people;
mod profiles;
mod record_types;
mod records;
mod sharing;
mod standard;
mod standard_profiles;
#[cfg(test)]
mod tests;
mod validation;

use std::collections::BTreeMap;

use self::format::{Fixture, Package};
use crate::{
    clock::Clock,
    id::Id,
    nearest::nearest,
    org::Org,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::{PackageError, Schema, Source},
    settings::Settings,
    state::{State, Transaction},
    value::{DateTime, parse_date},
    verbs,
};

pub use self::{
    add::{Beside, Moment, add, set_meanings},
    identity::{as_sandbox, keep_hooks, rename_usernames, with_identity, with_organization_id},
    profiles::is_standard_profile,
    standard::{ADMINISTRATOR, administrator},
};

/// Finds a package of `fixtures/packages/` by its name: the file's name for messages, and its text.
pub type Packages<'a> = &'a dyn Fn(&str) -> Option<(String, String)>;

const SEEDING: DmlOptions = DmlOptions::seeding();

/// Builds the org that a fixture describes. `now` is when it was made, unless the fixture says when.
pub fn load(file: &str, json: &str, now: DateTime, packages: Packages<'_>) -> Result<State, PackageError> {
    load_beside(file, json, now, packages, &mut |_, _| {})
}

/// The same, with more at each moment of the making.
pub fn load_beside(
    file: &str,
    json: &str,
    now: DateTime,
    packages: Packages<'_>,
    beside: Beside<'_>,
) -> Result<State, PackageError> {
    let source = Source { file, json };
    let fixture: Fixture = serde_json::from_str(json).map_err(|error| source.syntax(&error))?;
    let schema = schema(&source, &fixture, packages)?;
    let settings = settings(&source, &fixture)?;
    let made = match &fixture.organization.seeded_at {
        None => now,
        Some(text) => moment(text).ok_or_else(|| {
            source.mistake(
                "organization.seededAt",
                format!("{text:?} is no moment such as 2026-01-05T09:00:00Z"),
            )
        })?,
    };
    let admin = administrator(&settings);
    let org = Org::new(State::empty(schema, settings), Clock::fixed(made), 0);
    org.transact(admin, |tx| {
        beside(Moment::Schema, tx);
        let grown = tx.state().schema().grown(&tx.state().settings().features);
        tx.set_schema(grown);
        let mut planting = Planting { tx, source, symbols: BTreeMap::new() };
        currencies::plant(&mut planting, &fixture)?;
        standard::plant(&mut planting, &fixture)?;
        sharing::plant_permission_set_groups(&mut planting, &fixture)?;
        list_views::plant(&mut planting)?;
        beside(Moment::BeforePeople, planting.tx);
        people::plant(&mut planting, &fixture)?;
        sharing::plant(&mut planting, &fixture)?;
        duplicates::plant(&mut planting, &fixture)?;
        lead_conversion::plant(&mut planting, &fixture)?;
        record_types::plant(&mut planting, &fixture)?;
        beside(Moment::AfterPeople, planting.tx);
        records::plant(&mut planting, &fixture)?;
        validation::plant(&mut planting, &fixture)?;
        event_channels::plant(&mut planting, &fixture)?;
        beside(Moment::AfterRecords, planting.tx);
        Ok(())
    })?;
    let mut state = State::clone(&org.snapshot());
    state.forget_history();
    Ok(state)
}

fn moment(text: &str) -> Option<DateTime> {
    let midnight = || parse_date(text).and_then(|date| DateTime::parse(&format!("{date}T00:00:00Z")));
    DateTime::parse(text).or_else(midnight)
}

fn schema(source: &Source<'_>, fixture: &Fixture, packages: Packages<'_>) -> Result<Schema, PackageError> {
    let features = &fixture.organization.features;
    let mut schema = Schema::standard().with_features(features);
    for (at, package) in fixture.packages.iter().enumerate() {
        schema = match package {
            Package::Named(name) => {
                let (file, json) = packages(name).ok_or_else(|| {
                    source.mistake(&format!("packages[{at}]"), format!("there is no package {name:?}"))
                })?;
                schema.load_package(&file, &json)?
            }
            Package::Inline(value) => {
                schema.load_package(&format!("{} packages[{at}]", source.file), &value.to_string())?
            }
        };
    }
    Ok(schema.grown(features))
}

fn settings(source: &Source<'_>, fixture: &Fixture) -> Result<Settings, PackageError> {
    let organization = &fixture.organization;
    if !(1..=12).contains(&organization.fiscal_year_start_month) {
        return Err(source.mistake("organization.fiscalYearStartMonth", "a month is 1 to 12"));
    }
    if jiff::tz::TimeZone::get(&organization.time_zone).is_err() {
        let problem = format!("{:?} is no time zone such as America/Los_Angeles", organization.time_zone);
        return Err(source.mistake("organization.timeZone", problem));
    }
    let mut settings = Settings {
        name: organization.name.clone(),
        edition: organization.edition,
        sandbox: organization.sandbox,
        my_domain: organization.my_domain.clone(),
        time_zone: organization.time_zone.clone(),
        locale: organization.locale.clone(),
        language: organization.language.clone(),
        currency: organization.currency.clone(),
        features: organization.features.clone(),
        fiscal_year_start_month: organization.fiscal_year_start_month,
        session_minutes: organization.session_minutes,
        streaming_enabled: organization.streaming_enabled,
        duplicate_result_spelt_right: organization.duplicate_result_spelt_right,
        enforce_ip_ranges_every_request: organization.enforce_ip_ranges_every_request,
        after_last_days: organization.after_last_days,
        limits: organization.limits.clone(),
        ..Settings::default()
    };
    let usual = settings.usual_daily_api_requests();
    settings.daily_api_requests = organization.daily_api_requests.unwrap_or(usual);
    Ok(settings)
}

/// A seed on its way into the org.
struct Planting<'a> {
    tx: &'a mut Transaction,
    source: Source<'a>,
    /// What `@name` stands for.
    symbols: BTreeMap<String, Id>,
}

impl Planting<'_> {
    /// Makes a set-up record of this org's own; a mistake in it is ours, and says so.
    fn set_up(&mut self, object: &str, values: &[(&str, Raw<'_>)]) -> Result<Id, PackageError> {
        self.create("", object, values)
    }

    /// Makes a record; `path` is where the fixture asks for it.
    fn create(&mut self, path: &str, object: &str, values: &[(&str, Raw<'_>)]) -> Result<Id, PackageError> {
        let Some(object) = self.tx.state().schema().object(object).cloned() else {
            return Err(self.unknown_object(path, object));
        };
        let mut draft = Draft::default();
        for (name, raw) in values {
            draft.set(&object, name, *raw).map_err(|error| {
                let message = error.into_record_error().message;
                self.source.mistake(&format!("{path}.{name}"), message)
            })?;
        }
        verbs::create(self.tx, &object, draft, &SEEDING).map_err(|errors| {
            let error = errors.first();
            let field = error.and_then(|error| error.fields.as_ref()?.first());
            let place = field.map_or_else(|| path.to_owned(), |field| format!("{path}.{field}"));
            self.source.mistake(&place, error.map(|error| error.message.clone()).unwrap_or_default())
        })
    }

    /// Says something anew of a record that is there.
    fn update(&mut self, path: &str, id: Id, values: &[(&str, Raw<'_>)]) -> Result<Id, PackageError> {
        let Some((object, _)) = self.tx.state().find(id) else { return Ok(id) };
        let object = object.clone();
        let mut draft = Draft::default();
        for (name, raw) in values {
            draft.set(&object, name, *raw).map_err(|error| {
                self.source.mistake(&format!("{path}.{name}"), error.into_record_error().message)
            })?;
        }
        verbs::update(self.tx, &object, id, draft, &SEEDING).map(|_| id).map_err(|errors| {
            let message = errors.first().map(|error| error.message.clone()).unwrap_or_default();
            self.source.mistake(path, message)
        })
    }

    fn unknown_object(&self, path: &str, object: &str) -> PackageError {
        let known = self.tx.state().schema().objects().map(|object| object.name.as_str()).collect::<Vec<_>>();
        let near = nearest(object, known);
        self.source.mistake(path, format!("the org has no object {object}{}", or(&near)))
    }

    /// Gives a record its symbolic name.
    fn name(&mut self, path: &str, symbol: Option<&str>, id: Id) -> Result<(), PackageError> {
        let Some(symbol) = symbol else { return Ok(()) };
        let symbol = symbol.trim_start_matches('@');
        if self.symbols.insert(symbol.to_owned(), id).is_some() {
            return Err(self
                .source
                .mistake(&format!("{path}.ref"), format!("@{symbol} names a record already")));
        }
        Ok(())
    }

    /// What `@name` stands for.
    fn resolve(&self, path: &str, text: &str) -> Result<Id, PackageError> {
        let symbol = text.trim_start_matches('@');
        self.symbols.get(symbol).copied().ok_or_else(|| {
            let near = nearest(symbol, self.symbols.keys().map(String::as_str));
            let near = near.iter().map(|name| format!("@{name}")).collect::<Vec<_>>();
            let near = near.iter().map(String::as_str).collect::<Vec<_>>();
            self.source.mistake(path, format!("nothing is named @{symbol}{}", or(&near)))
        })
    }
}

/// `; did you mean this or that?`, if there is anything to mean.
fn or(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}
