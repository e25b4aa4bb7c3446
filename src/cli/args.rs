//! What was typed, typed. Defaults that belong to a scenario are not here.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::exit;
use crate::output::{Format, Overwrite};
use crate::scenario::evidence::Kind;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// A parallel agent-based simulation engine for political polarization, with Russia in 1917 as its case.
///
/// Workers, soldiers, sailors and townspeople hold positions and support parties; repression, lockouts, hunger, a
/// coup and each other's voices move them; committees and soviets are elected from below. A scenario file says
/// everything; a run folder holds tables and charts.
#[derive(Debug, Parser)]
#[command(name = "october", version, styles = STYLES, after_help = exit::HELP, max_term_width = 100)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario and write a run folder with tables and charts
    Run(RunArgs),
    /// Compare two or more run folders or scenarios: charts, first majorities, what differs
    Compare(CompareArgs),
    /// Decide the stylised facts of a scenario, running the counterfactuals they need
    Validate(ValidateArgs),
    /// Run a finished run again and compare every table, cell by cell
    Verify(VerifyArgs),
    /// Write a run folder as one page for a browser: charts one can hover, dates, scorecard, provenance
    Report(ReportArgs),
    /// Fit named parameters to the historical record; resumable
    Calibrate(CalibrateArgs),
    /// Run a designed grid of settings: one tidy table, heat maps and lines; resumable
    Sweep(SweepArgs),
    /// Find which parameters an outcome hangs on: Morris screening and Sobol indices; resumable
    Sensitivity(SensitivityArgs),
    /// Drop events in turn and say what each adds to an outcome, with Shapley values; resumable
    Ablate(AblateArgs),
    /// Measure agent-days per second and bytes per agent on this machine
    Bench(BenchArgs),
    /// Inspect scenarios before running them
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

const RUN_EXAMPLES: &str = "\
Examples:
  october run                                     the default scenario, at true size
  october run --agents 100k --replicates 20       a quick ensemble, with bands on the charts
  october run scenarios/no-kornilov.toml          the same year without the coup
  october run --set choice.conformity=0.8         a parameter changed: same people, same draws
  october run --set event.kornilov.enabled=false  an event dropped
  october run my.toml --out trial --json          a summary for scripts on stdout
  october run --fork 1917-08-26 --set event.kornilov.enabled=false
                                                  two futures from the same day, in two folders
  october run --agents 100k --until-se 0.5d --outcome transfer-day --within 10m
                                                  replicates until the day is known to half a day

Everything random depends on the seed alone: the same scenario, seed and version give the same
tables on any number of threads. Ctrl-C stops after the day under way; the line to resume is
printed.";

/// `october run`.
#[derive(Debug, Args)]
#[command(after_help = format!("{RUN_EXAMPLES}\n\n{}", exit::HELP))]
pub struct RunArgs {
    /// Scenario file, or the name of a scenario that ships (default: petrograd-1917)
    pub scenario: Option<PathBuf>,
    /// What to change in it
    #[command(flatten)]
    pub changes: Changes,
    /// Where it is written, and what is said of it
    #[command(flatten)]
    pub delivery: Delivery,
    /// Go on with an interrupted run in the folder
    #[arg(long)]
    pub resume: bool,
    /// Save the state every so many days, so that a crash loses little
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    pub checkpoint_every: Option<u32>,
    /// Memory the run may take, such as 8G [default: what the machine has free]
    #[arg(long, value_name = "BYTES", value_parser = parse_size)]
    pub memory_limit: Option<u64>,
    /// When there are replicates enough
    #[command(flatten)]
    pub stopping: Stopping,
    /// Run up to this date once, then once as it is and once with what --set and --fork-set change
    #[arg(long, value_name = "DATE", conflicts_with_all = ["checkpoint_every", "until_se"])]
    pub fork: Option<String>,
    /// A future of --fork by name, as in calm:event.kornilov.enabled=false; may be repeated, for one future too
    #[arg(long, value_name = "NAME:KEY=VALUE", requires = "fork")]
    pub fork_set: Vec<String>,
}

/// When there are replicates enough.
#[derive(Clone, Debug, Args)]
pub struct Stopping {
    /// Add replicates until the standard error of the mean of --outcome is this small: 0.5%, 1d, or a number in its
    /// unit
    #[arg(long, value_name = "ERROR", value_parser = parse_precision, requires = "outcome", conflicts_with = "replicates")]
    pub until_se: Option<f64>,
    /// Outcome for --until-se, such as transfer-day or majority:BODY:PARTY
    #[arg(long, value_name = "OUTCOME", requires = "until_se")]
    pub outcome: Option<String>,
    /// With --until-se: begin no more replicates after this time, such as 90s, 10m, 2h
    #[arg(long, value_name = "TIME", value_parser = parse_duration, requires = "until_se")]
    pub within: Option<Duration>,
    /// With --until-se: the most replicates
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub max_replicates: u64,
}

/// What becomes of the results.
#[derive(Clone, Debug, Args)]
pub struct Delivery {
    /// Folder to write [default: a folder in output/, by what is run]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace a folder that is there already
    #[arg(long)]
    pub overwrite: bool,
    /// Threads to use (0: all); results do not depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Formats of the tables, such as csv,parquet
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_enum, default_values = ["csv"])]
    pub format: Vec<Format>,
    /// Draw no charts
    #[arg(long)]
    pub no_charts: bool,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
    /// Print the result as one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}

impl Delivery {
    /// What happens to a folder that is there already.
    pub(super) fn overwriting(&self) -> Overwrite {
        if self.overwrite { Overwrite::Replace } else { Overwrite::Refuse }
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}

/// What is changed in a scenario from the command line.
#[derive(Clone, Debug, Default, Args)]
pub struct Changes {
    /// Root seed
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Agents to simulate; the population is rescaled (suffixes k, M, G, T)
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub agents: Option<u64>,
    /// Days to simulate
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub days: Option<u32>,
    /// Replicates: the same scenario under independent draws
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub replicates: Option<u64>,
    /// Record the life histories of so many agents, day by day, in sample.parquet (suffixes k, M)
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub sample_agents: Option<u64>,
    /// Change one value, as in --set attitude.rate=0.01; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

/// `october compare`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub struct CompareArgs {
    /// Run folders or scenarios, two or more; scenarios are run with common random numbers
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// What to change in scenarios that have to be run
    #[command(flatten)]
    pub changes: Changes,
    /// Where it is written, and what is said of it
    #[command(flatten)]
    pub delivery: Delivery,
}

const VALIDATE_EXAMPLES: &str = "\
Examples:
  october validate capitals-1917 --agents 100k --replicates 8
  october validate capitals-1917 --facts F06,F11     two facts and the histories they need
  october validate output/my-run                     what a run folder alone can show
  october validate capitals-1917 --strict            exit code 3 if a fact that held is lost
  october validate russia-1917 --no-facts            the record alone: scorecard and skill
  october validate russia-1917 --no-facts --evidence my/city_votes.csv   rows of your own";

/// `october validate`.
#[derive(Debug, Args)]
#[command(after_help = format!("{VALIDATE_EXAMPLES}\n\n{}", exit::HELP))]
pub struct ValidateArgs {
    /// Scenario file, name of a scenario that ships, or run folder (default: petrograd-1917)
    pub scenario: Option<PathBuf>,
    /// What to change in it
    #[command(flatten)]
    pub changes: Changes,
    /// Facts to decide, such as F01,F06 [default: all]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub facts: Vec<String>,
    /// Decide no facts: hold the scenario against the record alone
    #[arg(long, conflicts_with_all = ["facts", "strict", "update_baseline"])]
    pub no_facts: bool,
    /// Files of evidence to hold it against [default: those the scenario names]; may be repeated
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// Hold it against no evidence: decide facts alone
    #[arg(long, conflicts_with = "evidence")]
    pub no_evidence: bool,
    /// Fail with exit code 3 if a fact that held in the baseline holds no longer
    #[arg(long)]
    pub strict: bool,
    /// Facts that held [default: the baseline that ships with the scenario]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the facts that hold now as the baseline
    #[arg(long)]
    pub update_baseline: bool,
    /// Where it is written, and what is said of it
    #[command(flatten)]
    pub delivery: Delivery,
}

/// `october verify`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub struct VerifyArgs {
    /// Run folder, as `october run` wrote it
    pub run: PathBuf,
    /// Threads to use (0: all); results do not depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Memory the run may take, such as 8G [default: what the machine has free]
    #[arg(long, value_name = "BYTES", value_parser = parse_size)]
    pub memory_limit: Option<u64>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
    /// Print the result as one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}

/// `october report`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub struct ReportArgs {
    /// Run folder, of a run or of a validation
    pub run: PathBuf,
    /// File to write [default: report.html in the run folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

const CALIBRATE_EXAMPLES: &str = "\
Examples:
  october calibrate my.toml --evidence votes.csv --parameters choice.conformity=0.6..1.6
  october calibrate my.toml --parameters my-parameters.csv --fit-share 0.5 --generations 40
  october calibrate my.toml --parameters my-parameters.csv --resume

A file of parameters has the columns key,low,high. All candidates run on the same seeds. Ctrl-C stops
after the generation under way; --resume goes on from there and gives the same result.";

/// `october calibrate`.
#[derive(Debug, Args)]
#[command(after_help = format!("{CALIBRATE_EXAMPLES}\n\n{}", exit::HELP))]
pub struct CalibrateArgs {
    /// Scenario file, or the name of a scenario that ships
    pub scenario: PathBuf,
    /// What to change in it before the search
    #[command(flatten)]
    pub changes: Changes,
    /// Files of evidence [default: those the scenario names]; may be repeated
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// Parameters with their ranges, KEY=LOW..HIGH, or a CSV file with columns key,low,high
    #[arg(long, value_name = "KEY=LOW..HIGH", value_delimiter = ',', required = true)]
    pub parameters: Vec<String>,
    /// Kinds of rows that serve to fit
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_enum, default_values = ["assembly", "ballot"])]
    pub kinds: Vec<Kind>,
    /// Share of the places whose rows serve to fit; the rest is kept for validation
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    pub fit_share: f64,
    /// How values are searched for
    #[arg(long, value_name = "METHOD", value_enum, default_value_t = MethodName::CmaEs)]
    pub method: MethodName,
    /// Generations of the search; Gauss-Newton steps end before where nothing is gained
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..))]
    pub generations: u32,
    /// Candidates in a generation of cma-es [default: 4 + 3 ln(parameters), even]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(4..))]
    pub population: Option<u32>,
    /// Weight of the prior, a normal law around the scenario's own values with a quarter of each range; 0 for none
    #[arg(long, value_name = "WEIGHT", default_value_t = 1.0, value_parser = parse_weight)]
    pub prior: f64,
    /// Go on with an interrupted search
    #[arg(long)]
    pub resume: bool,
    /// Where it is written, and what is said of it
    #[command(flatten)]
    pub delivery: Delivery,
}

/// How values are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// Adapts the covariance of candidates drawn at random: for few parameters
    CmaEs,
    /// Gauss-Newton steps to the mode of the posterior: for many parameters
    GaussNewton,
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Assembly, Self::Ballot, Self::Seats, Self::Vote, Self::Members, Self::Series]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Assembly => "The ballot of the whole country, by district",
            Self::Ballot => "Ballots of towns and garrisons",
            Self::Seats => "Seats of bodies",
            Self::Vote => "Votes of bodies",
            Self::Members => "Members of parties",
            Self::Series => "People who acted, by month",
        };
        Some(PossibleValue::new(self.word()).help(help))
    }
}

/// What trials are measured by, and how an interrupted series of them is gone on with.
#[derive(Clone, Debug, Args)]
pub struct Trials {
    /// Outcomes, such as transfer, transfer-day, majority:BODY:PARTY, support:CLASS:PARTY@DATE,
    /// measure:esteban_ray, authority:elected, losses; may be repeated [default: those of interest in the scenario]
    #[arg(long = "outcome", value_name = "OUTCOME")]
    pub outcomes: Vec<String>,
    /// Go on with an interrupted one
    #[arg(long)]
    pub resume: bool,
    /// Where it is written, and what is said of it
    #[command(flatten)]
    pub delivery: Delivery,
}

const SWEEP_EXAMPLES: &str = "\
Examples:
  october sweep --vary choice.conformity=0.5..1.5:5 --agents 50k --replicates 8
  october sweep --vary leadership.central-committee.from=1917-09-20..1917-11-20:7 \\
                --vary leadership.central-committee.resolve.mean=0.3..0.9:5 --outcome transfer
  october sweep --vary attitude.rate=0.005..0.03 --vary voice.caution=0..1 --design sobol --points 128
  october sweep … --resume                       after Ctrl-C, a crash or a power cut

All points run on the same seeds: the same people, the same draws wherever a setting makes no difference.";

/// `october sweep`.
#[derive(Debug, Args)]
#[command(after_help = format!("{SWEEP_EXAMPLES}\n\n{}", exit::HELP))]
pub struct SweepArgs {
    /// Scenario file, or the name of a scenario that ships (default: petrograd-1917)
    pub scenario: Option<PathBuf>,
    /// A number or a date of the scenario and its values: KEY=LOW..HIGH:N or KEY=A,B,C; KEY=LOW..HIGH in other designs
    /// than grid; may be repeated
    #[arg(long = "vary", value_name = "KEY=LOW..HIGH:N", required = true)]
    pub vary: Vec<String>,
    /// Which points are run
    #[arg(long, value_name = "DESIGN", value_enum, default_value_t = Design::Grid)]
    pub design: Design,
    /// Points of a design other than grid
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub points: u32,
    /// What else to change in it
    #[command(flatten)]
    pub changes: Changes,
    /// What is measured and written
    #[command(flatten)]
    pub trials: Trials,
}

/// Which points a sweep runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Design {
    /// Every combination of the values
    Grid,
    /// Latin hypercube: each range filled evenly, combinations at random
    Lhs,
    /// Scrambled Sobol sequence: combinations filled evenly too
    Sobol,
}

const SENSITIVITY_EXAMPLES: &str = "\
Examples:
  october sensitivity --parameters choice.conformity=0.5..1.5,attitude.rate=0.005..0.03 --agents 20k
  october sensitivity my.toml --parameters my-parameters.csv --outcome transfer-day --trajectories 20
  october sensitivity my.toml --parameters my-parameters.csv --method sobol --points 256 --resume

A file of parameters has the columns key,low,high. Morris needs trajectories x (parameters + 1) runs, Sobol
points x (parameters + 2), each with --replicates on common random numbers. A day that never comes counts
as the day after the last one.";

/// `october sensitivity`.
#[derive(Debug, Args)]
#[command(after_help = format!("{SENSITIVITY_EXAMPLES}\n\n{}", exit::HELP))]
pub struct SensitivityArgs {
    /// Scenario file, or the name of a scenario that ships (default: petrograd-1917)
    pub scenario: Option<PathBuf>,
    /// Parameters with their ranges, KEY=LOW..HIGH, or a CSV file with columns key,low,high
    #[arg(long, value_name = "KEY=LOW..HIGH", value_delimiter = ',', required = true)]
    pub parameters: Vec<String>,
    /// Elementary effects, variance-based indices, or both
    #[arg(long, value_name = "METHOD", value_delimiter = ',', value_enum, default_values = ["morris"])]
    pub method: Vec<SensitivityMethod>,
    /// Paths of the Morris design
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub trajectories: u32,
    /// Points of the Sobol design, best a power of two
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(4..=1_000_000))]
    pub points: u32,
    /// What else to change in it
    #[command(flatten)]
    pub changes: Changes,
    /// What is measured and written
    #[command(flatten)]
    pub trials: Trials,
}

/// How sensitivity is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SensitivityMethod {
    /// Mean size and spread of elementary effects: a screening, for many parameters
    Morris,
    /// First-order and total shares of the variance, with bootstrap intervals: for few parameters
    Sobol,
}

const ABLATE_EXAMPLES: &str = "\
Examples:
  october ablate --events july-repression,june-offensive --outcome transfer-day --agents 100k --replicates 10
  october ablate my.toml --events storm --outcome \"majority:BODY:PARTY\"

Up to six events: all their subsets are run and each gets its Shapley value. More: each is dropped in turn. A day
that never comes counts as the day after the last one.";

/// `october ablate`.
#[derive(Debug, Args)]
#[command(after_help = format!("{ABLATE_EXAMPLES}\n\n{}", exit::HELP))]
pub struct AblateArgs {
    /// Scenario file, or the name of a scenario that ships (default: petrograd-1917)
    pub scenario: Option<PathBuf>,
    /// Events of the scenario, such as kornilov,july-repression
    #[arg(long, value_name = "EVENT", value_delimiter = ',', required = true)]
    pub events: Vec<String>,
    /// What else to change in it
    #[command(flatten)]
    pub changes: Changes,
    /// What is measured and written
    #[command(flatten)]
    pub trials: Trials,
}

const BENCH_NOTES: &str = "\
Numbers of threads step the same people in turns (those of the standard task one after the other).
`times` is the median over turns of how many times as fast as the first number of threads each is;
half of the turns lie between the quartiles beside it.";

/// `october bench`.
#[derive(Debug, Args)]
#[command(after_help = format!("{BENCH_NOTES}\n\n{}", exit::HELP))]
pub struct BenchArgs {
    /// Numbers of agents, such as 100k,1M,10M
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = parse_count, default_values = ["100k", "1M", "10M"])]
    pub agents: Vec<u64>,
    /// Numbers of threads, such as 1,2 [default: 1 and all]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub threads: Vec<usize>,
    /// Days to step, after two to warm up
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=3000))]
    pub days: u32,
    /// What to step
    #[arg(long, value_name = "TASK", value_delimiter = ',', default_values = ["full"])]
    pub task: Vec<Task>,
    /// Chance of reconsidering on an ordinary day, for every class of the default scenario; `full` and `plain` alone
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = parse_share)]
    pub attention: f64,
    /// Print the figures as one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}

/// What `bench` steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Task {
    /// The default scenario, all phases
    Full,
    /// The same by a plain loop over structs in double precision: the baseline
    Plain,
    /// Two opinions that spread by contact, as other frameworks are timed on
    Contagion,
}

/// `october scenario`.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// Report every problem in a scenario (exit code 3 if there is one)
    Check(CheckArgs),
    /// Print a scenario with inheritance resolved and all defaults filled in
    Show(ScenarioArgs),
    /// Print what differs between two scenarios
    Diff {
        /// One scenario
        left: PathBuf,
        /// Another
        right: PathBuf,
    },
    /// Print the model by the ODD protocol, with the tables of a scenario, as Markdown
    Odd(ScenarioArgs),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a commented template of a scenario
    New,
    /// List the scenarios that ship with the program
    List,
}

/// `october scenario check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The scenario
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Also check that every number has a source, a grade and a range; what lacks them is listed
    #[arg(long)]
    pub sources: bool,
    /// With --sources: write every number with its source, grade and range to a CSV file
    #[arg(long, value_name = "FILE", requires = "sources")]
    pub ledger: Option<PathBuf>,
}

/// A scenario and what to change in it.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// Scenario file, or the name of a scenario that ships (default: petrograd-1917)
    pub scenario: Option<PathBuf>,
    /// What to change in it
    #[command(flatten)]
    pub changes: Changes,
}

/// A share.
fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share from 0 to 1".to_owned()),
    }
}

/// A number of at least 0.
fn parse_weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(weight) if weight >= 0.0 && weight.is_finite() => Ok(weight),
        _ => Err("a number of at least 0".to_owned()),
    }
}

/// A standard error: a share in percent, days, or a plain number.
fn parse_precision(text: &str) -> Result<f64, String> {
    let (number, factor) = match (text.strip_suffix('%'), text.strip_suffix('d')) {
        (Some(percent), _) => (percent, 0.01),
        (_, Some(days)) => (days, 1.0),
        _ => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value * factor),
        _ => Err("a number above 0, as in 0.5%, 1d or 0.02".to_owned()),
    }
}

/// A time: seconds, or with `s`, `m` or `h`.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(['s', 'm', 'h']);
    let factor = match &text[number.len()..] {
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("unknown suffix `{other}`, use s, m or h")),
    };
    match number.parse::<f64>() {
        Ok(value) if value > 0.0 && value * factor < 1e9 => Ok(Duration::from_secs_f64(value * factor)),
        _ => Err("a time above 0, as in 90s, 10m or 2h".to_owned()),
    }
}

/// A count with an optional suffix: `250k`, `2.4M`, `10T`.
fn parse_count(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &text[number.len()..] {
        "" => 1.0,
        "k" | "K" => 1e3,
        "m" | "M" => 1e6,
        "g" | "G" | "b" | "B" => 1e9,
        "t" | "T" => 1e12,
        other => return Err(format!("unknown suffix `{other}`, use k, M, G or T")),
    };
    let value: f64 = number.replace('_', "").parse().map_err(|_| "not a number".to_owned())?;
    let count = value * factor;
    if !count.is_finite() || count < 1.0 {
        return Err("must be at least 1".to_owned());
    }
    if count > 1e18 {
        return Err("too large".to_owned());
    }
    if (count - count.round()).abs() > 1e-6 {
        return Err("must be a whole number".to_owned());
    }
    Ok(count.round() as u64)
}

/// A number of bytes with an optional suffix, powers of 1024.
fn parse_size(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text[number.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1.0,
        "K" | "KB" | "KIB" => 1024.0,
        "M" | "MB" | "MIB" => 1024.0 * 1024.0,
        "G" | "GB" | "GIB" => 1024.0 * 1024.0 * 1024.0,
        "T" | "TB" | "TIB" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        other => return Err(format!("unknown suffix `{other}`, use K, M, G or T")),
    };
    let value: f64 = number.parse().map_err(|_| "not a number".to_owned())?;
    if !(value * factor).is_finite() || value <= 0.0 {
        return Err("must be more than 0".to_owned());
    }
    Ok((value * factor) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn counts_have_suffixes() {
        assert_eq!(parse_count("250k"), Ok(250_000));
        assert_eq!(parse_count("2.4M"), Ok(2_400_000));
        assert_eq!(parse_count("10T"), Ok(10_000_000_000_000));
        assert_eq!(parse_count("7"), Ok(7));
        for bad in ["0", "-3", "x", "1.5", "3q", "NaN", "inf", ""] {
            assert!(parse_count(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(parse_size("2G"), Ok(2 << 30));
        assert_eq!(parse_size("512MiB"), Ok(512 << 20));
        assert!(parse_size("-1G").is_err());
    }
}
