//! Dates in headers.

use std::cell::RefCell;

use http::HeaderValue;
use jiff::fmt::rfc2822::DateTimePrinter;
use mock_sfdc_org::value::DateTime;

/// `Sun, 22 Nov 2026 03:29:01 GMT`; nothing for a year that no header can hold.
#[must_use]
pub fn http_date(at: DateTime) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new();
    PRINTER.timestamp_to_rfc9110_string(&at.timestamp()).unwrap_or_default()
}

/// The same as a header has it. Every answer says the date, so a thread writes each second once.
#[must_use]
pub fn http_date_value(at: DateTime) -> Option<HeaderValue> {
    thread_local! {
        static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
    }
    let second = at.millis().div_euclid(1_000);
    LAST.with_borrow_mut(|last| match last {
        Some((known, date)) if *known == second => Some(date.clone()),
        _ => {
            let date = HeaderValue::try_from(http_date(at)).ok()?;
            Some(last.insert((second, date)).1.clone())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_http_dates() {
        for (millis, text) in [
            (1_795_318_141_999, "Sun, 22 Nov 2026 03:29:01 GMT"),
            (1_772_326_861_000, "Sun, 01 Mar 2026 01:01:01 GMT"),
        ] {
            assert_eq!(http_date(DateTime::from_millis(millis)), text);
            for _ in 0..2 {
                assert_eq!(http_date_value(DateTime::from_millis(millis)).unwrap(), text);
            }
        }
    }
}
