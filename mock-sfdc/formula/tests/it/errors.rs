//! What is refused when a formula is set, in Salesforce's words.

use mock_sfdc_formula::{Blanks, Context, Type};

use crate::world::compile;

const FIELD: Context = Context::FormulaField;
const RULE: Context = Context::Validation;

const TABLE: &[(Context, &str, &str)] = &[
    (FIELD, "", "Syntax error. Found 'end of formula'"),
    (FIELD, "1 +", "Syntax error. Found 'end of formula'"),
    (FIELD, "(1 + 2", "Syntax error. Missing ')'"),
    (FIELD, "IF(Yes, 1", "Syntax error. Missing ')'"),
    (FIELD, "1 2", "Syntax error. Extra '2'"),
    (FIELD, "1)", "Syntax error. Extra ')'"),
    (FIELD, "* 2", "Syntax error. Found '*'"),
    (FIELD, "1 # 2", "Syntax error. Found '#'"),
    (FIELD, "\"open", "Syntax error. Missing '\"'"),
    (FIELD, "/* open", "Syntax error. Missing '*/'"),
    (FIELD, "\"a\\x\"", "Syntax error"),
    (FIELD, "Nothing__c", "Field Nothing__c does not exist. Check spelling."),
    (FIELD, "Parent.Nothing", "Field Parent.Nothing does not exist. Check spelling."),
    (FIELD, "Owner:Group.Name", "Group is an invalid object type for the Owner field. Check spelling."),
    (FIELD, "Broken + 1", "Error in referenced formula Broken, Field Gone does not exist. Check spelling."),
    (
        FIELD,
        "LEN(Long)",
        "You referenced an unsupported field type called \"Long Text Area\" using the following field: Long",
    ),
    (FIELD, "SUM(1, 2)", "Unknown function SUM. Check spelling."),
    (FIELD, "ISNEW()", "Function ISNEW may not be used in this type of formula"),
    (FIELD, "REGEX(Name, \"a\")", "Function REGEX may not be used in this type of formula"),
    (FIELD, "GETSESSIONID()", "Function GETSESSIONID may not be used in this type of formula"),
    (RULE, "ISBLANK(HYPERLINK(\"a\", \"b\"))", "Function HYPERLINK may not be used in this type of formula"),
    (
        Context::Criteria,
        "VLOOKUP($ObjectType.Zip.Fields.State, $ObjectType.Zip.Fields.Name, Name) = \"NY\"",
        "Function VLOOKUP may not be used in this type of formula",
    ),
    (RULE, "REGEX(Name, \"(?=a)b\")", "the pattern \"(?=a)b\" is not emulated in formulas"),
    (FIELD, "LEFT(Name)", "Incorrect number of parameters for function 'LEFT()'. Expected 2, received 1"),
    (FIELD, "IF(Yes, 1)", "Incorrect number of parameters for function 'IF()'. Expected 3, received 2"),
    (
        FIELD,
        "CASE(Seven, 1, 2, 3, 4)",
        "Incorrect number of parameters for function 'CASE()'. Expected 4, received 5",
    ),
    (FIELD, "TODAY(1)", "Incorrect number of parameters for function 'TODAY()'. Expected 0, received 1"),
    (FIELD, "LEN(Seven)", "Incorrect parameter type for function 'LEN()'. Expected Text, received Number"),
    (
        FIELD,
        "IF(Name, 1, 2)",
        "Incorrect parameter type for function 'IF()'. Expected Boolean, received Text",
    ),
    (
        FIELD,
        "IF(Yes, 1, \"a\")",
        "Incorrect parameter type for function 'IF()'. Expected Number, received Text",
    ),
    (
        FIELD,
        "TEXT(Name)",
        "Incorrect parameter type for function 'TEXT()'. Expected Number, Date, DateTime, Picklist, received Text",
    ),
    (
        FIELD,
        "ISPICKVAL(Name, \"a\")",
        "Incorrect parameter type for function 'ISPICKVAL()'. Expected Picklist, received Text",
    ),
    (
        FIELD,
        "ISPICKVAL(Status, Name)",
        "Incorrect parameter type for function 'ISPICKVAL()'. Expected Text Literal, received Text",
    ),
    (
        FIELD,
        "INCLUDES(Status, \"Red\")",
        "Incorrect parameter type for function 'INCLUDES()'. Expected Multi-Select Picklist, received Picklist",
    ),
    (
        FIELD,
        "INCLUDES(Colours, \"Pink\")",
        "Incorrect parameter for function 'INCLUDES()'. Text Literal must be a valid value for this multi-select picklist field.",
    ),
    (FIELD, "Name * 2", "Incorrect parameter type for operator '*'. Expected Number, received Text"),
    (FIELD, "Yes && 1", "Incorrect parameter type for operator '&&'. Expected Boolean, received Number"),
    (FIELD, "Name & 1", "Incorrect parameter type for operator '&'. Expected Text, received Number"),
    (FIELD, "Name = 1", "Incorrect parameter type for operator '='. Expected Text, received Number"),
    (
        FIELD,
        "Day + Day",
        "Incorrect parameter type for operator '+'. Expected Number, Date, DateTime, received Date",
    ),
    (FIELD, "Yes < No", "Incorrect argument type for operator '<'."),
    (FIELD, "CASE(Yes, Yes, 1, 2)", "Incorrect argument type for function 'CASE()'."),
    (
        RULE,
        "ISCHANGED(Parent.Name)",
        "Incorrect parameter for function 'ISCHANGED()'. Expected a single field reference.",
    ),
    (
        RULE,
        "PRIORVALUE(1)",
        "Incorrect parameter for function 'PRIORVALUE()'. Expected a single field reference.",
    ),
    (
        FIELD,
        "Status = \"Open\"",
        "Field Status is a picklist field. Picklist fields are only supported in certain functions.",
    ),
    (
        FIELD,
        "LEN(Colours)",
        "Field Colours is a multi-select picklist field. Multi-select picklist fields are only supported in certain functions.",
    ),
];

#[test]
fn what_is_refused_says_why() {
    for (context, text, expected) in TABLE {
        let error = compile(text, *context, Blanks::Blank).unwrap_err();
        assert_eq!(error.to_string(), *expected, "{text}");
    }
}

#[test]
fn a_result_of_another_type_is_refused() {
    let formula = compile("LEN(Name)", FIELD, Blanks::Blank).unwrap();
    assert_eq!(formula.kind(), Type::Number);
    let error = formula.expect(&[Type::Boolean], "true or false").unwrap_err();
    assert_eq!(
        error.to_string(),
        "Formula result is data type (Number), incompatible with expected data type (true or false)."
    );
}
