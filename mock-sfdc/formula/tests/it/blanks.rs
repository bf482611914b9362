//! What blanks come to, in both modes: blank number fields count as zero or stay blank; all else is the same in both.

use mock_sfdc_formula::Blanks;

use crate::world::result;

/// The formula; its result with blanks as blanks, and with blanks as zero.
const TABLE: &[(&str, &str, &str)] = &[
    ("NoNumber", "null", "0"),
    ("NoNumber + 1", "null", "1"),
    ("NoNumber * 2", "null", "0"),
    ("-NoNumber", "null", "0"),
    ("1 / NoNumber", "null", "#Error! Division by zero"),
    ("NoNumber = 0", "null", "true"),
    ("NoNumber < 1", "null", "true"),
    ("ISBLANK(NoNumber)", "true", "false"),
    ("ISNULL(NoNumber)", "true", "false"),
    ("BLANKVALUE(NoNumber, 5)", "5", "0"),
    ("NULLVALUE(NoNumber, 5)", "5", "0"),
    ("IF(NoNumber < 1, \"small\", \"other\")", "other", "small"),
    ("CASE(NoNumber, 0, \"zero\", \"other\")", "other", "zero"),
    ("IN(NoNumber, 0)", "false", "true"),
    ("ABS(NoNumber)", "null", "0"),
    ("MAX(NoNumber, 1)", "null", "1"),
    ("ROUND(NoNumber, 0)", "null", "0"),
    ("ROUND(Seven, NoNumber)", "null", "7"),
    ("TEXT(NoNumber)", "null", "0"),
    ("LEFT(Name, NoNumber)", "null", "null"),
    ("FIND(\"a\", Name, NoNumber)", "null", "3"),
    ("DATE(2026, 1, NoNumber)", "null", "#Error! Invalid date, time or moment: DATE(2026, 1, 0)"),
    ("Day + NoNumber", "null", "2026-02-28"),
    ("ADDMONTHS(Day, NoNumber)", "null", "2026-02-28"),
    ("GEOLOCATION(NoNumber, NoNumber)", "null", "0, 0"),
    ("FROMUNIXTIME(NoNumber)", "null", "1970-01-01T00:00:00Z"),
    // Only fields that are numbers are zero; nothing else of these sees the mode.
    ("VALUE(NoText)", "null", "null"),
    ("VALUE(NoText) + 1", "null", "null"),
    ("NULL + 1", "null", "null"),
    ("NoDay + 1", "null", "null"),
    ("YEAR(NoDay)", "null", "null"),
    ("ISOWEEK(NoAt)", "null", "null"),
    ("HOUR(NoClock)", "null", "null"),
    ("DATEVALUE(NoAt)", "null", "null"),
    ("DATEVALUE(NoText)", "null", "null"),
    ("UNIXTIMESTAMP(NoAt)", "null", "null"),
    ("NoDay = Day", "null", "null"),
    ("NoDay < TODAY()", "null", "null"),
    ("NOT(NoDay = Day)", "null", "null"),
    ("NoDay = Day || Yes", "true", "true"),
    ("NoDay = Day && Yes", "false", "false"),
    ("ISBLANK(Place)", "true", "true"),
    ("DISTANCE(Place, Place, \"km\")", "null", "null"),
    // Texts know no null: an empty one takes part.
    ("NoText & \"a\"", "a", "a"),
    ("NoText = \"\"", "true", "true"),
    ("NoText <> Name", "true", "true"),
    ("LEN(NoText)", "0", "0"),
    ("CONTAINS(NoText, \"a\")", "false", "false"),
    ("BEGINS(Name, NoText)", "true", "true"),
    ("UPPER(NoText)", "null", "null"),
    ("SUBSTITUTE(Name, NoText, \"x\")", "null", "null"),
    ("LPAD(NoText, 3, \"0\")", "null", "null"),
    ("CASESAFEID(NoText)", "null", "null"),
    ("CASE(NoStatus, \"Open\", 1, 2)", "2", "2"),
    ("CASE(NoStatus, \"\", 1, 2)", "1", "1"),
    ("CASE(TEXT(NoStatus), \"\", 1, 2)", "1", "1"),
    ("CASE(NoText, Name, 1, \"\", 2, 3)", "2", "2"),
    ("TEXT(NoStatus) & \"x\"", "x", "x"),
    ("INCLUDES(NoColours, \"Red\")", "false", "false"),
];

#[test]
fn blanks_in_both_modes() {
    for (text, blank, zero) in TABLE {
        assert_eq!(result(text, Blanks::Blank), *blank, "{text}, as blanks");
        assert_eq!(result(text, Blanks::Zero), *zero, "{text}, as zero");
    }
}
