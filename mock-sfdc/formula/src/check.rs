//! The type checker: names become fields and functions, and what does not fit is refused in Salesforce's words.

mod call;
mod fields;

use std::fmt;

use regex::Regex;

pub(crate) use self::call::whole;
pub use self::fields::{FieldRef, Fields, Lookup, Resolved, Unresolved};
use crate::{
    ast::Expr,
    error::FormulaError,
    eval::{self, Subject},
    function::Function,
    limits::MAX_COMPILED_SIZE,
    parser::parse,
    token::Op,
    types::Type,
    value::Value,
};

/// What an empty number field counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blanks {
    #[default]
    Blank,
    Zero,
}

/// Where a formula stands. Some functions are known in some places only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    FormulaField,
    DefaultValue,
    Validation,
    /// Criteria of workflow, assignment, auto-response and escalation rules.
    Criteria,
    FieldUpdate,
}

impl Context {
    /// A record is being saved: there is a value before and one after.
    fn sees_changes(self) -> bool {
        matches!(self, Self::Validation | Self::Criteria | Self::FieldUpdate)
    }

    fn allows(self, function: Function) -> bool {
        match function {
            Function::IsNew | Function::IsClone | Function::IsChanged | Function::PriorValue => {
                self.sees_changes()
            }
            Function::VLookup => self == Self::Validation,
            Function::Regex => self != Self::FormulaField,
            Function::Hyperlink | Function::Image => self == Self::FormulaField,
            _ => true,
        }
    }
}

/// A checked formula: every name is found, every type fits.
pub struct Formula {
    root: Node,
    kind: Type,
    size: usize,
}

/// A node whose names are gone.
pub(crate) enum Node {
    Const(Value),
    Field(usize),
    /// A number field whose blank is zero.
    ZeroedField(usize),
    Changed(usize),
    Prior(usize),
    /// Of a number field whose blank is zero.
    ZeroedPrior(usize),
    Lookup(usize, Box<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Match(Box<Node>, Regex),
    Chain(Box<Node>, Box<[(Binary, Node)]>),
    Call(Function, Box<[Node]>),
}

impl Node {
    fn is_blank(&self) -> bool {
        matches!(self, Self::Const(Value::Null))
    }
}

/// What an operator does, once the types of its operands are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Concat,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    /// Texts: an empty one equals another.
    SameText(bool),
    /// Anything else: nothing equals null.
    Same(bool),
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    And,
    Or,
}

impl fmt::Debug for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Formula").field("kind", &self.kind).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Formula {
    /// Parses and checks.
    pub fn compile(
        text: &str,
        fields: &mut dyn Fields,
        context: Context,
        blanks: Blanks,
    ) -> Result<Self, FormulaError> {
        let (tree, size) = parse(text)?;
        let mut checker = Checker { fields, context, blanks, size };
        let root = checker.node(&tree)?;
        let size = checker.size;
        if size > MAX_COMPILED_SIZE {
            return Err(FormulaError::TooBig(size));
        }
        Ok(Self { root: root.node, kind: root.kind, size })
    }

    /// The type of its result.
    #[must_use]
    pub fn kind(&self) -> Type {
        self.kind
    }

    /// What it counts against [`MAX_COMPILED_SIZE`], here and where another formula refers to it.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The result is wanted as one of these types; `words` is what Salesforce calls them.
    pub fn expect(&self, wanted: &[Type], words: &str) -> Result<(), FormulaError> {
        if wanted.iter().any(|wanted| self.kind.fits(*wanted)) {
            return Ok(());
        }
        Err(FormulaError::ResultType { received: self.kind, expected: words.to_owned() })
    }

    pub fn evaluate(&self, subject: &dyn Subject) -> Result<Value, crate::error::EvalError> {
        eval::evaluate(&self.root, subject)
    }
}

/// A node and what is known of it.
pub(crate) struct Typed {
    node: Node,
    kind: Type,
    /// A literal's own word in errors: `Text Literal`.
    literal: bool,
    field: Option<FieldRef>,
}

impl Typed {
    fn new(node: Node, kind: Type) -> Self {
        Self { node, kind, literal: false, field: None }
    }

    /// The type as an error calls it.
    fn word(&self) -> &'static str {
        self.kind.as_str()
    }
}

pub(crate) struct Checker<'a> {
    fields: &'a mut dyn Fields,
    context: Context,
    blanks: Blanks,
    size: usize,
}

type Checked = Result<Typed, FormulaError>;

fn operator(op: Op) -> String {
    format!("operator '{}'", op.as_str())
}

impl Checker<'_> {
    fn node(&mut self, expr: &Expr) -> Checked {
        Ok(match expr {
            Expr::Null => Typed::new(Node::Const(Value::Null), Type::Null),
            Expr::Bool(value) => Typed::new(Node::Const(Value::Bool(*value)), Type::Boolean),
            Expr::Number(number) => Typed::new(Node::Const(Value::Number(*number)), Type::Number),
            Expr::Text(text) => {
                let node = Node::Const(Value::text(text.as_str()));
                Typed { literal: true, ..Typed::new(node, Type::Text) }
            }
            Expr::Field(path) => self.field(path)?,
            Expr::Call(name, arguments) => self.call(name, arguments)?,
            Expr::Not(inner) => {
                let inner = self.scalar(inner)?;
                wants("operator 'NOT'", &[Type::Boolean], &inner)?;
                Typed::new(Node::Not(Box::new(inner.node)), Type::Boolean)
            }
            Expr::Negate(inner) => {
                let inner = self.scalar(inner)?;
                wants(&operator(Op::Subtract), &[Type::Number], &inner)?;
                Typed::new(Node::Negate(Box::new(inner.node)), Type::Number)
            }
            Expr::Plus(inner) => {
                let inner = self.scalar(inner)?;
                wants(&operator(Op::Add), &[Type::Number], &inner)?;
                Typed::new(inner.node, Type::Number)
            }
            Expr::Chain(first, rest) => self.chain(first, rest)?,
        })
    }

    fn field(&mut self, path: &str) -> Checked {
        let field = match self.fields.field(path) {
            Ok(Resolved::Field(field)) => field,
            Ok(Resolved::Constant(value, kind)) => return Ok(Typed::new(Node::Const(value), kind)),
            Err(unresolved) => return Err(unresolved.into_error(path)),
        };
        self.size += field.size.saturating_sub(path.chars().count());
        let zero = self.blanks == Blanks::Zero && field.kind == Type::Number;
        let node = if zero { Node::ZeroedField(field.slot) } else { Node::Field(field.slot) };
        Ok(Typed { field: Some(field), ..Typed::new(node, field.kind) })
    }

    /// An operand that is no picklist: only a few functions take those.
    fn scalar(&mut self, expr: &Expr) -> Checked {
        let typed = self.node(expr)?;
        refuse_picklist(expr, &typed)?;
        Ok(typed)
    }

    fn chain(&mut self, first: &Expr, rest: &[(Op, Expr)]) -> Checked {
        let first = self.scalar(first)?;
        let mut kind = first.kind;
        let mut steps = Vec::with_capacity(rest.len());
        for (op, operand) in rest {
            let operand = self.scalar(operand)?;
            let (binary, result) = binary(*op, kind, &operand)?;
            steps.push((binary, operand.node));
            kind = result;
        }
        Ok(Typed::new(Node::Chain(Box::new(first.node), steps.into()), kind))
    }
}

fn refuse_picklist(expr: &Expr, typed: &Typed) -> Result<(), FormulaError> {
    let name = || match expr {
        Expr::Field(path) => path.clone(),
        Expr::Call(name, _) => name.clone(),
        _ => String::new(),
    };
    match typed.kind {
        Type::Picklist => Err(FormulaError::Picklist(name())),
        Type::MultiPicklist => Err(FormulaError::MultiPicklist(name())),
        _ => Ok(()),
    }
}

fn wants(place: &str, wanted: &[Type], typed: &Typed) -> Result<(), FormulaError> {
    if wanted.iter().any(|wanted| typed.kind.fits(*wanted)) {
        return Ok(());
    }
    Err(FormulaError::argument_type(place.to_owned(), wanted, typed.word()))
}

/// What an operator means for these operands, and the type of its result.
fn binary(op: Op, left: Type, right: &Typed) -> Result<(Binary, Type), FormulaError> {
    let place = operator(op);
    let refuse = |expected: Type| Err(FormulaError::argument_type(place.clone(), &[expected], right.word()));
    match op {
        Op::And | Op::Or => {
            if !left.fits(Type::Boolean) {
                return Err(FormulaError::argument_type(place, &[Type::Boolean], left.as_str()));
            }
            wants(&place, &[Type::Boolean], right)?;
            Ok((if op == Op::And { Binary::And } else { Binary::Or }, Type::Boolean))
        }
        Op::Concat => {
            if !left.fits(Type::Text) {
                return Err(FormulaError::argument_type(place, &[Type::Text], left.as_str()));
            }
            wants(&place, &[Type::Text], right)?;
            Ok((Binary::Concat, Type::Text))
        }
        Op::Add | Op::Subtract => match additive(op, left, right.kind) {
            Some(found) => Ok(found),
            None if left.is_text() && op == Op::Add => refuse(Type::Text),
            None => {
                let wanted = [Type::Number, Type::Date, Type::DateTime];
                let operand = matches!(left, Type::Number | Type::Date | Type::DateTime | Type::Time);
                let wrong = if operand { right.word() } else { left.as_str() };
                Err(FormulaError::argument_type(place, &wanted, wrong))
            }
        },
        Op::Multiply | Op::Divide | Op::Power => {
            if !left.fits(Type::Number) {
                return Err(FormulaError::argument_type(place, &[Type::Number], left.as_str()));
            }
            wants(&place, &[Type::Number], right)?;
            let binary = match op {
                Op::Multiply => Binary::Multiply,
                Op::Divide => Binary::Divide,
                _ => Binary::Power,
            };
            Ok((binary, Type::Number))
        }
        _ => {
            let Some(common) = left.common(right.kind) else { return refuse(left) };
            let orders = !matches!(op, Op::Equal | Op::NotEqual);
            if common == Type::Location || (orders && common == Type::Boolean) {
                return Err(FormulaError::IllegalType(place));
            }
            let text = left.is_text() || right.kind.is_text();
            let binary = match op {
                Op::Equal | Op::NotEqual if text => Binary::SameText(op == Op::Equal),
                Op::Equal | Op::NotEqual => Binary::Same(op == Op::Equal),
                Op::Less => Binary::Less,
                Op::Greater => Binary::Greater,
                Op::LessOrEqual => Binary::LessOrEqual,
                _ => Binary::GreaterOrEqual,
            };
            Ok((binary, Type::Boolean))
        }
    }
}

/// Sums and differences: of numbers, of a moment and a number, of two moments, and `+` for texts.
fn additive(op: Op, left: Type, right: Type) -> Option<(Binary, Type)> {
    use Type as T;
    let add = op == Op::Add;
    let binary = if add { Binary::Add } else { Binary::Subtract };
    let moment = |kind: Type| matches!(kind, T::Date | T::DateTime | T::Time);
    let result = match (left, right) {
        (left, right) if add && (left.is_text() || right.is_text()) => {
            return (left.fits(T::Text) && right.fits(T::Text)).then_some((Binary::Concat, T::Text));
        }
        (left, right) if left.fits(T::Number) && right.fits(T::Number) => T::Number,
        (left, right) if moment(left) && right.fits(T::Number) => left,
        (left, right) if add && moment(right) && left.fits(T::Number) => right,
        (left, right) if !add && moment(left) && left == right => T::Number,
        _ => return None,
    };
    Some((binary, result))
}
