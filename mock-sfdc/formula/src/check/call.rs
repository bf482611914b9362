//! Calls: how many arguments, of which types.

use compact_str::CompactString;
use regex::RegexBuilder;

use super::{Blanks, Checked, Checker, Node, Typed, refuse_picklist, wants};
use crate::{
    ast::Expr,
    error::FormulaError,
    function::{Function, Result as FunctionResult},
    types::Type,
    value::Value,
};

/// A pattern compiles to at most so many bytes: a rule cannot take an org's memory.
const MAX_PATTERN: usize = 1 << 20;

fn place(function: Function) -> String {
    format!("function '{}()'", function.signature().name)
}

fn count(function: Function, expected: usize, received: usize) -> FormulaError {
    FormulaError::ArgumentCount { place: place(function), expected, received }
}

/// A pattern that has to match the whole text.
pub(crate) fn whole(pattern: &str) -> Result<regex::Regex, regex::Error> {
    RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(MAX_PATTERN).build()
}

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Expr]) -> Checked {
        let Some(function) = Function::find(name) else { return Err(unknown(name)) };
        if !self.context.allows(function) {
            return Err(FormulaError::NotAllowed(function.signature().name.to_owned()));
        }
        let signature = function.signature();
        let special = signature.result == FunctionResult::Special;
        let most = if special || signature.repeats { usize::MAX } else { signature.params.len() };
        if arguments.len() < signature.required || arguments.len() > most {
            return Err(count(function, signature.required, arguments.len()));
        }
        if special {
            return self.special(function, arguments);
        }
        let mut nodes = Vec::with_capacity(arguments.len());
        let mut first = Type::Null;
        for (at, argument) in arguments.iter().enumerate() {
            let typed = self.scalar(argument)?;
            if let Some(wanted) = signature.params.get(at).or(signature.params.last()) {
                wants(&place(function), wanted, &typed)?;
            }
            if at == 0 {
                first = typed.kind;
            }
            nodes.push(typed.node);
        }
        let kind = match signature.result {
            FunctionResult::Is(kind) => kind,
            _ => first,
        };
        let node = match function {
            Function::Regex => regex(nodes)?,
            _ => Node::Call(function, nodes.into()),
        };
        Ok(Typed::new(node, kind))
    }

    fn special(&mut self, function: Function, arguments: &[Expr]) -> Checked {
        match function {
            Function::If => self.branches(function, arguments, 3),
            Function::Ifs => self.branches(function, arguments, usize::MAX),
            Function::Case => self.case(arguments),
            Function::IsBlank | Function::IsNull => self.blank(function, arguments),
            Function::BlankValue | Function::NullValue | Function::IfError => {
                self.alike(function, arguments, 2)
            }
            Function::In => {
                let typed = self.alike(function, arguments, usize::MAX)?;
                Ok(Typed::new(typed.node, Type::Boolean))
            }
            Function::IsPickVal => self.pick(function, arguments, Type::Picklist),
            Function::Includes => self.pick(function, arguments, Type::MultiPicklist),
            Function::IsChanged | Function::PriorValue => self.changed(function, arguments),
            Function::Text => self.text(arguments),
            Function::FormatDuration => self.duration(arguments),
            _ => self.lookup(arguments),
        }
    }

    /// `IF(test, a, b)` and `IFS(test, a, test, b, otherwise)`.
    fn branches(&mut self, function: Function, arguments: &[Expr], most: usize) -> Checked {
        if arguments.len() > most || arguments.len().is_multiple_of(2) {
            return Err(count(function, if most == 3 { 3 } else { arguments.len() + 1 }, arguments.len()));
        }
        let mut kind = Type::Null;
        let mut nodes = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            let typed = self.scalar(argument)?;
            if at % 2 == 0 && at + 1 < arguments.len() {
                wants(&place(function), &[Type::Boolean], &typed)?;
            } else {
                kind = join(function, kind, &typed)?;
            }
            nodes.push(typed.node);
        }
        Ok(Typed::new(Node::Call(function, nodes.into()), kind))
    }

    /// `CASE(expression, value, result, …, otherwise)`. A picklist is compared with literals only.
    fn case(&mut self, arguments: &[Expr]) -> Checked {
        let function = Function::Case;
        if arguments.len() % 2 == 1 {
            return Err(count(function, arguments.len() - 1, arguments.len()));
        }
        let subject = self.node(&arguments[0])?;
        if subject.kind == Type::MultiPicklist {
            refuse_picklist(&arguments[0], &subject)?;
        }
        if matches!(subject.kind, Type::Boolean | Type::Location) {
            return Err(FormulaError::IllegalType(place(function)));
        }
        let mut compared = if subject.kind == Type::Picklist { Type::Text } else { subject.kind };
        let picklist = subject.kind == Type::Picklist;
        let mut kind = Type::Null;
        let mut nodes = vec![subject.node];
        let last = arguments.len() - 1;
        for (at, argument) in arguments.iter().enumerate().skip(1) {
            let typed = self.scalar(argument)?;
            if typed.kind == Type::Boolean {
                return Err(FormulaError::IllegalType(place(function)));
            }
            if at % 2 == 1 && at != last {
                if picklist && !typed.literal {
                    return Err(FormulaError::ArgumentType {
                        place: place(function),
                        expected: "Text Literal".to_owned(),
                        received: typed.word().to_owned(),
                    });
                }
                compared = join(function, compared, &typed)?;
                // Alone among comparisons, CASE finds a blank by an empty literal.
                if typed.literal && typed.node.is_blank() {
                    nodes.push(Node::Const(Value::Text(CompactString::default())));
                    continue;
                }
            } else {
                kind = join(function, kind, &typed)?;
            }
            nodes.push(typed.node);
        }
        Ok(Typed::new(Node::Call(function, nodes.into()), kind))
    }

    fn blank(&mut self, function: Function, arguments: &[Expr]) -> Checked {
        let [argument] = arguments else { return Err(count(function, 1, arguments.len())) };
        let typed = self.node(argument)?;
        // Salesforce knows no null texts, so ISNULL is never true of one; of all other types both ask the same.
        let never = function == Function::IsNull && typed.kind.is_text();
        let node = if never {
            Node::Const(Value::Bool(false))
        } else {
            Node::Call(function, Box::new([typed.node]))
        };
        Ok(Typed::new(node, Type::Boolean))
    }

    /// Arguments of one type, which the result has too.
    fn alike(&mut self, function: Function, arguments: &[Expr], most: usize) -> Checked {
        if arguments.len() > most {
            return Err(count(function, most, arguments.len()));
        }
        let mut kind = Type::Null;
        let mut nodes = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let typed = self.scalar(argument)?;
            kind = join(function, kind, &typed)?;
            nodes.push(typed.node);
        }
        // No text is null, so NULLVALUE never replaces one.
        if function == Function::NullValue && kind.is_text() {
            nodes.truncate(1);
            return nodes.pop().map_or_else(|| Err(FormulaError::Syntax), |node| Ok(Typed::new(node, kind)));
        }
        Ok(Typed::new(Node::Call(function, nodes.into()), kind))
    }

    /// `ISPICKVAL(field, "value")`, `INCLUDES(field, "value")`.
    fn pick(&mut self, function: Function, arguments: &[Expr], wanted: Type) -> Checked {
        let [field, value] = arguments else { return Err(count(function, 2, arguments.len())) };
        let field = self.node(field)?;
        if field.kind != wanted {
            return Err(FormulaError::argument_type(place(function), &[wanted], field.word()));
        }
        let value = self.scalar(value)?;
        if !value.literal {
            let expected = "Text Literal".to_owned();
            let received = value.word().to_owned();
            return Err(FormulaError::ArgumentType { place: place(function), expected, received });
        }
        if let (Some(known), Node::Const(Value::Text(text))) = (field.field, &value.node)
            && wanted == Type::MultiPicklist
            && !self.fields.has_pick(known.slot, text)
        {
            return Err(FormulaError::NoSuchPick);
        }
        Ok(Typed::new(Node::Call(function, Box::new([field.node, value.node])), Type::Boolean))
    }

    /// `ISCHANGED(field)`, `PRIORVALUE(field)`: of the record's own fields.
    fn changed(&mut self, function: Function, arguments: &[Expr]) -> Checked {
        let [argument] = arguments else { return Err(count(function, 1, arguments.len())) };
        let wrong = || FormulaError::WantsField { place: place(function), expected: "a single".to_owned() };
        let Expr::Field(path) = argument else { return Err(wrong()) };
        let field = self.field(path)?.field.filter(|field| field.own).ok_or_else(wrong)?;
        if function == Function::IsChanged {
            return Ok(Typed::new(Node::Changed(field.slot), Type::Boolean));
        }
        let zero = self.blanks == Blanks::Zero && field.kind == Type::Number;
        let node = if zero { Node::ZeroedPrior(field.slot) } else { Node::Prior(field.slot) };
        Ok(Typed { field: Some(field), ..Typed::new(node, field.kind) })
    }

    fn text(&mut self, arguments: &[Expr]) -> Checked {
        let [argument] = arguments else { return Err(count(Function::Text, 1, arguments.len())) };
        let typed = self.node(argument)?;
        let wanted = [Type::Number, Type::Date, Type::DateTime, Type::Picklist];
        if !matches!(typed.kind, Type::Null | Type::Time) && !wanted.contains(&typed.kind) {
            return Err(FormulaError::argument_type(place(Function::Text), &wanted, typed.word()));
        }
        Ok(Typed::new(Node::Call(Function::Text, Box::new([typed.node])), Type::Text))
    }

    /// Seconds, with or without days; or what lies between two moments of one kind.
    fn duration(&mut self, arguments: &[Expr]) -> Checked {
        let function = Function::FormatDuration;
        if arguments.len() > 2 {
            return Err(count(function, 2, arguments.len()));
        }
        let typed = arguments.iter().map(|argument| self.scalar(argument)).collect::<Result<Vec<_>, _>>()?;
        let wanted: &[Type] = match typed[0].kind {
            Type::DateTime if typed.len() == 2 => &[Type::DateTime],
            Type::Time if typed.len() == 2 => &[Type::Time],
            _ => &[Type::Boolean],
        };
        if wanted == [Type::Boolean] {
            wants(&place(function), &[Type::Number], &typed[0])?;
        }
        if let Some(second) = typed.get(1) {
            wants(&place(function), wanted, second)?;
        }
        let nodes: Vec<Node> = typed.into_iter().map(|typed| typed.node).collect();
        Ok(Typed::new(Node::Call(function, nodes.into()), Type::Text))
    }

    fn lookup(&mut self, arguments: &[Expr]) -> Checked {
        let function = Function::VLookup;
        let [wanted, key, value] = arguments else { return Err(count(function, 3, arguments.len())) };
        let (Expr::Field(wanted), Expr::Field(key)) = (wanted, key) else {
            return Err(FormulaError::WantsField { place: place(function), expected: "a single".to_owned() });
        };
        let value = self.scalar(value)?;
        wants(&place(function), &[Type::Text], &value)?;
        let lookup = self.fields.lookup(wanted, key).map_err(|error| error.into_error(wanted))?;
        Ok(Typed::new(Node::Lookup(lookup.slot, Box::new(value.node)), lookup.kind))
    }
}

fn unknown(name: &str) -> FormulaError {
    if Function::is_elsewhere(name) {
        return FormulaError::NotAllowed(name.to_ascii_uppercase());
    }
    FormulaError::NoFunction(name.to_owned())
}

/// One more branch: all of them have to agree on a type.
fn join(function: Function, kind: Type, typed: &Typed) -> Result<Type, FormulaError> {
    kind.common(typed.kind).ok_or_else(|| FormulaError::argument_type(place(function), &[kind], typed.word()))
}

/// A pattern that stands in the formula is made ready once.
fn regex(mut nodes: Vec<Node>) -> Result<Node, FormulaError> {
    if let Some(Node::Const(pattern)) = nodes.get(1) {
        let pattern = pattern.as_text();
        let ready =
            whole(pattern).map_err(|_| FormulaError::NotEmulated(format!("the pattern {pattern:?}")))?;
        nodes.truncate(1);
        if let Some(text) = nodes.pop() {
            return Ok(Node::Match(Box::new(text), ready));
        }
    }
    Ok(Node::Call(Function::Regex, nodes.into()))
}
