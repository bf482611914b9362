//! Validation rules, as whoever saves a record meets them.

use mock_sfdc_org::{error::ErrorCode, seed};

use crate::world::{NOON, World};

fn world(rules: &str) -> World {
    World::new(&format!(r#"{{"validationRules": {{"Opportunity": [{rules}]}}}}"#))
}

const DEAL: &[(&str, &str)] = &[("Name", "Deal"), ("StageName", "Prospecting"), ("CloseDate", "2026-05-01")];

fn deal<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    DEAL.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn a_broken_rule_refuses_the_record_with_its_text_at_its_field() {
    let world = world(
        r#"{"fullName": "Amount_positive", "active": true, "errorConditionFormula": "Amount < 0",
            "errorDisplayField": "amount", "errorMessage": "Amounts are not negative."}"#,
    );
    assert_eq!(
        world.refused("Opportunity", &deal(&[("Amount", "-1")])),
        (ErrorCode::FieldCustomValidation, "Amounts are not negative.".to_owned(), vec!["Amount".to_owned()])
    );
    // A blank amount is no number below zero.
    world.create("Opportunity", &deal(&[])).unwrap();
    let id = world.create("Opportunity", &deal(&[("Amount", "5")])).unwrap();
    let errors = world.update("Opportunity", id, &[("Amount", "-5")]).unwrap_err();
    assert_eq!(errors[0].code, ErrorCode::FieldCustomValidation);
    assert_eq!(world.text("Opportunity", id, "Amount"), "5");
}

#[test]
fn all_broken_rules_are_told_and_an_inactive_one_never() {
    let world = world(
        r#"{"fullName": "One", "active": true, "errorConditionFormula": "ISBLANK(Description)", "errorMessage": "Describe it."},
           {"fullName": "Off", "active": false, "errorConditionFormula": "TRUE", "errorMessage": "Never."},
           {"fullName": "Two", "active": true, "errorConditionFormula": "Amount > 1000 && ISPICKVAL(StageName, \"Prospecting\")",
            "errorMessage": "Too large for a prospect."}"#,
    );
    let errors = world.create("Opportunity", &deal(&[("Amount", "2000")])).unwrap_err();
    let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(told, ["Describe it.", "Too large for a prospect."]);
    assert_eq!(errors[0].fields, Some(Vec::new()));
}

#[test]
fn a_rule_sees_what_a_save_changes() {
    let world = world(
        r#"{"fullName": "Keep", "active": true, "errorConditionFormula":
            "NOT(ISNEW()) && ISCHANGED(Amount) && PRIORVALUE(Amount) > Amount", "errorMessage": "Amounts only grow."},
           {"fullName": "Stage", "active": true, "errorConditionFormula":
            "ISCHANGED(StageName) && ISPICKVAL(PRIORVALUE(StageName), \"Closed Won\")", "errorMessage": "Won stays won."}"#,
    );
    let id = world.create("Opportunity", &deal(&[("Amount", "10")])).unwrap();
    world.update("Opportunity", id, &[("Amount", "20"), ("StageName", "Closed Won")]).unwrap();
    let errors = world.update("Opportunity", id, &[("Amount", "15")]).unwrap_err();
    assert_eq!(errors[0].message, "Amounts only grow.");
    let errors = world.update("Opportunity", id, &[("StageName", "Prospecting")]).unwrap_err();
    assert_eq!(errors[0].message, "Won stays won.");
    world.update("Opportunity", id, &[("Description", "x")]).unwrap();
}

#[test]
fn required_fields_are_asked_for_before_rules_are() {
    let world =
        world(r#"{"fullName": "R", "active": true, "errorConditionFormula": "TRUE", "errorMessage": "No."}"#);
    assert_eq!(world.refused("Opportunity", &[("Name", "Deal")]).0, ErrorCode::RequiredFieldMissing);
    assert_eq!(world.refused("Opportunity", DEAL).0, ErrorCode::FieldCustomValidation);
}

#[test]
fn a_formula_without_a_value_refuses_the_record_by_the_rules_name() {
    let world = world(
        r#"{"fullName": "Ratio", "active": true, "errorConditionFormula": "1 / Amount > 1", "errorMessage": "No."}"#,
    );
    let (code, message, _) = world.refused("Opportunity", &deal(&[("Amount", "0")]));
    assert_eq!(code, ErrorCode::FormulaExpressionInvalid);
    assert_eq!(message, "Validation Formula \"Ratio\" Invalid (Division by zero)");
}

#[test]
fn a_wrong_rule_is_refused_where_it_stands_in_the_fixture() {
    for (rule, expected) in [
        (
            r#"{"fullName": "R", "errorConditionFormula": "Bogus > 1", "errorMessage": "x"}"#,
            "validationRules.Opportunity[0].errorConditionFormula: Field Bogus does not exist. Check spelling.",
        ),
        (
            r#"{"fullName": "R", "errorConditionFormula": "Amount", "errorMessage": "x"}"#,
            "Formula result is data type (Number), incompatible with expected data type (true or false).",
        ),
        (
            r#"{"fullName": "R", "errorConditionFormula": "TRUE", "errorDisplayField": "Nope", "errorMessage": "x"}"#,
            "validationRules.Opportunity[0].errorDisplayField: Field Nope does not exist. Check spelling.",
        ),
        (r#"{"fullName": "R", "errorConditionFormula": "TRUE", "errorText": "x"}"#, "errorText"),
    ] {
        let fixture = format!(r#"{{"validationRules": {{"Opportunity": [{rule}]}}}}"#);
        let error = seed::load("f.json", &fixture, NOON, &|_| None).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
