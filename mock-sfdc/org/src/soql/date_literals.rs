//! The 44 date literals: `TODAY`, `LAST_N_FISCAL_QUARTERS:3` and the rest, as ranges of days.
//!
//! Which day today is depends on the user's time zone, which quarter on the org's fiscal year, which week on the locale:
//! all three are handed in. `contract/soql.md` section 2 has the rules, and its reading of `LAST_N_YEARS`.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::settings::AfterLastDays;

/// A literal without its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateLiteral {
    which: Which,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// One whole unit: -1 the last, 0 this, 1 the next.
    One(i64),
    Last90,
    Next90,
    LastN,
    NextN,
    NAgo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    FiscalQuarter,
    FiscalYear,
}

const UNITS: [(&str, Unit); 7] = [
    ("DAY", Unit::Day),
    ("WEEK", Unit::Week),
    ("MONTH", Unit::Month),
    ("QUARTER", Unit::Quarter),
    ("YEAR", Unit::Year),
    ("FISCAL_QUARTER", Unit::FiscalQuarter),
    ("FISCAL_YEAR", Unit::FiscalYear),
];

/// Everything that decides which days a literal means.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub now_ms: i64,
    pub time_zone: TimeZone,
    /// The locale's first day of the week.
    pub week_start: Weekday,
    /// The first month of the org's fiscal year, 1 to 12.
    pub fiscal_year_start: i8,
    pub after_last_days: AfterLastDays,
}

impl Calendar {
    /// UTC, weeks from Sunday, fiscal years from January.
    #[must_use]
    pub fn utc(now_ms: i64) -> Self {
        Self {
            now_ms,
            time_zone: TimeZone::UTC,
            week_start: Weekday::Sunday,
            fiscal_year_start: 1,
            after_last_days: AfterLastDays::default(),
        }
    }

    /// The day it is where the user is.
    #[must_use]
    pub fn today(&self) -> Date {
        self.day_of(self.now_ms)
    }

    /// The user's day at an instant.
    #[must_use]
    pub fn day_of(&self, ms: i64) -> Date {
        let instant = Timestamp::from_millisecond(ms).unwrap_or_default();
        self.time_zone.to_datetime(instant).date()
    }

    /// The instant at which a day begins for the user.
    #[must_use]
    pub fn start_ms(&self, day: Date) -> i64 {
        day.to_zoned(self.time_zone.clone()).map_or_else(
            |_| if day < EARLIEST { i64::MIN } else { i64::MAX },
            |zoned| zoned.timestamp().as_millisecond(),
        )
    }
}

/// Days from `start` up to, and without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub start: Date,
    pub end: Date,
    /// For a datetime the range ends now and not at midnight: `LAST_N_DAYS`.
    pub until_now: bool,
}

/// Salesforce's own bounds, `contract/soql.md` section 1: ranges that leave them are cut.
const EARLIEST: Date = jiff::civil::date(1700, 1, 1);
const LATEST: Date = jiff::civil::date(4001, 1, 1);
/// Keeps arithmetic on counts away from overflow; far more units than the bounds above have room for.
const MAX_COUNT: i64 = 1_000_000;

impl DateLiteral {
    /// Finds a literal by its name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let upper = name.to_ascii_uppercase();
        let day = |which| Some(Self { which, unit: Unit::Day });
        match upper.as_str() {
            "YESTERDAY" => return day(Which::One(-1)),
            "TODAY" => return day(Which::One(0)),
            "TOMORROW" => return day(Which::One(1)),
            "LAST_90_DAYS" => return day(Which::Last90),
            "NEXT_90_DAYS" => return day(Which::Next90),
            _ => {}
        }
        let unit = |word: &str| UNITS.iter().find(|(name, _)| *name == word).map(|(_, unit)| *unit);
        let plural = |word: &str| word.strip_suffix('S').and_then(unit);
        let (which, unit) = if let Some(rest) = upper.strip_prefix("LAST_N_") {
            (Which::LastN, plural(rest)?)
        } else if let Some(rest) = upper.strip_prefix("NEXT_N_") {
            (Which::NextN, plural(rest)?)
        } else if let Some(rest) = upper.strip_prefix("N_") {
            (Which::NAgo, plural(rest.strip_suffix("_AGO")?)?)
        } else {
            let (word, rest) = upper.split_once('_')?;
            let offset = match word {
                "LAST" => -1,
                "THIS" => 0,
                "NEXT" => 1,
                _ => return None,
            };
            (Which::One(offset), unit(rest).filter(|unit| *unit != Unit::Day)?)
        };
        Some(Self { which, unit })
    }

    /// Whether `:n` belongs to it.
    #[must_use]
    pub fn counted(self) -> bool {
        matches!(self.which, Which::LastN | Which::NextN | Which::NAgo)
    }

    /// The days that it means now; `count` is the number after the colon.
    #[must_use]
    pub fn days(self, count: i64, calendar: &Calendar) -> Days {
        let count = count.clamp(0, MAX_COUNT);
        let unit = self.unit;
        let at = |offset: i64| unit.start(calendar, offset);
        let (start, end) = match self.which {
            Which::One(offset) => (at(offset), at(offset + 1)),
            Which::Last90 => (at(-90), at(1)),
            Which::Next90 => (at(1), at(91)),
            // Days count today, the other units leave the current one out.
            Which::LastN if unit == Unit::Day => (at(-count), at(1)),
            Which::LastN => (at(-count), at(0)),
            Which::NextN => (at(1), at(count + 1)),
            Which::NAgo => (at(-count), at(1 - count)),
        };
        let until_now = matches!((self.which, unit), (Which::Last90 | Which::LastN, Unit::Day));
        Days { start, end, until_now }
    }
}

impl Unit {
    /// The first day of the unit that lies `offset` units from the current one.
    fn start(self, calendar: &Calendar, offset: i64) -> Date {
        let today = calendar.today();
        let fiscal = i64::from(calendar.fiscal_year_start.clamp(1, 12)) - 1;
        match self {
            Self::Day => plus_days(today, offset),
            Self::Week => {
                let into_week = i64::from(today.weekday().since(calendar.week_start));
                plus_days(today, offset * 7 - into_week)
            }
            Self::Month => month_start(today, 1, 0, offset),
            Self::Quarter => month_start(today, 3, 0, offset),
            Self::Year => month_start(today, 12, 0, offset),
            Self::FiscalQuarter => month_start(today, 3, fiscal, offset),
            Self::FiscalYear => month_start(today, 12, fiscal, offset),
        }
    }
}

fn plus_days(day: Date, days: i64) -> Date {
    let bound = if days < 0 { EARLIEST } else { LATEST };
    let span = jiff::Span::new().try_days(days).ok();
    span.and_then(|span| day.checked_add(span).ok()).unwrap_or(bound).clamp(EARLIEST, LATEST)
}

/// The first day of the period of `length` months, counted from month `shift` of a year, `offset` periods away.
fn month_start(day: Date, length: i64, shift: i64, offset: i64) -> Date {
    let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 - shift;
    let first = (month.div_euclid(length) + offset) * length + shift;
    let year = i16::try_from(first.div_euclid(12)).ok();
    let month = i8::try_from(first.rem_euclid(12) + 1).unwrap_or(1);
    let bound = if offset < 0 { EARLIEST } else { LATEST };
    year.and_then(|year| Date::new(year, month, 1).ok()).unwrap_or(bound).clamp(EARLIEST, LATEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday, 2026-04-15, 12:00 UTC.
    fn calendar() -> Calendar {
        Calendar { fiscal_year_start: 2, ..Calendar::utc(1_776_254_400_000) }
    }

    fn days(text: &str) -> String {
        let (name, count) = text.split_once(':').unwrap_or((text, "0"));
        let days = DateLiteral::named(name).unwrap().days(count.parse().unwrap(), &calendar());
        format!("{} {}", days.start, days.end.yesterday().unwrap())
    }

    #[test]
    fn each_literal_means_its_days() {
        for (literal, expected) in [
            ("YESTERDAY", "2026-04-14 2026-04-14"),
            ("today", "2026-04-15 2026-04-15"),
            ("TOMORROW", "2026-04-16 2026-04-16"),
            ("LAST_WEEK", "2026-04-05 2026-04-11"),
            ("THIS_WEEK", "2026-04-12 2026-04-18"),
            ("NEXT_WEEK", "2026-04-19 2026-04-25"),
            ("LAST_MONTH", "2026-03-01 2026-03-31"),
            ("THIS_MONTH", "2026-04-01 2026-04-30"),
            ("NEXT_MONTH", "2026-05-01 2026-05-31"),
            ("LAST_90_DAYS", "2026-01-15 2026-04-15"),
            ("NEXT_90_DAYS", "2026-04-16 2026-07-14"),
            ("LAST_N_DAYS:5", "2026-04-10 2026-04-15"),
            ("LAST_N_DAYS:0", "2026-04-15 2026-04-15"),
            ("NEXT_N_DAYS:5", "2026-04-16 2026-04-20"),
            ("N_DAYS_AGO:5", "2026-04-10 2026-04-10"),
            ("LAST_N_WEEKS:2", "2026-03-29 2026-04-11"),
            ("NEXT_N_WEEKS:2", "2026-04-19 2026-05-02"),
            ("N_WEEKS_AGO:2", "2026-03-29 2026-04-04"),
            ("LAST_N_MONTHS:4", "2025-12-01 2026-03-31"),
            ("NEXT_N_MONTHS:1", "2026-05-01 2026-05-31"),
            ("N_MONTHS_AGO:4", "2025-12-01 2025-12-31"),
            ("THIS_QUARTER", "2026-04-01 2026-06-30"),
            ("LAST_QUARTER", "2026-01-01 2026-03-31"),
            ("NEXT_QUARTER", "2026-07-01 2026-09-30"),
            ("LAST_N_QUARTERS:2", "2025-10-01 2026-03-31"),
            ("NEXT_N_QUARTERS:2", "2026-07-01 2026-12-31"),
            ("N_QUARTERS_AGO:2", "2025-10-01 2025-12-31"),
            ("THIS_YEAR", "2026-01-01 2026-12-31"),
            ("LAST_YEAR", "2025-01-01 2025-12-31"),
            ("NEXT_YEAR", "2027-01-01 2027-12-31"),
            ("LAST_N_YEARS:5", "2021-01-01 2025-12-31"),
            ("NEXT_N_YEARS:5", "2027-01-01 2031-12-31"),
            ("N_YEARS_AGO:5", "2021-01-01 2021-12-31"),
            ("THIS_FISCAL_QUARTER", "2026-02-01 2026-04-30"),
            ("LAST_FISCAL_QUARTER", "2025-11-01 2026-01-31"),
            ("NEXT_FISCAL_QUARTER", "2026-05-01 2026-07-31"),
            ("LAST_N_FISCAL_QUARTERS:2", "2025-08-01 2026-01-31"),
            ("NEXT_N_FISCAL_QUARTERS:1", "2026-05-01 2026-07-31"),
            ("N_FISCAL_QUARTERS_AGO:1", "2025-11-01 2026-01-31"),
            ("THIS_FISCAL_YEAR", "2026-02-01 2027-01-31"),
            ("LAST_FISCAL_YEAR", "2025-02-01 2026-01-31"),
            ("NEXT_FISCAL_YEAR", "2027-02-01 2028-01-31"),
            ("LAST_N_FISCAL_YEARS:2", "2024-02-01 2026-01-31"),
            ("NEXT_N_FISCAL_YEARS:2", "2027-02-01 2029-01-31"),
            ("N_FISCAL_YEARS_AGO:2", "2024-02-01 2025-01-31"),
        ] {
            assert_eq!(days(literal), expected, "{literal}");
        }
    }

    #[test]
    fn no_other_word_is_a_literal() {
        for word in
            ["LAST_DAY", "THIS_DAY", "LAST_N_DAY", "N_DAYS", "LAST_N_", "FOO", "LAST_90_WEEKS", "N__AGO", ""]
        {
            assert_eq!(DateLiteral::named(word), None, "{word}");
        }
    }

    #[test]
    fn counts_without_end_stop_at_the_bounds() {
        assert_eq!(days("LAST_N_DAYS:99999999999"), "1700-01-01 2026-04-15");
        assert_eq!(days("NEXT_N_YEARS:99999999999"), "2027-01-01 4000-12-31");
        assert_eq!(days("N_FISCAL_QUARTERS_AGO:99999999999"), "1700-01-01 1699-12-31");
    }

    #[test]
    fn today_is_the_users_day() {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::fixed(jiff::tz::offset(9)));
        let late = Calendar { time_zone: tokyo, ..Calendar::utc(1_776_268_800_000) };
        assert_eq!(late.today().to_string(), "2026-04-16");
        assert_eq!(late.start_ms(late.today()), 1_776_265_200_000);
    }
}
