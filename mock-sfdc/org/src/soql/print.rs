//! A tree back to text, in one canonical form: keywords in upper case, one blank, no needless parentheses. What it prints
//! parses to an equal tree.

use std::fmt::{Display, Formatter, Result};

use super::ast::{
    Argument, Call, Category, CategorySelector, Comparison, Condition, From, Group, GroupKind, Integer,
    Literal, LiteralKind, Operand, OrderItem, Query, Select, SelectItem, SemiJoin, TypeOf, Update, View,
    With, Word,
};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "SELECT {} FROM {}", self.select, Commas(&self.from))?;
        clause(f, " USING SCOPE ", self.scope.as_ref())?;
        clause(f, " WHERE ", self.condition.as_ref())?;
        for with in &self.with {
            write!(f, " WITH {with}")?;
        }
        clause(f, " ", self.group.as_ref())?;
        if !self.order.is_empty() {
            write!(f, " ORDER BY {}", Commas(&self.order))?;
        }
        clause(f, " LIMIT ", self.limit.as_ref())?;
        clause(f, " OFFSET ", self.offset.as_ref())?;
        clause(f, " FOR ", self.view.as_ref())?;
        if !self.update.is_empty() {
            write!(f, " UPDATE {}", Commas(&self.update))?;
        }
        Ok(())
    }
}

fn clause(f: &mut Formatter<'_>, before: &str, part: Option<&impl Display>) -> Result {
    match part {
        Some(part) => write!(f, "{before}{part}"),
        None => Ok(()),
    }
}

struct Commas<'a, T>(&'a [T]);

impl<T: Display> Display for Commas<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (at, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if at > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl Display for Word {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.text)
    }
}

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Count(_) => f.write_str("COUNT()"),
            Self::Items(items) => Commas(items).fmt(f),
        }
    }
}

impl Display for SelectItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let alias = match self {
            Self::Field { path, alias } => path.fmt(f).map(|()| alias),
            Self::Call { call, alias } => call.fmt(f).map(|()| alias),
            Self::Children { query, alias } => write!(f, "({query})").map(|()| alias),
            Self::TypeOf { type_of, alias } => type_of.fmt(f).map(|()| alias),
            Self::Fields { which, .. } => return write!(f, "FIELDS({which})"),
        };
        clause(f, " ", alias?.as_ref())
    }
}

impl Display for TypeOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "TYPEOF {}", self.path)?;
        for (object, fields) in &self.branches {
            write!(f, " WHEN {object} THEN {}", Commas(fields))?;
        }
        if !self.otherwise.is_empty() {
            write!(f, " ELSE {}", Commas(&self.otherwise))?;
        }
        f.write_str(" END")
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}({})", self.name, Commas(&self.arguments))
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Call(call) => call.fmt(f),
            Self::Literal(literal) => literal.fmt(f),
        }
    }
}

impl Display for From {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.path.fmt(f)?;
        // With AS, because OFFSET and ORDER are aliases only where no clause can begin.
        clause(f, " AS ", self.alias.as_ref())
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Call(call) => call.fmt(f),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::And(parts) => chain(f, parts, " AND "),
            Self::Or(parts) => chain(f, parts, " OR "),
            Self::Not(inner, _) => write!(f, "NOT {}", Inner(inner)),
            Self::Compare { left, comparison, value } => write!(f, "{left} {comparison} {value}"),
            Self::Like { left, pattern } => write!(f, "{left} LIKE {pattern}"),
            Self::In { left, negated, values } => write!(f, "{left}{} ({})", r#in(*negated), Commas(values)),
            Self::SemiJoin { left, negated, query } => write!(f, "{left}{} ({query})", r#in(*negated)),
            Self::Includes { field, negated, values } => {
                let word = if *negated { "EXCLUDES" } else { "INCLUDES" };
                write!(f, "{field} {word} ({})", Commas(values))
            }
            Self::Calculated { left, plus, right, comparison, value } => {
                let sign = if *plus { '+' } else { '-' };
                write!(f, "{left} {sign} {right} {comparison} {value}")
            }
        }
    }
}

fn r#in(negated: bool) -> &'static str {
    if negated { " NOT IN" } else { " IN" }
}

fn chain(f: &mut Formatter<'_>, parts: &[Condition], word: &str) -> Result {
    for (at, part) in parts.iter().enumerate() {
        write!(f, "{}{}", if at > 0 { word } else { "" }, Inner(part))?;
    }
    Ok(())
}

/// A condition inside another one: in parentheses when it is more than one comparison.
struct Inner<'a>(&'a Condition);

impl Display for Inner<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Condition::And(_) | Condition::Or(_) | Condition::Not(..) => write!(f, "({})", self.0),
            simple => simple.fmt(f),
        }
    }
}

impl Display for SemiJoin {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "SELECT {} FROM {}", self.field, Commas(&self.from))?;
        clause(f, " USING SCOPE ", self.scope.as_ref())?;
        clause(f, " WHERE ", self.condition.as_ref())?;
        for with in &self.with {
            write!(f, " WITH {with}")?;
        }
        Ok(())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            LiteralKind::Text(raw) => write!(f, "'{raw}'"),
            LiteralKind::Boolean(true) => f.write_str("TRUE"),
            LiteralKind::Boolean(false) => f.write_str("FALSE"),
            LiteralKind::Null => f.write_str("NULL"),
            LiteralKind::DateFormula { name, count: Some(count) } => write!(f, "{name}:{count}"),
            LiteralKind::Integer(text)
            | LiteralKind::Decimal(text)
            | LiteralKind::Date(text)
            | LiteralKind::DateTime(text)
            | LiteralKind::Time(text)
            | LiteralKind::Currency(text)
            | LiteralKind::DateFormula { name: text, count: None } => f.write_str(text),
        }
    }
}

impl Display for Integer {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.text)
    }
}

impl Display for With {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::DataCategory(categories) => {
                f.write_str("DATA CATEGORY ")?;
                for (at, category) in categories.iter().enumerate() {
                    write!(f, "{}{category}", if at > 0 { " AND " } else { "" })?;
                }
                Ok(())
            }
            Self::Setting { name, value } => write!(f, "{name} = {value}"),
            Self::SecurityEnforced(_) => f.write_str("SECURITY_ENFORCED"),
            Self::UserMode(_) => f.write_str("USER_MODE"),
            Self::SystemMode(_) => f.write_str("SYSTEM_MODE"),
        }
    }
}

impl Display for Category {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let selector = match self.selector {
            CategorySelector::At => "AT",
            CategorySelector::Above => "ABOVE",
            CategorySelector::Below => "BELOW",
            CategorySelector::AboveOrBelow => "ABOVE_OR_BELOW",
        };
        write!(f, "{} {selector} ({})", self.group, Commas(&self.names))
    }
}

impl Display for Group {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let items = Commas(&self.items);
        match self.kind {
            GroupKind::Plain => write!(f, "GROUP BY {items}")?,
            GroupKind::Rollup => write!(f, "GROUP BY ROLLUP({items})")?,
            GroupKind::Cube => write!(f, "GROUP BY CUBE({items})")?,
        }
        clause(f, " HAVING ", self.having.as_ref())
    }
}

impl Display for OrderItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.operand.fmt(f)?;
        match self.descending {
            Some(true) => f.write_str(" DESC")?,
            Some(false) => f.write_str(" ASC")?,
            None => {}
        }
        match self.nulls_last {
            Some(true) => f.write_str(" NULLS LAST"),
            Some(false) => f.write_str(" NULLS FIRST"),
            None => Ok(()),
        }
    }
}

impl Display for View {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::View => "VIEW",
            Self::Reference => "REFERENCE",
        })
    }
}

impl Display for Update {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Tracking => "TRACKING",
            Self::ViewStat => "VIEWSTAT",
        })
    }
}
