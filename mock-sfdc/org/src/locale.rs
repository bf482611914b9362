//! How people of a locale read numbers, amounts, dates and times: what SOQL's `FORMAT()` shows, and on which day their week
//! begins (`contract/soql.md` section 2). A locale that is not in [`LOCALES`] is refused by whoever needs one.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time, Weekday};
use rust_decimal::{Decimal, RoundingStrategy};

/// Where the sign of a currency stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Before,
    /// Behind a space that never breaks.
    After,
}

/// One locale, named as `User.LocaleSidKey` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    pub name: &'static str,
    group: &'static str,
    decimal: &'static str,
    sign: Sign,
    /// `y`, `m` and `d` stand for the parts as they are, doubled for two digits.
    date: &'static str,
    /// Between the date and the time.
    joint: &'static str,
    /// Hours to twelve, with AM and PM.
    half_days: bool,
    /// The sign of the yen is a wide one in Japan.
    yen: &'static str,
    pub week_start: Weekday,
}

/// All that are known.
pub const LOCALES: [Locale; 5] = [
    Locale {
        name: "en_US",
        group: ",",
        decimal: ".",
        sign: Sign::Before,
        date: "m/d/y",
        joint: ", ",
        half_days: true,
        yen: "¥",
        week_start: Weekday::Sunday,
    },
    Locale {
        name: "en_GB",
        group: ",",
        decimal: ".",
        sign: Sign::Before,
        date: "dd/mm/y",
        joint: ", ",
        half_days: false,
        yen: "¥",
        week_start: Weekday::Monday,
    },
    Locale {
        name: "de_DE",
        group: ".",
        decimal: ",",
        sign: Sign::After,
        date: "dd.mm.y",
        joint: ", ",
        half_days: false,
        yen: "¥",
        week_start: Weekday::Monday,
    },
    Locale {
        name: "fr_FR",
        group: "\u{202f}",
        decimal: ",",
        sign: Sign::After,
        date: "dd/mm/y",
        joint: " ",
        half_days: false,
        yen: "¥",
        week_start: Weekday::Monday,
    },
    Locale {
        name: "ja_JP",
        group: ",",
        decimal: ".",
        sign: Sign::Before,
        date: "y/mm/dd",
        joint: " ",
        half_days: false,
        yen: "￥",
        week_start: Weekday::Sunday,
    },
];

impl Locale {
    /// Finds a locale by its name; `de` is `de_DE`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        LOCALES.iter().find(|locale| {
            locale.name.eq_ignore_ascii_case(name)
                || (name != "en" && locale.name.split_once('_').is_some_and(|(language, _)| language == name))
        })
    }

    /// Rounded to `scale` digits, all of them shown.
    #[must_use]
    pub fn number(&self, number: Decimal, scale: u32) -> String {
        let rounded = number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
        let digits = format!("{:.*}", scale as usize, rounded.abs());
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let mut text = String::with_capacity(digits.len() + 8);
        if rounded.is_sign_negative() && !rounded.is_zero() {
            text.push('-');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                text.push_str(self.group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(self.decimal);
            text.push_str(fraction);
        }
        text
    }

    /// An amount of the org's only currency: `$44,000.00`, `44.000,00 €`.
    #[must_use]
    pub fn amount(&self, amount: Decimal, currency: &str) -> String {
        let number = self.number(amount, digits_of(currency));
        let (minus, number) = number.strip_prefix('-').map_or(("", number.as_str()), |rest| ("-", rest));
        let sign = match currency {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" => self.yen,
            other => other,
        };
        match self.sign {
            Sign::After => format!("{minus}{number}\u{a0}{sign}"),
            // A code is set off, a sign is not.
            Sign::Before if sign == currency => format!("{minus}{sign}\u{a0}{number}"),
            Sign::Before => format!("{minus}{sign}{number}"),
        }
    }

    /// An amount where there are several currencies: `USD 44,000.00`.
    #[must_use]
    pub fn amount_of(&self, amount: Decimal, currency: &str) -> String {
        format!("{currency} {}", self.number(amount, digits_of(currency)))
    }

    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let mut text = String::with_capacity(10);
        let mut rest = self.date;
        while let Some(letter) = rest.chars().next() {
            let run = rest.len() - rest.trim_start_matches(letter).len();
            // Writing to a String cannot fail.
            let _ = match letter {
                'y' => write!(text, "{}", date.year()),
                'm' => write!(text, "{:0run$}", date.month()),
                'd' => write!(text, "{:0run$}", date.day()),
                other => write!(text, "{other}"),
            };
            rest = &rest[run..];
        }
        text
    }

    #[must_use]
    pub fn time(&self, time: Time) -> String {
        if self.half_days {
            let hour = if time.hour() % 12 == 0 { 12 } else { time.hour() % 12 };
            let half = if time.hour() < 12 { "AM" } else { "PM" };
            return format!("{hour}:{:02} {half}", time.minute());
        }
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// A moment that has been brought to the user's time zone.
    #[must_use]
    pub fn moment(&self, moment: DateTime) -> String {
        format!("{}{}{}", self.date(moment.date()), self.joint, self.time(moment.time()))
    }
}

/// Digits behind the point of an amount; ISO 4217.
fn digits_of(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "CLP" | "VND" | "ISK" | "PYG" => 0,
        "BHD" | "KWD" | "TND" | "OMR" | "JOD" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_locale_writes_its_own_way() {
        let moment = date(2025, 4, 10).at(15, 31, 9, 0);
        let number: Decimal = "-1234567.885".parse().unwrap();
        let amount: Decimal = "44000".parse().unwrap();
        for (name, when, written, money, yen) in [
            ("en_US", "4/10/2025, 3:31 PM", "-1,234,567.89", "$44,000.00", "¥44,000"),
            ("en_GB", "10/04/2025, 15:31", "-1,234,567.89", "$44,000.00", "¥44,000"),
            ("de_DE", "10.04.2025, 15:31", "-1.234.567,89", "44.000,00\u{a0}$", "44.000\u{a0}¥"),
            (
                "fr_FR",
                "10/04/2025 15:31",
                "-1\u{202f}234\u{202f}567,89",
                "44\u{202f}000,00\u{a0}$",
                "44\u{202f}000\u{a0}¥",
            ),
            ("ja_JP", "2025/04/10 15:31", "-1,234,567.89", "$44,000.00", "￥44,000"),
        ] {
            let locale = Locale::named(name).unwrap();
            assert_eq!(locale.moment(moment), when, "{name}");
            assert_eq!(locale.number(number, 2), written, "{name}");
            assert_eq!(locale.amount(amount, "USD"), money, "{name}");
            assert_eq!(locale.amount(amount, "JPY"), yen, "{name}");
        }
    }

    #[test]
    fn small_numbers_midnight_and_foreign_codes() {
        let us = Locale::named("en_US").unwrap();
        assert_eq!(us.number("-0.001".parse().unwrap(), 2), "0.00");
        assert_eq!(us.number("999".parse().unwrap(), 0), "999");
        assert_eq!(us.amount("-5".parse().unwrap(), "CHF"), "-CHF\u{a0}5.00");
        assert_eq!(us.amount_of("5".parse().unwrap(), "EUR"), "EUR 5.00");
        assert_eq!(us.time(jiff::civil::time(0, 5, 0, 0)), "12:05 AM");
        assert_eq!(Locale::named("de").map(|locale| locale.name), Some("de_DE"));
        assert_eq!(Locale::named("xx_XX"), None);
    }
}
