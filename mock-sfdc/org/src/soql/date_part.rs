//! `CALENDAR_YEAR`, `DAY_ONLY` and the other functions that take one part of a date; `contract/soql.md` section 2.

use jiff::civil::{Date, Weekday};

use super::date_literals::Calendar;
use super::expr::Fetched;
use crate::value::{DateTime, Value};

/// `CALENDAR_YEAR` and its relatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    CalendarMonth,
    CalendarQuarter,
    CalendarYear,
    DayInMonth,
    DayInWeek,
    DayInYear,
    DayOnly,
    FiscalMonth,
    FiscalQuarter,
    FiscalYear,
    HourInDay,
    WeekInMonth,
    WeekInYear,
}

impl DatePart {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "CALENDAR_MONTH" => Self::CalendarMonth,
            "CALENDAR_QUARTER" => Self::CalendarQuarter,
            "CALENDAR_YEAR" => Self::CalendarYear,
            "DAY_IN_MONTH" => Self::DayInMonth,
            "DAY_IN_WEEK" => Self::DayInWeek,
            "DAY_IN_YEAR" => Self::DayInYear,
            "DAY_ONLY" => Self::DayOnly,
            "FISCAL_MONTH" => Self::FiscalMonth,
            "FISCAL_QUARTER" => Self::FiscalQuarter,
            "FISCAL_YEAR" => Self::FiscalYear,
            "HOUR_IN_DAY" => Self::HourInDay,
            "WEEK_IN_MONTH" => Self::WeekInMonth,
            "WEEK_IN_YEAR" => Self::WeekInYear,
            _ => return None,
        })
    }

    fn of(self, day: Date, hour: i8, fiscal_year_start: i8) -> Fetched<'static> {
        let month = i64::from(day.month());
        let since_fiscal = (month - i64::from(fiscal_year_start)).rem_euclid(12);
        let fiscal_shift = i64::from(fiscal_year_start > 1 && month >= i64::from(fiscal_year_start));
        let week = |day: i16| (i64::from(day) - 1) / 7 + 1;
        Fetched::Whole(match self {
            Self::DayOnly => return Fetched::Day(day),
            Self::CalendarMonth => month,
            Self::CalendarQuarter => (month - 1) / 3 + 1,
            Self::CalendarYear => i64::from(day.year()),
            Self::DayInMonth => i64::from(day.day()),
            Self::DayInWeek => i64::from(day.weekday().since(Weekday::Sunday)) + 1,
            Self::DayInYear => i64::from(day.day_of_year()),
            Self::FiscalMonth => since_fiscal + 1,
            Self::FiscalQuarter => since_fiscal / 3 + 1,
            // A fiscal year is named after the year in which it ends.
            Self::FiscalYear => i64::from(day.year()) + fiscal_shift,
            Self::HourInDay => i64::from(hour),
            Self::WeekInMonth => week(i16::from(day.day())),
            Self::WeekInYear => week(day.day_of_year()),
        })
    }

    /// A moment is read in UTC unless `convertTimezone` asks for the user's zone.
    pub fn apply(self, value: Fetched<'_>, local: bool, calendar: &Calendar) -> Fetched<'static> {
        match value {
            Fetched::Value(Value::Date(day)) => self.of(*day, 0, calendar.fiscal_year_start),
            Fetched::Value(Value::DateTime(moment)) => {
                let at = calendar.civil(*moment, local);
                self.of(at.date(), at.hour(), calendar.fiscal_year_start)
            }
            _ => Fetched::Null,
        }
    }
}

impl Calendar {
    fn civil(&self, moment: DateTime, local: bool) -> jiff::civil::DateTime {
        if local {
            self.time_zone.to_datetime(moment.timestamp())
        } else {
            jiff::tz::Offset::UTC.to_datetime(moment.timestamp())
        }
    }
}
