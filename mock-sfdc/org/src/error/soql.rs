//! What the binder of SOQL says of a statement that its grammar takes (`contract/errors.md` section 3). The caret is the
//! binder's; texts that no source has are our own sentences (`docs/FIDELITY.md`).

use std::fmt::Display;

use super::{Error, ErrorCode};

fn malformed(message: impl Into<String>) -> Error {
    Error::plain(ErrorCode::MalformedQuery, message)
}

fn invalid_field(message: impl Into<String>) -> Error {
    Error::plain(ErrorCode::InvalidField, message)
}

fn invalid_type(message: impl Into<String>) -> Error {
    Error::plain(ErrorCode::InvalidType, message)
}

/// Names.
impl Error {
    pub(crate) fn no_such_column(name: &str, entity: &str) -> Self {
        invalid_field(format!(
            "No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be sure to append the \
             '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
        ))
    }

    pub(crate) fn unknown_relationship(name: &str) -> Self {
        invalid_field(format!(
            "Didn't understand relationship '{name}' in field path. If you are attempting to use a custom relationship, be sure \
             to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the \
             appropriate names."
        ))
    }

    pub(crate) fn unknown_child_relationship(path: impl Display) -> Self {
        invalid_type(format!(
            "Didn't understand relationship '{path}' in FROM part of query call. If you are attempting to use a custom \
             relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the \
             describe call for the appropriate names."
        ))
    }

    pub(crate) fn not_queryable(object: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidTypeForOperation,
            format!("entity type {object} does not support query"),
        )
    }

    pub(crate) fn path_too_long(most: usize, found: usize) -> Self {
        malformed(format!("a path can follow {most} relationships, and this one follows {found}"))
    }

    pub(crate) fn too_many_parents(most: usize, found: usize) -> Self {
        malformed(format!(
            "a query can follow {most} child-to-parent relationships, and this one follows {found}"
        ))
    }

    pub(crate) fn invalid_query_scope(scope: impl Display) -> Self {
        Self::plain(ErrorCode::InvalidQueryScope, format!("invalid query scope: {scope}"))
    }
}

/// SELECT.
impl Error {
    pub(crate) fn selected_twice(field: &str) -> Self {
        invalid_field(format!("duplicate field selected: {field}"))
    }

    pub(crate) fn duplicate_alias(alias: &str) -> Self {
        invalid_field(format!("duplicate alias: {alias}"))
    }

    pub(crate) fn alias_of_field() -> Self {
        malformed("only aggregate expressions use field aliasing")
    }

    pub(crate) fn alias_of(what: &str) -> Self {
        malformed(format!("{what} cannot have an alias"))
    }

    pub(crate) fn fields_of_nothing() -> Self {
        malformed("'FIELDS(...)' expansion function must result in at least one field being selected.")
    }

    pub(crate) fn fields_without_limit(most: usize) -> Self {
        malformed(format!("The SOQL FIELDS function must have a LIMIT of at most {most}"))
    }

    pub(crate) fn unknown_fields(which: impl Display) -> Self {
        malformed(format!("FIELDS takes ALL, STANDARD or CUSTOM, not {which}"))
    }

    pub(crate) fn type_of_one_object(path: impl Display) -> Self {
        invalid_type(format!("TYPEOF needs a reference to several objects, and {path} has one"))
    }

    pub(crate) fn cannot_refer_to(path: impl Display, object: &str) -> Self {
        invalid_type(format!("{path} cannot refer to {object}"))
    }
}

/// Subqueries.
impl Error {
    pub(crate) fn too_many_subqueries(most: usize, found: usize) -> Self {
        malformed(format!("a query can have {most} child subqueries, and this one has {found}"))
    }

    pub(crate) fn children_too_deep(levels: usize) -> Self {
        invalid_type(format!(
            "SOQL statements cannot query aggregate relationships more than {levels} level away from the root entity object."
        ))
    }

    pub(crate) fn offset_in_subquery() -> Self {
        malformed("OFFSET in a sub-query is allowed only when the parent query has LIMIT 1")
    }

    pub(crate) fn groups_in_subquery() -> Self {
        malformed("aggregate functions and GROUP BY are not supported in sub-queries")
    }

    pub(crate) fn scope_in_subquery() -> Self {
        malformed("USING SCOPE is not supported in sub-queries")
    }

    pub(crate) fn semi_join_in_semi_join() -> Self {
        malformed("Nesting of semi join sub-selects is not supported")
    }

    pub(crate) fn semi_join_under(operator: &str) -> Self {
        malformed(format!("Semi join sub-selects are not supported with the '{operator}' operator"))
    }

    pub(crate) fn semi_join_in_subquery() -> Self {
        malformed("Semi join sub-selects are not supported in the WHERE clause of a sub-query")
    }

    pub(crate) fn too_many_semi_joins(most: usize) -> Self {
        malformed(format!("a query can have at most {most} semi join sub-selects"))
    }

    pub(crate) fn semi_join_of_itself() -> Self {
        malformed("The inner and outer selects should not be on the same object type")
    }

    pub(crate) fn semi_join_of_other_object(selected: impl Display, left: impl Display) -> Self {
        malformed(format!(
            "The selected field '{selected}' in the subquery and the left operand field in the where expression in the outer \
             query '{left}' should point to the same object type"
        ))
    }

    pub(crate) fn not_semi_joinable(object: &str) -> Self {
        invalid_type(format!("Entity '{object}' is not supported for semi join inner selects"))
    }

    /// `which` begins the sentence: the field on the left, or the selected one.
    pub(crate) fn not_an_id_field(which: &str) -> Self {
        malformed(format!("{which} should be an id field"))
    }

    pub(crate) fn no_id_field(which: &str, field: impl Display) -> Self {
        invalid_field(format!("{which} should be an id field, cannot use: '{field}'"))
    }

    pub(crate) fn no_own_field(which: &str, field: impl Display) -> Self {
        invalid_field(format!("{which} should be a field of the object itself, cannot use: '{field}'"))
    }
}

/// Conditions.
impl Error {
    /// `how`: filtered, sorted or grouped.
    pub(crate) fn field_cannot_be(how: &str, field: impl Display) -> Self {
        invalid_field(format!("field '{field}' can not be {how} in a query call"))
    }

    pub(crate) fn wrong_criterion(field: &str, kind: &str, quotes: &str) -> Self {
        invalid_field(format!(
            "value of filter criterion for field '{field}' must be of type {kind} and {quotes}"
        ))
    }

    pub(crate) fn invalid_operator(kind: &str) -> Self {
        Self::plain(ErrorCode::InvalidQueryFilterOperator, format!("invalid operator on {kind} field"))
    }

    pub(crate) fn invalid_id_value(text: &str) -> Self {
        Self::plain(ErrorCode::InvalidQueryFilterOperator, format!("invalid ID field: {text}"))
    }

    pub(crate) fn invalid_number(text: &str) -> Self {
        invalid_field(format!("invalid number: {text}"))
    }

    pub(crate) fn invalid_date(text: &str) -> Self {
        malformed(format!("Invalid date: {text}"))
    }

    pub(crate) fn unknown_date_literal() -> Self {
        malformed("unknown date literal")
    }

    pub(crate) fn unknown_currency(code: &str) -> Self {
        malformed(format!("{code} is no currency of this org"))
    }

    /// A list of amounts with and without a currency. The words are ours.
    pub(crate) fn currencies_mixed() -> Self {
        malformed("amounts with and without a currency cannot stand in one list".to_owned())
    }

    pub(crate) fn text_too_long(most: usize) -> Self {
        malformed(format!("a text in a condition can have {most} characters"))
    }

    pub(crate) fn misplaced_condition() -> Self {
        malformed("this condition cannot stand here")
    }
}

/// LIMIT, OFFSET, FOR VIEW.
impl Error {
    pub(crate) fn negative(clause: &str, number: &str) -> Self {
        malformed(format!("{clause} must be 0 or more, and is {number}"))
    }

    pub(crate) fn offset_too_large(most: usize) -> Self {
        Self::plain(ErrorCode::NumberOutsideValidRange, format!("Maximum SOQL offset allowed is {most}"))
    }

    pub(crate) fn view_of_groups(view: impl Display) -> Self {
        malformed(format!("FOR {view} is not allowed in an aggregate query"))
    }
}

/// Groups.
impl Error {
    pub(crate) fn count_with_groups() -> Self {
        malformed("COUNT() query cannot also use GROUP BY or ORDER BY")
    }

    pub(crate) fn overall_aggregate_with(clause: &str) -> Self {
        malformed(format!("Non-grouped query that uses overall aggregate functions cannot also use {clause}"))
    }

    /// `what`: Field or Ordered field.
    pub(crate) fn must_be_grouped(what: &str, field: impl Display) -> Self {
        malformed(format!("{what} must be grouped or aggregated: {field}"))
    }

    pub(crate) fn grouped_and_aggregated(call: impl Display) -> Self {
        malformed(format!("Grouped field should not be aggregated: {call}"))
    }

    pub(crate) fn not_aggregatable(field: impl Display, function: &str) -> Self {
        malformed(format!("field {field} does not support aggregate operator {function}"))
    }

    pub(crate) fn too_many_rolled_up(most: usize) -> Self {
        malformed(format!("ROLLUP and CUBE take at most {most} fields"))
    }

    pub(crate) fn grouping_without_rollup() -> Self {
        malformed("GROUPING needs GROUP BY ROLLUP or GROUP BY CUBE")
    }

    pub(crate) fn having_of_rows() -> Self {
        malformed("HAVING compares grouped fields and aggregates only")
    }

    pub(crate) fn not_with_groups(what: &str) -> Self {
        malformed(format!("{what} cannot be used in an aggregate query"))
    }
}

/// Functions.
impl Error {
    pub(crate) fn unknown_function(name: impl Display) -> Self {
        malformed(format!("unknown function: {name}"))
    }

    /// `kind`: function or aggregate function.
    pub(crate) fn misplaced_function(kind: &str, name: impl Display) -> Self {
        malformed(format!("{kind} {name} cannot be used here"))
    }

    pub(crate) fn ungrouped_date_function(name: impl Display) -> Self {
        malformed(format!("date function {name} can be selected only when it is grouped by"))
    }

    pub(crate) fn takes_one_field(name: impl Display) -> Self {
        malformed(format!("{name} takes one field"))
    }

    pub(crate) fn does_not_take_field(function: &str, field: &str) -> Self {
        invalid_field(format!("{function} does not take field '{field}'"))
    }

    pub(crate) fn not_applicable(function: impl Display, what: &str) -> Self {
        invalid_field(format!("{function} cannot be applied to {what}"))
    }

    pub(crate) fn not_formattable(call: impl Display) -> Self {
        invalid_field(format!("{call} is no number, date or time"))
    }

    pub(crate) fn one_currency(call: impl Display) -> Self {
        malformed(format!("{call} needs an org with multiple currencies"))
    }

    pub(crate) fn aggregate_converted(call: impl Display) -> Self {
        malformed(format!("{call}: the result of an aggregate function cannot be converted"))
    }

    pub(crate) fn unknown_unit(unit: &str) -> Self {
        malformed(format!("DISTANCE takes the units 'mi' and 'km', not '{unit}'"))
    }

    pub(crate) fn no_location(field: impl Display) -> Self {
        invalid_field(format!("DISTANCE needs a location, and '{field}' is none"))
    }

    pub(crate) fn no_such_place() -> Self {
        Self::plain(
            ErrorCode::NumberOutsideValidRange,
            "GEOLOCATION takes a latitude from -90 to 90 and a longitude from -180 to 180",
        )
    }
}
