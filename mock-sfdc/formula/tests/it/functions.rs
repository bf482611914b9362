//! Every function and operator at least once (`contract/behaviour.md` section 13). What stands here comes out in both modes
//! of blanks.

use mock_sfdc_formula::Blanks;

use crate::world::result;

const LOGICAL: &[(&str, &str)] = &[
    ("AND(Yes, 1 < 2, NOT(No))", "true"),
    ("AND(Yes, No)", "false"),
    ("OR(No, 2 < 1, Yes)", "true"),
    ("OR(No)", "false"),
    ("NOT Yes", "false"),
    ("IF(Seven > 5, \"many\", \"few\")", "many"),
    ("IF(Seven > 9, 1, IF(Yes, 2, 3))", "2"),
    // Only the branch that is taken is looked at.
    ("IF(Yes, 1, 1 / 0)", "1"),
    ("IFS(Seven = 1, \"one\", Seven = 7, \"seven\", \"other\")", "seven"),
    ("IFS(Seven = 1, \"one\", \"other\")", "other"),
    ("CASE(Seven, 1, \"one\", 7, \"seven\", \"other\")", "seven"),
    ("CASE(Status, \"New\", 1, \"Open\", 2, 3)", "2"),
    ("CASE(MONTH(Day), 1, \"Jan\", \"later\")", "later"),
    ("ISBLANK(NoText)", "true"),
    ("ISBLANK(Name)", "false"),
    ("ISBLANK(NoDay)", "true"),
    ("ISBLANK(NoStatus)", "true"),
    ("ISNULL(NoDay)", "true"),
    // A text is never null, only blank.
    ("ISNULL(NoText)", "false"),
    ("BLANKVALUE(NoText, \"none\")", "none"),
    ("BLANKVALUE(Name, \"none\")", "Ada"),
    ("NULLVALUE(NoDay, Day)", "2026-02-28"),
    ("NULLVALUE(NoText, \"none\")", "null"),
    ("ISNUMBER(\"-1.5\")", "true"),
    ("ISNUMBER(\"1,5\")", "false"),
    ("ISNUMBER(NoText)", "false"),
    ("ISPICKVAL(Status, \"Open\")", "true"),
    ("ISPICKVAL(NoStatus, \"\")", "true"),
    ("ISPICKVAL(Status, \"open\")", "false"),
    ("INCLUDES(Colours, \"Blue\")", "true"),
    ("INCLUDES(Colours, \"Green\")", "false"),
    ("IN(Name, \"Eve\", \"Ada\")", "true"),
    ("IN(Seven, 1, 2)", "false"),
    ("IFERROR(1 / 0, 3)", "3"),
    ("IFERROR(Seven, 3)", "7"),
    ("VLOOKUP($ObjectType.Zip.Fields.State, $ObjectType.Zip.Fields.Name, \"10001\")", "NY"),
    ("VLOOKUP($ObjectType.Zip.Fields.State, $ObjectType.Zip.Fields.Name, \"0\")", "null"),
];

const TEXTS: &[(&str, &str)] = &[
    ("BEGINS(Name, \"A\")", "true"),
    ("BEGINS(Name, \"a\")", "false"),
    ("BEGINS(Name, \"\")", "true"),
    ("CONTAINS(\"Nevada\", \"vad\")", "true"),
    ("FIND(\"a\", \"Nevada\")", "4"),
    ("FIND(\"a\", \"Nevada\", 5)", "6"),
    ("FIND(\"x\", \"Nevada\")", "0"),
    ("LEFT(\"Nevada\", 3)", "Nev"),
    ("LEFT(\"Nevada\", -1)", "null"),
    ("RIGHT(\"Nevada\", 3)", "ada"),
    ("RIGHT(\"Nevada\", 99)", "Nevada"),
    ("MID(\"Nevada\", 2, 3)", "eva"),
    ("LEN(\"Zoë\")", "3"),
    ("LEN(NoText)", "0"),
    ("LOWER(\"ÄBC\")", "äbc"),
    ("UPPER(\"äbc\")", "ÄBC"),
    ("UPPER(\"i\", \"tr\")", "İ"),
    ("INITCAP(\"ada king-NOEL\")", "Ada King-Noel"),
    ("TRIM(\"  a b \")", "a b"),
    ("SUBSTITUTE(\"coupon\", \"co\", \"Sou\")", "Souupon"),
    ("LPAD(\"7\", 3, \"0\")", "007"),
    ("LPAD(\"12345\", 3)", "123"),
    ("RPAD(\"7\", 3, \"ab\")", "7ab"),
    ("TEXT(Seven / 2)", "3.5"),
    ("TEXT(Status)", "Open"),
    ("TEXT(Day)", "2026-02-28"),
    ("TEXT(At)", "2026-03-25 12:00:00Z"),
    ("TEXT(Clock)", "10:20:30.400"),
    ("VALUE(\"1.50\")", "1.5"),
    ("VALUE(\"1e2\")", "100"),
    ("VALUE(\"one\")", "#Error! The value 'one' is not a valid number."),
    ("REGEX(\"123-45\", \"[0-9]{3}-[0-9]{2}\")", "true"),
    // The whole text has to match.
    ("REGEX(\"123-456\", \"[0-9]{3}-[0-9]{2}\")", "false"),
    ("\"a\" & BR() & \"b\"", "a<br>b"),
    ("HYPERLINK(\"/x\", \"X\")", "<a href=\"/x\" target=\"_blank\">X</a>"),
    ("HYPERLINK(\"/x\", \"X\", \"_self\")", "<a href=\"/x\" target=\"_self\">X</a>"),
    ("IMAGE(\"/i.png\", \"I\")", "<img src=\"/i.png\" alt=\"I\" border=\"0\"/>"),
    (
        "IMAGE(\"/i.png\", \"I\", 10, 20)",
        "<img src=\"/i.png\" alt=\"I\" style=\"height:10px; width:20px;\" border=\"0\"/>",
    ),
    ("CASESAFEID(Id)", "0015g0000000001AAA"),
    ("CASESAFEID(\"aaaaaaaaaaaaaaA\")", "aaaaaaaaaaaaaaAAAQ"),
    ("REVERSE(\"abc\")", "cba"),
    ("ASCII(\"Ab\")", "65"),
    ("CHR(65)", "A"),
    ("JSENCODE(\"it's \\\"<b>\\\"\")", "it\\'s \\\"\\u003Cb\\u003E\\\""),
    ("HTMLENCODE(\"<a & 'b'>\")", "&lt;a &amp; &#39;b&#39;&gt;"),
    ("JSINHTMLENCODE(\"<\")", "&lt;"),
    ("URLENCODE(\"a b/c\")", "a+b%2Fc"),
    ("\"a\" + \"b\" & Name", "abAda"),
    ("$User.FirstName & \" \" & Parent.Name", "Grace Acme"),
];

const MATHS: &[(&str, &str)] = &[
    ("ABS(-1.5)", "1.5"),
    ("CEILING(1.2)", "2"),
    ("CEILING(-1.2)", "-2"),
    ("FLOOR(1.7)", "1"),
    ("FLOOR(-1.7)", "-1"),
    ("FLOOR(1 / 3 * 3)", "1"),
    ("MCEILING(-1.2)", "-1"),
    ("MFLOOR(-1.2)", "-2"),
    ("ROUND(1.45, 1)", "1.5"),
    ("ROUND(-1.5, 0)", "-2"),
    ("ROUND(1234, -2)", "1200"),
    ("ROUND(5, -99999999999999999999)", "0"),
    ("ROUND(5, -9223372036854775808)", "0"),
    ("TRUNC(1.79, 1)", "1.7"),
    ("TRUNC(-1.7)", "-1"),
    ("MOD(7, 3)", "1"),
    ("MOD(-7, 3)", "-1"),
    ("MOD(7, 0)", "#Error! Division by zero"),
    ("MAX(1, Seven, 3)", "7"),
    ("MIN(1, Seven, -3)", "-3"),
    ("EXP(0)", "1"),
    ("LN(1)", "0"),
    ("LN(0)", "#Error! The value is outside of what LN is defined for"),
    ("LOG(100)", "2"),
    ("SQRT(16)", "4"),
    ("SQRT(-1)", "#Error! The value is outside of what SQRT is defined for"),
    ("ROUND(PI(), 4)", "3.1416"),
    ("ROUND(SIN(PI() / 2), 6)", "1"),
    ("COS(0)", "1"),
    ("ROUND(TAN(PI() / 4), 6)", "1"),
    ("ROUND(ASIN(1) * 2 - PI(), 6)", "0"),
    ("ACOS(1)", "0"),
    ("ROUND(ATAN(1) * 4 - PI(), 6)", "0"),
    ("ROUND(ATAN2(1, 1) * 4 - PI(), 6)", "0"),
    ("1 + 2 * 3 ^ 2 - 4 / 2", "17"),
    ("(1 + 2) * 3", "9"),
    ("-Seven + +1", "-6"),
    ("2 ^ -1", "0.5"),
    ("2 ^ -9223372036854775808", "#Error! The value is outside of what the operator ^ is defined for"),
    ("2 ^ 0.5", "#Error! The value is outside of what the operator ^ is defined for"),
    ("1 / 0", "#Error! Division by zero"),
    ("9999999999999999999999999999 * 9999999999999999999999999999", "#Error! The number is too big"),
    ("1 = 1.0", "true"),
    ("1 == 2", "false"),
    ("1 <> 2", "true"),
    ("1 != 1", "false"),
    ("1 < 2 && 2 <= 2", "true"),
    ("3 > 4 || 4 >= 4", "true"),
    ("!Yes", "false"),
    ("\"a\" < \"b\"", "true"),
    ("1 + /* one */ 1", "2"),
];

const DATES: &[(&str, &str)] = &[
    ("DATE(2024, 2, 29)", "2024-02-29"),
    ("DATE(2023, 2, 29)", "#Error! Invalid date, time or moment: DATE(2023, 2, 29)"),
    ("DATEVALUE(\"2026-11-22\")", "2026-11-22"),
    // The day where the user is.
    ("DATEVALUE(At)", "2026-03-26"),
    ("DATEVALUE(\"soon\")", "#Error! Invalid date, time or moment: soon"),
    ("DATETIMEVALUE(\"2026-11-22 10:20:30\")", "2026-11-22T10:20:30Z"),
    ("TIMEVALUE(\"10:20:30.400\")", "10:20:30.4"),
    ("TIMEVALUE(At)", "12:00:00"),
    ("TIMENOW()", "12:00:00"),
    ("TODAY()", "2026-03-26"),
    ("NOW()", "2026-03-25T12:00:00Z"),
    ("DAY(Day)", "28"),
    ("MONTH(Day)", "2"),
    ("YEAR(Day)", "2026"),
    ("HOUR(Clock)", "10"),
    ("MINUTE(Clock)", "20"),
    ("SECOND(Clock)", "30"),
    ("MILLISECOND(Clock)", "400"),
    ("WEEKDAY(DATE(2026, 11, 22))", "1"),
    ("DAYOFYEAR(DATE(2024, 12, 31))", "366"),
    ("ISOWEEK(DATE(2027, 1, 1))", "53"),
    ("ISOYEAR(DATE(2027, 1, 1))", "2026"),
    // The last day of a month stays the last day.
    ("ADDMONTHS(Day, 1)", "2026-03-31"),
    ("ADDMONTHS(DATE(2026, 1, 30), 1)", "2026-02-28"),
    ("ADDMONTHS(At, -1)", "2026-02-25T12:00:00Z"),
    ("UNIXTIMESTAMP(DATE(1970, 1, 2))", "86400"),
    ("FROMUNIXTIME(86400)", "1970-01-02T00:00:00Z"),
    ("FORMATDURATION(3661)", "01:01:01"),
    ("FORMATDURATION(90061, true)", "1:01:01:01"),
    ("Day + 1", "2026-03-01"),
    ("Day - DATE(2026, 2, 1)", "27"),
    ("At + 0.5", "2026-03-26T00:00:00Z"),
    ("At - DATETIMEVALUE(\"2026-03-24 00:00:00\")", "1.5"),
    ("Clock + 600", "10:20:31"),
    ("Day < TODAY()", "true"),
    ("GEOLOCATION(37.775, -122.418)", "37.775, -122.418"),
    ("GEOLOCATION(91, 0)", "#Error! The value is outside of what GEOLOCATION is defined for"),
    ("ROUND(DISTANCE(GEOLOCATION(0, 0), GEOLOCATION(0, 180), \"km\"), 0)", "20015"),
    ("ROUND(DISTANCE(GEOLOCATION(0, 0), GEOLOCATION(0, 180), \"mi\"), 0)", "12437"),
];

#[test]
fn functions_and_operators() {
    for (text, expected) in LOGICAL.iter().chain(TEXTS).chain(MATHS).chain(DATES) {
        for blanks in [Blanks::Blank, Blanks::Zero] {
            assert_eq!(result(text, blanks), *expected, "{text}, {blanks:?}");
        }
    }
}

/// The names of section 13. Those that only a save knows stand in `saves.rs`, those that are refused in `errors.rs`.
const NAMES: &str = "AND OR IF IFS CASE ISBLANK ISNULL BLANKVALUE NULLVALUE ISNUMBER ISPICKVAL INCLUDES IN \
    IFERROR BEGINS CONTAINS FIND LEFT RIGHT MID LEN LOWER UPPER INITCAP TRIM SUBSTITUTE LPAD RPAD TEXT VALUE REGEX \
    BR HYPERLINK IMAGE CASESAFEID REVERSE ASCII CHR JSENCODE HTMLENCODE URLENCODE ABS CEILING FLOOR MCEILING MFLOOR \
    ROUND TRUNC MOD MAX MIN EXP LN LOG SQRT PI SIN COS TAN ASIN ACOS ATAN ATAN2 DATE DATEVALUE DATETIMEVALUE \
    TIMEVALUE TIMENOW TODAY NOW DAY MONTH YEAR HOUR MINUTE SECOND MILLISECOND WEEKDAY DAYOFYEAR ISOWEEK ISOYEAR \
    ADDMONTHS UNIXTIMESTAMP FROMUNIXTIME GEOLOCATION DISTANCE VLOOKUP";

#[test]
fn no_function_is_left_out() {
    let all: Vec<&str> =
        LOGICAL.iter().chain(TEXTS).chain(MATHS).chain(DATES).map(|(text, _)| *text).collect();
    let called = |name: &str| {
        let call = format!("{name}(");
        all.iter().any(|text| {
            text.starts_with(&call)
                || text.contains(&format!(" {call}"))
                || text.contains(&format!("({call}"))
        })
    };
    let missing: Vec<&str> = NAMES.split_whitespace().filter(|name| !called(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
