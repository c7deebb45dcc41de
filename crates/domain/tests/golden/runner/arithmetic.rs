//! The arithmetic of `[work]`: what stands on the left of an equals sign, evaluated exactly.
//!
//! Amounts are in major units. `+ - * /`, brackets, `7.5%`, names of other lines of the table, and the functions of README.md.

use super::{currency::Currency, fraction::Fraction, spread};

/// Looks a name up: another line of `[work]`.
pub(crate) type Names<'a> = &'a mut dyn FnMut(&str) -> Result<Fraction, String>;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(Fraction),
    Name(String),
    Sign(char),
}

/// What an expression may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line of `[work]`: everything.
    Work,
    /// An expected figure: sums of what was worked out, or zero.
    Figure,
}

/// # Errors
/// A sentence where the text is no expression, a name is unknown, or a number too large.
pub(crate) fn evaluate(
    text: &str,
    currency: Currency,
    kind: Kind,
    names: Names<'_>,
) -> Result<Fraction, String> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, currency, kind, names };
    let value = reader.sum()?;
    match reader.tokens.get(reader.at) {
        None => Ok(value),
        Some(rest) => Err(format!("{rest:?} was not expected in \"{text}\"")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = |part: fn(char) -> bool| rest.find(|c| !part(c)).unwrap_or(rest.len());
        let taken = if first.is_ascii_digit() {
            let end = length(|c| c.is_ascii_digit() || c == '.');
            found.push(Token::Number(
                Fraction::parse(&rest[..end]).ok_or(format!("{} is no number", &rest[..end]))?,
            ));
            end
        } else if first.is_ascii_lowercase() {
            let end = length(|c| c.is_ascii_alphanumeric() || c == '_' || c == '@');
            found.push(Token::Name(rest[..end].to_owned()));
            end
        } else if "+-*/()[],;%".contains(first) {
            found.push(Token::Sign(first));
            1
        } else {
            return Err(format!("{first:?} means nothing in \"{text}\""));
        };
        rest = rest[taken..].trim_start();
    }
    Ok(found)
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    currency: Currency,
    kind: Kind,
    names: Names<'a>,
}

fn large(value: Option<Fraction>) -> Result<Fraction, String> {
    value.ok_or("a number is too large, or divided by zero".to_owned())
}

impl Reader<'_> {
    fn takes(&mut self, sign: char) -> bool {
        let is = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(is);
        is
    }

    fn wants(&mut self, sign: char) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("{sign:?} is missing")) }
    }

    fn sum(&mut self) -> Result<Fraction, String> {
        let mut value = self.product()?;
        loop {
            if self.takes('+') {
                value = large(value.plus(self.product()?))?;
            } else if self.takes('-') {
                value = large(value.minus(self.product()?))?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<Fraction, String> {
        let mut value = self.part()?;
        loop {
            if self.takes('*') {
                value = large(value.times(self.part()?))?;
            } else if self.takes('/') {
                value = large(value.over(self.part()?))?;
            } else {
                return Ok(value);
            }
        }
    }

    fn part(&mut self) -> Result<Fraction, String> {
        if self.takes('(') {
            let value = self.sum()?;
            self.wants(')')?;
            return Ok(value);
        }
        let token = self.tokens.get(self.at).cloned().ok_or("it ends too early")?;
        self.at += 1;
        match token {
            Token::Number(number) if self.kind == Kind::Figure && number != Fraction::ZERO => {
                Err(format!("{number} is not worked out: name a line of [work]"))
            }
            Token::Number(number) if self.takes('%') => large(number.over(Fraction::whole(100))),
            Token::Number(number) => Ok(number),
            Token::Name(name) if self.takes('(') => self.function(&name),
            Token::Name(name) => (self.names)(&name),
            Token::Sign(sign) => Err(format!("{sign:?} was not expected")),
        }
    }

    /// Reads what stands in the brackets, and works it out.
    fn function(&mut self, name: &str) -> Result<Fraction, String> {
        if self.kind == Kind::Figure {
            return Err(format!("{name} is worked out in [work], not in [expect]"));
        }
        let mut given = vec![self.sum()?];
        let spreads = self.takes(';');
        if spreads {
            given.push(self.sum()?);
        }
        while self.takes(',') {
            given.push(self.sum()?);
        }
        self.wants(')')?;
        let (name, currency) = match name.split_once('@') {
            Some((name, code)) => (name, Currency::find(code)?),
            None => (name, self.currency),
        };
        if !spreads {
            return plain(name, currency, &given);
        }
        self.wants('[')?;
        let index = self.sum()?.exact().and_then(|index| usize::try_from(index - 1).ok());
        self.wants(']')?;
        let parts = parts(name, currency, given[0], &given[1..])?;
        index.and_then(|index| parts.get(index).copied()).ok_or(format!("{name} has no such part"))
    }
}

fn plain(name: &str, currency: Currency, given: &[Fraction]) -> Result<Fraction, String> {
    let stepped = |value: Fraction, step: i128, to: fn(Fraction) -> i128| {
        let steps = currency.in_minor(value)?.over(Fraction::whole(step))?;
        currency.in_major(to(steps).checked_mul(step)?)
    };
    let value = match (name, given) {
        ("round", [x]) => stepped(*x, currency.step, Fraction::half_up),
        ("round_minor", [x]) => stepped(*x, 1, Fraction::half_up),
        ("floor_step", [x]) => stepped(*x, currency.step, Fraction::floor),
        ("floor", [x]) => Some(Fraction::whole(x.floor())),
        ("ceil", [x]) => Some(Fraction::whole(x.ceil())),
        ("min", [first, rest @ ..]) => Some(rest.iter().fold(*first, |least, x| least.min(*x))),
        ("max", [first, rest @ ..]) => Some(rest.iter().fold(*first, |most, x| most.max(*x))),
        ("nearest", [x, step]) => {
            x.over(*step).and_then(|steps| Fraction::whole(steps.half_up()).times(*step))
        }
        ("up", [x, modulus, ending]) => x
            .minus(*ending)
            .and_then(|above| above.over(*modulus))
            .and_then(|steps| Fraction::whole(steps.ceil()).times(*modulus))
            .and_then(|whole| whole.plus(*ending)),
        _ => return Err(format!("there is no {name} of {}", given.len())),
    };
    large(value)
}

/// `lr` spreads an amount over amounts in the steps of the currency; `lr_minor` spreads it over proportions in minor units.
fn parts(
    name: &str,
    currency: Currency,
    total: Fraction,
    weights: &[Fraction],
) -> Result<Vec<Fraction>, String> {
    let total = i128::from(currency.minor_units(total)?);
    let parts = match name {
        "lr" => {
            let amounts = weights.iter().map(|weight| currency.minor_units(*weight).map(i128::from));
            spread::in_steps(total, &amounts.collect::<Result<Vec<_>, _>>()?, currency.step)
        }
        "lr_minor" => spread::by_largest_remainder(total, weights),
        _ => return Err(format!("{name} spreads nothing")),
    };
    let parts = parts.ok_or("more is spread than there is, or over nothing")?;
    parts.into_iter().map(|part| large(currency.in_major(part))).collect()
}
