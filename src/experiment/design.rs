//! Designs of experiments: which points of a space of settings are run.
//!
//! An [`Axis`] is a key of the scenario and the values it takes; a design turns axes into [`Point`]s. All points share
//! the seed, and with it every draw wherever what they set makes no difference (common random numbers).

use std::fmt;

use thiserror::Error;

use crate::random::{Process, ReplicateKey, Stream};

use crate::scenario::{Scenario, Value, node_at, tree_from_text};

/// Most values of an axis, and most points of a design: beyond, it is a mistyped number.
const MOST: usize = 1_000_000;

/// A key of a scenario and the values it takes in a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    key: String,
    kind: Kind,
    /// Ends of the range, or the smallest and the largest value named.
    ends: (f64, f64),
    /// Values of a grid; none where only a range was given.
    levels: Vec<f64>,
    /// The date of each day from the lower end to the upper one, where the values are dates.
    dates: Vec<String>,
}

/// What the values of a key are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Real,
    Whole,
    /// Days of the run, written as dates.
    Date,
}

/// One value of one key: as it is set, and where it lies on its axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// As after `--set KEY=`.
    pub text: String,
    /// The number; of a date the day of the run.
    pub number: f64,
}

/// One value for every axis.
pub type Point = Vec<Level>;

/// Why a text names no axis; reads after "could not vary it: ".
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AxisError {
    /// Not of the form `KEY=…`.
    #[error("`{0}` is not of the form {FORM}")]
    Form(String),
    /// The scenario has no such number or date.
    #[error("`{0}` is neither a number nor a date of the scenario")]
    Key(String),
    /// A value that is no number, or no date where the key is one.
    #[error("`{key}`: `{value}` is no {wanted}")]
    Value {
        /// The key.
        key: String,
        /// As typed.
        value: String,
        /// What was looked for.
        wanted: &'static str,
    },
    /// The lower end is not below the upper one.
    #[error("`{0}`: the range is empty")]
    Empty(String),
    /// Too few or too many values.
    #[error("`{key}`: {count} is not a number of values from 2 to {MOST}")]
    Count {
        /// The key.
        key: String,
        /// As typed.
        count: String,
    },
    /// A grid needs values, and only a range was given.
    #[error("`{0}` has a range and no number of values")]
    Unlevelled(String),
    /// More points than anybody can want.
    #[error("the grid has more than {MOST} points")]
    TooMany,
    /// One key on two axes.
    #[error("`{0}` is there twice")]
    Twice(String),
}

const FORM: &str = "KEY=LOW..HIGH:N, KEY=LOW..HIGH or KEY=A,B,C";

impl AxisError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Form(_) => "as in choice.conformity=0.6..1.6:5",
            Self::Key(_) => "a dotted key, as after --set; october scenario show prints them",
            Self::Value { .. } => "numbers as in 0.5, dates as in 1917-10-25",
            Self::Empty(_) => "the lower end goes first, as in 0.5..1.5",
            Self::Count { .. } => "as in KEY=0.5..1.5:5 for five values",
            Self::Unlevelled(_) => "say how many values, as in KEY=0.5..1.5:5, or choose another --design",
            Self::TooMany => "fewer values, or a design of --points N",
            Self::Twice(_) => "name it once",
        }
    }
}

impl Axis {
    /// The axis that `text` names: `KEY=LOW..HIGH:N` for N even values, `KEY=LOW..HIGH` for a range, `KEY=A,B,C` for
    /// values as they stand. Numbers, or dates where the key of the scenario is a date.
    ///
    /// # Errors
    /// If it is not of that form, or names what the scenario does not have.
    ///
    /// ```
    /// use october::experiment::design::Axis;
    /// use october::scenario::default_scenario;
    ///
    /// let scenario = default_scenario(&[]).expect("it ships valid");
    /// let axis = Axis::parse("choice.conformity=0.5..1.5:3", &scenario).expect("a number of it");
    /// assert_eq!(axis.levels().iter().map(|l| l.number).collect::<Vec<_>>(), [0.5, 1.0, 1.5]);
    /// assert!(Axis::parse("choice.conformty=0.5..1.5:3", &scenario).is_err());
    /// ```
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Self, AxisError> {
        let malformed = || AxisError::Form(text.to_owned());
        let (key, values) = text.split_once('=').ok_or_else(malformed)?;
        let (key, values) = (key.trim().to_owned(), values.trim());
        let kind = kind_of(&key, scenario)?;
        let number = |typed: &str| {
            let typed = typed.trim();
            let (value, wanted) = match kind {
                Kind::Date => (scenario.day_of(typed).map(|day| day as f64), "date"),
                Kind::Whole => (typed.parse::<i64>().ok().map(|v| v as f64), "whole number"),
                Kind::Real => (typed.parse::<f64>().ok().filter(|v| v.is_finite()), "number"),
            };
            value.ok_or_else(|| AxisError::Value { key: key.clone(), value: typed.to_owned(), wanted })
        };
        let (ends, levels) = match values.split_once("..") {
            Some((low, rest)) => {
                let (high, count) = rest.split_once(':').map_or((rest, None), |(high, n)| (high, Some(n)));
                let ends = (number(low)?, number(high)?);
                if ends.0 >= ends.1 {
                    return Err(AxisError::Empty(key));
                }
                (ends, count.map_or(Ok(Vec::new()), |count| evenly(&key, kind, ends, count))?)
            }
            None => {
                let levels: Vec<f64> = values.split(',').map(number).collect::<Result<_, _>>()?;
                let low = levels.iter().copied().fold(f64::INFINITY, f64::min);
                let high = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                ((low, high), levels)
            }
        };
        let days = if kind == Kind::Date { ends.0 as i64..ends.1 as i64 + 1 } else { 0..0 };
        Ok(Self { key, kind, ends, levels, dates: days.map(|day| scenario.date_of(day)).collect() })
    }

    /// The axis of a number of the scenario from the lower to the upper one of `ends`.
    ///
    /// # Errors
    /// If there is no such number.
    pub fn between(key: &str, ends: (f64, f64), scenario: &Scenario) -> Result<Self, AxisError> {
        match kind_of(key, scenario)? {
            Kind::Date => Err(AxisError::Key(key.to_owned())),
            kind => Ok(Self { key: key.to_owned(), kind, ends, levels: Vec::new(), dates: Vec::new() }),
        }
    }

    /// The dotted key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Ends of its range.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        self.ends
    }

    /// Whether its values are dates, days of the run on its axis.
    #[must_use]
    pub fn is_date(&self) -> bool {
        self.kind == Kind::Date
    }

    /// The values of a grid; none where only a range was given.
    #[must_use]
    pub fn levels(&self) -> Vec<Level> {
        self.levels.iter().map(|&number| self.level(number)).collect()
    }

    /// The value at `number`, rounded where the key is whole or a date.
    #[must_use]
    pub fn level(&self, number: f64) -> Level {
        match self.kind {
            Kind::Real => Level { text: format!("{number:?}"), number },
            Kind::Whole => Level { text: format!("{}", number.round() as i64), number: number.round() },
            Kind::Date => {
                let day = number.round().clamp(self.ends.0, self.ends.1);
                Level { text: self.dates[(day - self.ends.0) as usize].clone(), number: day }
            }
        }
    }

    /// The value `unit` (0..1) of the way through the range.
    #[must_use]
    pub fn at(&self, unit: f64) -> Level {
        self.level(self.ends.0 + unit * (self.ends.1 - self.ends.0))
    }

    /// What sets this key to `level`, as after `--set`.
    #[must_use]
    pub fn setting(&self, level: &Level) -> String {
        format!("{}={}", self.key, level.text)
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)
    }
}

/// What stands at `key` in the scenario.
fn kind_of(key: &str, scenario: &Scenario) -> Result<Kind, AxisError> {
    let unknown = || AxisError::Key(key.to_owned());
    let tree = tree_from_text(scenario.name(), scenario.resolved()).map_err(|_| unknown())?;
    match node_at(&tree, key).map(|node| &node.value) {
        Some(Value::Int(_)) => Ok(Kind::Whole),
        Some(Value::Real(_)) => Ok(Kind::Real),
        Some(Value::Text(date)) if scenario.day_of(date).is_some() => Ok(Kind::Date),
        _ => Err(unknown()),
    }
}

fn evenly(key: &str, kind: Kind, (low, high): (f64, f64), count: &str) -> Result<Vec<f64>, AxisError> {
    let wrong = || AxisError::Count { key: key.to_owned(), count: count.to_owned() };
    let n = count.trim().parse::<usize>().ok().filter(|n| (2..=MOST).contains(n)).ok_or_else(wrong)?;
    let step = (high - low) / (n - 1) as f64;
    // In twelve digits: 0.3 + 2 × 0.2 is meant to be 0.7.
    let plain = |v: f64| format!("{v:.11e}").parse().unwrap_or(v);
    let value = |i: usize| if i + 1 == n { high } else { plain(low + step * i as f64) };
    let mut levels: Vec<f64> =
        (0..n).map(|i| if kind == Kind::Real { value(i) } else { value(i).round() }).collect();
    levels.dedup();
    Ok(levels)
}

/// The axes that `texts` name, each key once.
///
/// # Errors
/// What is wrong with the first that is.
pub fn axes(texts: &[String], scenario: &Scenario) -> Result<Vec<Axis>, AxisError> {
    let mut axes: Vec<Axis> = Vec::new();
    for text in texts {
        let axis = Axis::parse(text, scenario)?;
        if axes.iter().any(|a| a.key == axis.key) {
            return Err(AxisError::Twice(axis.key));
        }
        axes.push(axis);
    }
    Ok(axes)
}

/// Every combination of the values of the axes; the last axis moves fastest.
///
/// # Errors
/// If an axis has a range and no values, or there are more points than anybody can want.
pub fn grid(axes: &[Axis]) -> Result<Vec<Point>, AxisError> {
    let mut points: Vec<Point> = vec![Vec::new()];
    for axis in axes {
        let levels = axis.levels();
        if levels.is_empty() {
            return Err(AxisError::Unlevelled(axis.key.clone()));
        }
        if points.len().saturating_mul(levels.len()) > MOST {
            return Err(AxisError::TooMany);
        }
        let longer = |point: &Point| {
            let point = point.clone();
            levels.iter().map(move |level| [&point[..], std::slice::from_ref(level)].concat())
        };
        points = points.iter().flat_map(longer).collect();
    }
    Ok(points)
}

/// `count` points of which each axis has one in every `count`-th of its range: a random Latin hypercube.
///
/// Source: McKay, Beckman and Conover 1979, doi:10.1080/00401706.1979.10489755.
#[must_use]
pub fn latin_hypercube(axes: &[Axis], count: usize, seed: u64) -> Vec<Point> {
    let key = ReplicateKey::new(seed, 0);
    let columns: Vec<Vec<f64>> = (0..axes.len())
        .map(|dimension| {
            let mut stream = Stream::new(key, Process::Design, 0, dimension as u64);
            let mut cells: Vec<usize> = (0..count).collect();
            for last in (1..count).rev() {
                let other = ((u64::from(stream.word()) * (last as u64 + 1)) >> 32) as usize;
                cells.swap(last, other);
            }
            cells.into_iter().map(|c| (c as f64 + f64::from(stream.uniform())) / count as f64).collect()
        })
        .collect();
    (0..count).map(|i| axes.iter().zip(&columns).map(|(axis, column)| axis.at(column[i])).collect()).collect()
}

/// The first `count` points of a Sobol sequence with Owen scrambling.
///
/// Sources: Sobol 1967, doi:10.1016/0041-5553(67)90144-9; Burley 2020, Practical Hash-based Owen Scrambling.
#[must_use]
pub fn sobol(axes: &[Axis], count: usize, seed: u64) -> Vec<Point> {
    let unit = sobol_units(axes.len(), count, seed);
    unit.iter().map(|row| axes.iter().zip(row).map(|(axis, u)| axis.at(*u)).collect()).collect()
}

/// As [`sobol`], in the unit cube: `count` rows of `dimensions` numbers from 0 to 1.
#[must_use]
pub fn sobol_units(dimensions: usize, count: usize, seed: u64) -> Vec<Vec<f64>> {
    let [low, high, ..] = ReplicateKey::new(seed, 0).words();
    let one = |index: usize, dimension: usize| {
        f64::from(sobol_burley::sample(index as u32, dimension as u32, low ^ high))
    };
    (0..count).map(|i| (0..dimensions).map(|d| one(i, d)).collect()).collect()
}

/// Most axes of a Sobol sequence.
pub const SOBOL_DIMENSIONS: usize = 4 * sobol_burley::NUM_DIMENSION_SETS_4D as usize;

/// What sets the keys of `axes` as `point` has them.
#[must_use]
pub fn settings(axes: &[Axis], point: &Point) -> Vec<String> {
    axes.iter().zip(point).map(|(axis, level)| axis.setting(level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::default_scenario;

    fn some_axes() -> Vec<Axis> {
        let scenario = default_scenario(&[]).expect("it ships valid");
        let texts =
            ["choice.conformity=0.6..1.6:3", "leadership.central-committee.from=1917-10-01..1917-10-11:3"];
        axes(&texts.map(str::to_owned), &scenario).expect("both are there")
    }

    #[test]
    fn a_grid_has_every_combination() {
        let axes = some_axes();
        let points = grid(&axes).expect("both have values");
        assert_eq!(points.len(), 9);
        let texts: Vec<Vec<String>> = points.iter().map(|p| settings(&axes, p)).collect();
        assert_eq!(texts[1][1], "leadership.central-committee.from=1917-10-06");
        assert_eq!(texts[8], ["choice.conformity=1.6", "leadership.central-committee.from=1917-10-11"]);
    }

    #[test]
    fn even_values_are_as_somebody_would_write_them() {
        let scenario = default_scenario(&[]).expect("it ships valid");
        let axis = Axis::parse("choice.conformity=0.3..0.9:4", &scenario).expect("a number");
        let texts: Vec<String> = axis.levels().into_iter().map(|l| l.text).collect();
        assert_eq!(texts, ["0.3", "0.5", "0.7", "0.9"]);
    }

    #[test]
    fn hypercubes_and_sequences_fill_every_stratum_once() {
        let axes = some_axes();
        for points in [latin_hypercube(&axes[..1], 16, 5), sobol(&axes[..1], 16, 5)] {
            let mut strata: Vec<usize> =
                points.iter().map(|p| ((p[0].number - 0.6) * 16.0) as usize).collect();
            strata.sort_unstable();
            assert_eq!(strata, (0..16).collect::<Vec<_>>());
        }
        assert_ne!(latin_hypercube(&axes, 16, 5), latin_hypercube(&axes, 16, 6));
    }

    #[test]
    fn what_names_no_axis_is_refused_with_its_reason() {
        let scenario = default_scenario(&[]).expect("it ships valid");
        for (text, part) in [
            ("choice.conformity", "not of the form"),
            ("choice.conformty=1..2:3", "neither a number nor a date"),
            ("choice.conformity=2..1:3", "range is empty"),
            ("choice.conformity=1..2:1", "number of values"),
            ("choice.conformity=a,b", "is no number"),
            ("leadership.central-committee.from=1917-10-32,1917-10-20", "is no date"),
        ] {
            let error = Axis::parse(text, &scenario).expect_err(text);
            assert!(error.to_string().contains(part), "{error}");
        }
        let twice = ["choice.conformity=1,2".to_owned(), "choice.conformity=1..2".to_owned()];
        assert!(axes(&twice, &scenario).is_err());
        assert!(grid(&[Axis::parse("choice.conformity=1..2", &scenario).expect("a range")]).is_err());
    }
}
