//! The table of functions: names, parameters, results. Those whose parameters need more than a type have `special` for
//! them, and are checked by hand in [`crate::check`].

use crate::types::Type;

const NUM: &[Type] = &[Type::Number];
const TXT: &[Type] = &[Type::Text];
const BOOL: &[Type] = &[Type::Boolean];
const DAY: &[Type] = &[Type::Date];
const TIME: &[Type] = &[Type::Time];
const DATES: &[Type] = &[Type::Date, Type::DateTime];
const MOMENTS: &[Type] = &[Type::Date, Type::DateTime, Type::Time];
const TEXT_OR_MOMENT: &[Type] = &[Type::Text, Type::DateTime];
const PLACE: &[Type] = &[Type::Location];

/// What a function takes and yields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature {
    pub name: &'static str,
    /// The first so many of `params` must be given.
    pub required: usize,
    pub params: &'static [&'static [Type]],
    /// The last parameter may be given again and again.
    pub repeats: bool,
    pub result: Result,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Result {
    Is(Type),
    /// That of the first argument.
    First,
    /// Checked by hand, parameters too.
    Special,
}

macro_rules! functions {
    ($($variant:ident $name:literal $required:literal [$($param:ident),*] $more:ident $result:ident,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Function { $($variant,)* }

        const TABLE: &[(Function, Signature)] = &[$((
            Function::$variant,
            Signature {
                name: $name,
                required: $required,
                params: &[$($param),*],
                repeats: functions!(@more $more),
                result: functions!(@result $result),
            },
        ),)*];
    };
    (@more once) => { false };
    (@more repeated) => { true };
    (@result special) => { Result::Special };
    (@result first) => { Result::First };
    (@result $kind:ident) => { Result::Is(Type::$kind) };
}

functions! {
    // Logical.
    And "AND" 1 [BOOL] repeated Boolean,
    Or "OR" 1 [BOOL] repeated Boolean,
    If "IF" 3 [] once special,
    Ifs "IFS" 3 [] once special,
    Case "CASE" 4 [] once special,
    IsBlank "ISBLANK" 1 [] once special,
    IsNull "ISNULL" 1 [] once special,
    BlankValue "BLANKVALUE" 2 [] once special,
    NullValue "NULLVALUE" 2 [] once special,
    IsNumber "ISNUMBER" 1 [TXT] once Boolean,
    IsPickVal "ISPICKVAL" 2 [] once special,
    Includes "INCLUDES" 2 [] once special,
    IsNew "ISNEW" 0 [] once Boolean,
    IsClone "ISCLONE" 0 [] once Boolean,
    IsChanged "ISCHANGED" 1 [] once special,
    PriorValue "PRIORVALUE" 1 [] once special,
    In "IN" 2 [] once special,
    IfError "IFERROR" 2 [] once special,
    VLookup "VLOOKUP" 3 [] once special,
    // Text.
    Begins "BEGINS" 2 [TXT, TXT] once Boolean,
    Contains "CONTAINS" 2 [TXT, TXT] once Boolean,
    Find "FIND" 2 [TXT, TXT, NUM] once Number,
    Left "LEFT" 2 [TXT, NUM] once Text,
    Right "RIGHT" 2 [TXT, NUM] once Text,
    Mid "MID" 3 [TXT, NUM, NUM] once Text,
    Len "LEN" 1 [TXT] once Number,
    Lower "LOWER" 1 [TXT, TXT] once Text,
    Upper "UPPER" 1 [TXT, TXT] once Text,
    InitCap "INITCAP" 1 [TXT] once Text,
    Trim "TRIM" 1 [TXT] once Text,
    Substitute "SUBSTITUTE" 3 [TXT, TXT, TXT] once Text,
    LPad "LPAD" 2 [TXT, NUM, TXT] once Text,
    RPad "RPAD" 2 [TXT, NUM, TXT] once Text,
    Text "TEXT" 1 [] once special,
    Value "VALUE" 1 [TXT] once Number,
    Regex "REGEX" 2 [TXT, TXT] once Boolean,
    Br "BR" 0 [] once Text,
    Hyperlink "HYPERLINK" 2 [TXT, TXT, TXT] once Text,
    Image "IMAGE" 2 [TXT, TXT, NUM, NUM] once Text,
    CaseSafeId "CASESAFEID" 1 [TXT] once Text,
    Reverse "REVERSE" 1 [TXT] once Text,
    Ascii "ASCII" 1 [TXT] once Number,
    Chr "CHR" 1 [NUM] once Text,
    JsEncode "JSENCODE" 1 [TXT] once Text,
    HtmlEncode "HTMLENCODE" 1 [TXT] once Text,
    JsInHtmlEncode "JSINHTMLENCODE" 1 [TXT] once Text,
    UrlEncode "URLENCODE" 1 [TXT] once Text,
    // Maths.
    Abs "ABS" 1 [NUM] once Number,
    Ceiling "CEILING" 1 [NUM] once Number,
    Floor "FLOOR" 1 [NUM] once Number,
    MCeiling "MCEILING" 1 [NUM] once Number,
    MFloor "MFLOOR" 1 [NUM] once Number,
    Round "ROUND" 2 [NUM, NUM] once Number,
    Trunc "TRUNC" 1 [NUM, NUM] once Number,
    Mod "MOD" 2 [NUM, NUM] once Number,
    Max "MAX" 1 [NUM] repeated Number,
    Min "MIN" 1 [NUM] repeated Number,
    Exp "EXP" 1 [NUM] once Number,
    Ln "LN" 1 [NUM] once Number,
    Log "LOG" 1 [NUM] once Number,
    Sqrt "SQRT" 1 [NUM] once Number,
    Pi "PI" 0 [] once Number,
    Sin "SIN" 1 [NUM] once Number,
    Cos "COS" 1 [NUM] once Number,
    Tan "TAN" 1 [NUM] once Number,
    Asin "ASIN" 1 [NUM] once Number,
    Acos "ACOS" 1 [NUM] once Number,
    Atan "ATAN" 1 [NUM] once Number,
    Atan2 "ATAN2" 2 [NUM, NUM] once Number,
    CurrencyRate "CURRENCYRATE" 1 [TXT] once Number,
    // Dates and times.
    Date "DATE" 3 [NUM, NUM, NUM] once Date,
    DateValue "DATEVALUE" 1 [TEXT_OR_MOMENT] once Date,
    DateTimeValue "DATETIMEVALUE" 1 [TEXT_OR_MOMENT] once DateTime,
    TimeValue "TIMEVALUE" 1 [TEXT_OR_MOMENT] once Time,
    TimeNow "TIMENOW" 0 [] once Time,
    Today "TODAY" 0 [] once Date,
    Now "NOW" 0 [] once DateTime,
    Day "DAY" 1 [DAY] once Number,
    Month "MONTH" 1 [DAY] once Number,
    Year "YEAR" 1 [DAY] once Number,
    Hour "HOUR" 1 [TIME] once Number,
    Minute "MINUTE" 1 [TIME] once Number,
    Second "SECOND" 1 [TIME] once Number,
    Millisecond "MILLISECOND" 1 [TIME] once Number,
    Weekday "WEEKDAY" 1 [DAY] once Number,
    DayOfYear "DAYOFYEAR" 1 [DAY] once Number,
    IsoWeek "ISOWEEK" 1 [DATES] once Number,
    IsoYear "ISOYEAR" 1 [DATES] once Number,
    AddMonths "ADDMONTHS" 2 [DATES, NUM] once first,
    UnixTimestamp "UNIXTIMESTAMP" 1 [MOMENTS] once Number,
    FromUnixTime "FROMUNIXTIME" 1 [NUM] once DateTime,
    FormatDuration "FORMATDURATION" 1 [] once special,
    // Places.
    Geolocation "GEOLOCATION" 2 [NUM, NUM] once Location,
    Distance "DISTANCE" 3 [PLACE, PLACE, TXT] once Number,
}

/// Functions of other places than records: buttons, reports, Visualforce.
const ELSEWHERE: [&str; 10] = [
    "GETRECORDIDS",
    "INCLUDE",
    "LINKTO",
    "REQUIRESCRIPT",
    "URLFOR",
    "PARENTGROUPVAL",
    "PREVGROUPVAL",
    "IMAGEPROXYURL",
    "GETSESSIONID",
    "PREDICT",
];

impl Function {
    pub fn find(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|(_, signature)| signature.name.eq_ignore_ascii_case(name))
            .map(|(function, _)| *function)
    }

    pub fn signature(self) -> &'static Signature {
        // The table is in the order of the variants.
        &TABLE[self as usize].1
    }

    pub fn is_elsewhere(name: &str) -> bool {
        ELSEWHERE.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_finds_its_own_row() {
        for (at, (function, signature)) in TABLE.iter().enumerate() {
            assert_eq!(*function as usize, at);
            assert_eq!(Function::find(&signature.name.to_lowercase()), Some(*function), "{}", signature.name);
            assert!(signature.required <= signature.params.len() || signature.result == Result::Special);
        }
        assert_eq!(Function::find("SUM"), None);
    }
}
