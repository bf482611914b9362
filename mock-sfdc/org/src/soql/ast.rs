//! A query as it was written: names as typed, literals undecoded, a span on everything an error can point at.

use compact_str::CompactString;

/// Bytes of the query text. Spans never take part in comparisons: two queries are equal when they say the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// From the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

/// A word of the text: an alias, a type, a scope, or a dotted path such as `Account.Owner.Name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: CompactString,
    pub span: Span,
}

impl Word {
    /// The steps of a path. The lexer takes `Contact..Name` for one word, so steps can be empty.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.text.split('.')
    }

    /// Compares as SOQL compares names.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.text.eq_ignore_ascii_case(name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub select: Select,
    /// The object (or child relationship) first; the others are relationship paths with an alias.
    pub from: Vec<From>,
    pub scope: Option<Word>,
    pub condition: Option<Condition>,
    pub with: Vec<With>,
    pub group: Option<Group>,
    pub order: Vec<OrderItem>,
    pub limit: Option<Integer>,
    pub offset: Option<Integer>,
    pub view: Option<View>,
    pub update: Vec<Update>,
    pub span: Span,
}

impl Query {
    /// `SELECT … FROM …`, and no more.
    #[must_use]
    pub fn of(select: Select, from: From) -> Self {
        Self {
            select,
            span: from.path.span,
            from: vec![from],
            scope: None,
            condition: None,
            with: Vec::new(),
            group: None,
            order: Vec::new(),
            limit: None,
            offset: None,
            view: None,
            update: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Select {
    /// `SELECT COUNT()`
    Count(Span),
    Items(Vec<SelectItem>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectItem {
    Field {
        path: Word,
        alias: Option<Word>,
    },
    Call {
        call: Call,
        alias: Option<Word>,
    },
    Children {
        query: Box<Query>,
        alias: Option<Word>,
    },
    TypeOf {
        type_of: TypeOf,
        alias: Option<Word>,
    },
    /// `FIELDS(ALL)`
    Fields {
        which: Word,
        span: Span,
    },
}

/// A function with its arguments; `DISTANCE` and `GEOLOCATION` too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: Word,
    pub arguments: Vec<Argument>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    Field(Word),
    Call(Call),
    Literal(Literal),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeOf {
    pub path: Word,
    /// Object and its fields; at least one.
    pub branches: Vec<(Word, Vec<Word>)>,
    pub otherwise: Vec<Word>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    pub path: Word,
    pub alias: Option<Word>,
}

/// What stands left of an operator, in ORDER BY and in GROUP BY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    Field(Word),
    Call(Call),
}

impl Operand {
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Field(word) => word.span,
            Self::Call(call) => call.span,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// AND and OR never stand side by side at one level; inner levels are written in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>, Span),
    Compare {
        left: Operand,
        comparison: Comparison,
        value: Literal,
    },
    Like {
        left: Operand,
        pattern: Literal,
    },
    In {
        left: Operand,
        negated: bool,
        values: Vec<Literal>,
    },
    SemiJoin {
        left: Operand,
        negated: bool,
        query: Box<SemiJoin>,
    },
    /// `INCLUDES` and `EXCLUDES` of multi-select picklists.
    Includes {
        field: Word,
        negated: bool,
        values: Vec<Literal>,
    },
    /// `A + B > 10`: the grammar has it, no document does.
    Calculated {
        left: Word,
        plus: bool,
        right: Word,
        comparison: Comparison,
        value: Literal,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SemiJoin {
    pub field: Word,
    pub from: Vec<From>,
    pub scope: Option<Word>,
    pub condition: Option<Condition>,
    pub with: Vec<With>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    pub kind: LiteralKind,
    pub span: Span,
}

/// Undecoded: what a literal means depends on the field that it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// Between the quotes, escapes as written; see [`super::parser::decode`].
    Text(CompactString),
    /// With its sign.
    Integer(CompactString),
    Decimal(CompactString),
    Boolean(bool),
    Null,
    Date(CompactString),
    DateTime(CompactString),
    Time(CompactString),
    /// `TODAY`, `LAST_N_DAYS:5`
    DateFormula {
        name: CompactString,
        count: Option<CompactString>,
    },
    /// `USD5000.01`
    Currency(CompactString),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integer {
    /// With its sign; can be longer than any machine integer.
    pub text: CompactString,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    DataCategory(Vec<Category>),
    Setting { name: Word, value: Literal },
    SecurityEnforced(Span),
    UserMode(Span),
    SystemMode(Span),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub group: Word,
    pub selector: CategorySelector,
    pub names: Vec<Word>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategorySelector {
    At,
    Above,
    Below,
    AboveOrBelow,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub kind: GroupKind,
    pub items: Vec<Operand>,
    pub having: Option<Condition>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    Plain,
    Rollup,
    Cube,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderItem {
    pub operand: Operand,
    /// None when nothing was written, which means ascending.
    pub descending: Option<bool>,
    /// None when nothing was written, which means first.
    pub nulls_last: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    View,
    Reference,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    Tracking,
    ViewStat,
}
