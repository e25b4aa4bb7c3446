//! Surveys on the command line: trials under a bar, kept in a journal as they finish, and gone on with.
#![expect(
    clippy::disallowed_methods,
    reason = "the journal is a file beside the folder, for --resume; what trials cost is measured"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::{Changes, Delivery, Trials};
use super::failure::{Failure, say};
use super::figures::{lines_of_charts, write_charts};
use super::progress::Bar;
use super::{backend, interrupt, memory};
use crate::charts::{Caption, Chart, ChartError};
use crate::experiment::{Outcome, Survey, Trial};
use crate::observers::table::TableSet;
use crate::output::manifest::{ScenarioIdentity, sha256_hex};
use crate::output::{Draft, Manifest, Overwrite, Platform, RunFolder};
use crate::scenario::Scenario;

/// The scenario that was named, once it is known that the machine has room for it.
pub(super) fn load(path: Option<&Path>, changes: &Changes, of: &Trials) -> Result<Scenario, Failure> {
    interrupt::listen();
    let scenario = super::scenario::load(path, changes)?;
    memory::check(&scenario, of.delivery.threads, None)?;
    Ok(scenario)
}

/// The folder that was named, or one of the command and the scenario, begun.
///
/// With `resume` it may be there, if the journal still is: then the command was killed between its last two steps.
pub(super) fn begin(
    command: &str,
    scenario: &Scenario,
    delivery: &Delivery,
    resume: bool,
) -> Result<(PathBuf, Draft), Failure> {
    let named = || PathBuf::from("output").join(format!("{command}-{}", scenario.name()));
    let target = delivery.out.clone().unwrap_or_else(named);
    let unfinished = resume && journal(&target).exists();
    let overwrite = if unfinished { Overwrite::Replace } else { delivery.overwriting() };
    let draft = RunFolder::create(&target, overwrite)?.in_formats(&delivery.format);
    Ok((target, draft))
}

/// What becomes of the trials of a command.
pub(super) struct Finished<'a> {
    pub(super) command: &'static str,
    pub(super) survey: &'a Survey<'a>,
    pub(super) tables: &'a TableSet,
    pub(super) seconds: f64,
}

impl Finished<'_> {
    /// Writes tables and charts, moves the folder into its place and says where it is. The journal has served.
    pub(super) fn write(
        &self,
        (target, mut draft): (PathBuf, Draft),
        delivery: &Delivery,
        draw: impl FnOnce(&TableSet, &Caption) -> Result<Vec<Chart>, ChartError>,
    ) -> Result<(PathBuf, String), Failure> {
        let scenario = self.survey.scenario;
        draft.write_text("scenario.toml", scenario.resolved())?;
        for table in self.tables.tables.iter().filter(|t| t.rows() > 0) {
            draft.write_table(table)?;
        }
        let mut drawn = Vec::new();
        if !delivery.no_charts {
            let caption = Caption {
                title: scenario.title().to_owned(),
                scenario: scenario.name().to_owned(),
                seed: self.survey.seed,
                agents: scenario.population().agents,
                replicates: self.survey.replicates,
                version: env!("CARGO_PKG_VERSION").to_owned(),
            };
            drawn = write_charts(&mut draft, draw(self.tables, &caption))?;
        }
        let folder = draft.finish(manifest(self.survey, self.command, self.seconds))?;
        let _ = fs::remove_file(journal(&target));
        let text = format!("\n  tables  {}\n{}", folder.display(), lines_of_charts(&folder, &drawn));
        Ok((folder, text))
    }
}

/// The outcomes that were asked for; those of interest in the scenario if none was.
pub(super) fn outcomes(texts: &[String], scenario: &Scenario) -> Result<Vec<Outcome>, Failure> {
    if texts.is_empty() {
        return Ok(Outcome::defaults(scenario));
    }
    let read = |text: &String| {
        Outcome::parse(text, scenario)
            .map_err(|error| Failure::usage(format!("could not measure it: {error}"), error.remedy()))
    };
    texts.iter().map(read).collect()
}

/// The trials of `survey`, whose folder will be `target`, and the seconds they took now; `None` if somebody asked to stop.
///
/// Every trial goes into a journal beside the folder as it finishes. It is removed when the folder is there.
pub(super) fn run(
    survey: &Survey<'_>,
    target: &Path,
    resume: bool,
    delivery: &Delivery,
) -> Result<Option<(Vec<Trial>, f64)>, Failure> {
    let path = journal(target);
    let first_line = identity(survey);
    let (mut trials, kept) = if resume { read(&path, &first_line, survey)? } else { (Vec::new(), 0) };
    if !resume && path.exists() && !delivery.overwrite {
        return Err(Failure::usage(
            format!("there is an interrupted one in `{}`", path.display()),
            "go on with the same line and --resume, or begin anew with --overwrite",
        ));
    }
    survey.check()?;
    let failed = |error: std::io::Error| {
        Failure::resources(
            format!("could not write `{}`: {error}", path.display()),
            "make room on the disk and go on with --resume",
        )
    };
    let mut file = open(&path, kept, &first_line).map_err(failed)?;
    let bar = Bar::new(&survey.scenario.names().dates_os, survey.trials() as u64, delivery.quiet);
    bar.skip(trials.len() as u64 * u64::from(survey.scenario.days()));
    let known = trials.len();
    let began = Instant::now();
    let complete = survey.run(known, &|progress| bar.listen_or_stop(progress), &mut |trial| {
        let line = line_of(&trial);
        trials.push(trial);
        file.write_all(line.as_bytes()).and_then(|()| file.sync_data()).map_err(failed)
    });
    bar.finish();
    if complete? {
        return Ok(Some((trials, began.elapsed().as_secs_f64())));
    }
    say(&format!(
        "interrupted after {} of {} trials; go on with the same line and --resume",
        trials.len(),
        survey.trials()
    ));
    Ok(None)
}

/// The manifest of a folder of trials.
fn manifest(survey: &Survey<'_>, command: &str, seconds: f64) -> Manifest {
    let scenario = survey.scenario;
    Manifest {
        git_revision: backend::git_revision(),
        scenario: ScenarioIdentity {
            name: format!("{command}-{}", scenario.name()),
            title: scenario.title().to_owned(),
            hash: sha256_hex(scenario.resolved().as_bytes()),
        },
        seed: survey.seed,
        replicates: u32::try_from(survey.replicates).unwrap_or(u32::MAX),
        agents: scenario.population().agents,
        days: scenario.days(),
        bibliography: scenario.bibliography().to_vec(),
        seconds_steps: seconds,
        platform: Platform::probe(),
        started: backend::now(),
        command_line: backend::command_line(),
        ..Manifest::default()
    }
}

fn journal(target: &Path) -> PathBuf {
    PathBuf::from(format!("{}.trials.csv", target.display()))
}

/// What a journal must say to be of this survey: everything the trials depend on, as a digest, and their columns.
fn identity(survey: &Survey<'_>) -> String {
    let mut all = survey.scenario.resolved().to_owned();
    let numbers = format!("{} {} {}", env!("CARGO_PKG_VERSION"), survey.seed, survey.replicates);
    all.push_str(&numbers);
    for variant in survey.variants {
        all.push('\n');
        all.push_str(&variant.join(" "));
    }
    let names: Vec<&str> = survey.outcomes.iter().map(Outcome::name).collect();
    all.push_str(&names.join("\n"));
    format!("variant,replicate,values of {}\n", sha256_hex(all.as_bytes()))
}

fn line_of(trial: &Trial) -> String {
    let values: Vec<String> =
        trial.values.iter().map(|v| v.map_or_else(|| "never".to_owned(), |v| format!("{v:?}"))).collect();
    format!("{},{},{}\n", trial.variant, trial.replicate, values.join(","))
}

/// The trials of a journal, and how many of its bytes are whole lines: a crash may have torn the last one.
fn read(path: &Path, first_line: &str, survey: &Survey<'_>) -> Result<(Vec<Trial>, usize), Failure> {
    let failed = |why: String| {
        Failure::usage(
            format!("could not go on from `{}`: {why}", path.display()),
            "begin anew without --resume",
        )
    };
    let text = fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
    let Some(lines) = text.strip_prefix(first_line) else {
        return Err(failed("it is of another scenario, other points or other outcomes".to_owned()));
    };
    let (mut trials, mut kept) = (Vec::new(), first_line.len());
    for line in lines.split_inclusive('\n') {
        let Some(trial) = trial_of(line, survey, trials.len()) else { break };
        trials.push(trial);
        kept += line.len();
    }
    Ok((trials, kept))
}

/// The trial in a line, if it is the one that should follow and whole.
fn trial_of(line: &str, survey: &Survey<'_>, number: usize) -> Option<Trial> {
    let mut cells = line.strip_suffix('\n')?.split(',');
    let variant: usize = cells.next()?.parse().ok()?;
    let replicate: u64 = cells.next()?.parse().ok()?;
    let value = |text: &str| {
        if text == "never" { Some(None) } else { text.parse::<f64>().ok().map(Some) }
    };
    let values: Vec<Option<f64>> = cells.map(value).collect::<Option<_>>()?;
    let whole = values.len() == survey.outcomes.len()
        && variant < survey.variants.len()
        && variant as u64 * survey.replicates + replicate == number as u64;
    whole.then_some(Trial { variant, replicate, values })
}

fn open(path: &Path, kept: usize, first_line: &str) -> std::io::Result<File> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    if kept == 0 {
        let mut file = File::create(path)?;
        file.write_all(first_line.as_bytes())?;
        return Ok(file);
    }
    let file = File::options().append(true).open(path)?;
    file.set_len(kept as u64)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::default_scenario;

    #[test]
    fn a_journal_is_read_up_to_its_last_whole_line() {
        let scenario = default_scenario(&[]).expect("it ships valid");
        let outcomes = Outcome::defaults(&scenario);
        let variants = vec![Vec::new(); 3];
        let survey = Survey {
            scenario: &scenario,
            variants: &variants,
            outcomes: &outcomes[..2],
            seed: 1,
            replicates: 2,
            threads: 1,
        };
        let first_line = identity(&survey);
        let trial = |variant, replicate| Trial { variant, replicate, values: vec![Some(1.0), None] };
        let whole = format!("{first_line}{}{}", line_of(&trial(0, 0)), line_of(&trial(0, 1)));
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join("journal.csv");
        for (torn, count) in [("", 2), ("1,0,1.0,nev", 2), ("1,0,1.0,never\n", 3), ("2,1,1.0,never\n", 2)] {
            fs::write(&path, format!("{whole}{torn}")).expect("a temporary file");
            let (trials, kept) = read(&path, &first_line, &survey).expect("of this survey");
            assert_eq!(trials.len(), count, "{torn}");
            assert_eq!(kept, whole.len() + if count == 3 { torn.len() } else { 0 });
            assert_eq!(trials[1], trial(0, 1));
        }
        assert!(read(&path, "variant,replicate,values of another\n", &survey).is_err());
    }
}
