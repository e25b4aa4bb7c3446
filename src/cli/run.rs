//! `run`: a scenario in, a run folder with tables and charts out.
#![expect(clippy::disallowed_methods, reason = "the time spent on output is measured here")]

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::json;

use super::args::{RunArgs, Stopping};
use super::digest::Digest;
use super::exit::Exit;
use super::failure::{Failure, print, say};
use super::figures::{chart_failure, lines_of_charts, write_charts_and_page};
use super::progress::Bar;
use super::text_table::{align, thousands};
use super::{backend, fork, interrupt, memory};
use crate::charts;
use crate::engine::{available_threads, side_by_side};
use crate::experiment::summary::{mean_and_error, median, median_date};
use crate::experiment::{
    Checkpoint, Cost, Firsts, LARGE, Outcome, Plan, Progress, Streamed, Wish, first_majorities,
    stream_ensemble,
};
use crate::observers::table::{Table, TableSet};
use crate::output::manifest::{ScenarioIdentity, sha256_hex};
use crate::output::platform::peak_rss_mb;
use crate::output::{Append, Draft, Format, Manifest, OutputError, Overwrite, Platform, RunFolder};
use crate::scenario::{Change, Scenario, from_text};

/// Runs a scenario and writes its run folder.
pub(super) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let mut scenario = fork::scenario(args)?;
    if !scenario.forks().is_empty() {
        return fork::run(args, &scenario);
    }
    if args.stopping.until_se.is_some() {
        let most = [Change::Replicates(args.stopping.max_replicates)];
        scenario = from_text(scenario.name(), scenario.resolved(), &most)?;
    }
    memory::check(&scenario, args.delivery.threads, args.memory_limit)?;
    let target = args.delivery.out.clone().unwrap_or_else(|| PathBuf::from("output").join(scenario.name()));
    let mut checkpoint = if args.resume { resume_from(&target, &scenario)? } else { None };
    let mut overwrite = if args.resume { Overwrite::Replace } else { args.delivery.overwriting() };

    interrupt::listen();
    let started = backend::now();
    let plan =
        Plan { seed: scenario.seed(), replicates: scenario.replicates(), threads: args.delivery.threads };
    let names = scenario.names();
    let bar = Bar::new(&names.dates_os, plan.replicates, args.delivery.quiet);
    if let Some(checkpoint) = &checkpoint {
        bar.skip(checkpoint.days_done(scenario.days()));
    }
    let mut total = Cost::default();
    loop {
        let mut writing = Writing::begin(&scenario, &target, overwrite, args)?;
        let mut precision = Precision::wanted(&scenario, &args.stopping)?;
        if let Some(checkpoint) = &checkpoint {
            writing.replay(&target, checkpoint.finished, precision.as_mut())?;
        }
        let paused = AtomicBool::new(false);
        let listen = |progress: Progress| {
            bar.listen(progress);
            let due = |every| progress.day.is_some_and(|d| d % every == every - 1 && d + 1 < scenario.days());
            if args.checkpoint_every.is_some_and(due) {
                paused.store(true, Ordering::Relaxed);
                return Wish::Stop;
            }
            // A pause asked for by one replicate halts them all, so that one checkpoint holds them.
            if interrupt::requested() || paused.load(Ordering::Relaxed) { Wish::Stop } else { Wish::Continue }
        };
        let (ended, cost) =
            stream_ensemble(&scenario, plan, checkpoint.take(), &listen, &mut |number, tables| {
                writing.add(&tables)?;
                Ok::<Wish, Failure>(precision.as_mut().map_or(Wish::Continue, |p| p.add(number, &tables)))
            })?;
        total.add(&cost);
        let report = Report { scenario: &scenario, plan, cost: total, started: &started, args, precision };
        match ended {
            Streamed::Complete => {
                bar.finish();
                return report.complete(writing);
            }
            Streamed::Enough => {
                bar.finish();
                let replicates = report.precision.as_ref().map_or(1, Precision::replicates);
                // What is written says how many replicates it took, so that it can be run again and verified.
                let scenario =
                    from_text(scenario.name(), scenario.resolved(), &[Change::Replicates(replicates)])?;
                let plan = Plan { replicates, ..plan };
                return Report { scenario: &scenario, plan, ..report }.complete(writing);
            }
            Streamed::Interrupted(halted) => {
                report.interrupted(writing, &halted)?;
                if interrupt::requested() {
                    bar.finish();
                    report.say_how_to_resume(&target);
                    return Ok(Exit::Interrupted);
                }
                checkpoint = Some(*halted);
                overwrite = Overwrite::Replace;
            }
        }
    }
}

/// A run folder that grows replicate by replicate, with what the charts and the summary need of each.
pub(super) struct Writing {
    draft: Draft,
    digest: Digest,
    figures: Option<charts::Gathering>,
    /// Threads that have nothing else to do while a replicate is written.
    threads: usize,
    seconds: f64,
}

impl Writing {
    pub(super) fn begin(
        scenario: &Scenario,
        target: &Path,
        overwrite: Overwrite,
        args: &RunArgs,
    ) -> Result<Self, Failure> {
        let mut draft = RunFolder::create(target, overwrite)?.in_formats(&args.delivery.format);
        let names = scenario.legend().tables().to_vec();
        for table in &names {
            draft.write_table(table)?;
        }
        let mut figures = None;
        if !args.delivery.no_charts {
            let scratch = Box::new(draft.scratch()?);
            figures = Some(charts::Gathering::new(TableSet { tables: names }, scratch));
        }
        let alone = scenario.replicates() == 1 || scenario.population().agents >= LARGE;
        let threads = match args.delivery.threads {
            _ if !alone => 1,
            0 => available_threads(),
            threads => threads,
        };
        Ok(Self { draft, digest: Digest::new(scenario), figures, threads, seconds: 0.0 })
    }

    /// Adds the replicates that the interrupted run in `target` has finished.
    pub(super) fn replay(
        &mut self,
        target: &Path,
        finished: u64,
        mut precision: Option<&mut Precision>,
    ) -> Result<(), Failure> {
        if finished == 0 {
            return Ok(());
        }
        let mut replay = RunFolder::open(target)?.replay()?;
        for replicate in 0..finished {
            let tables = replay.replicate(replicate)?;
            self.add(&tables)?;
            if let Some(precision) = &mut precision {
                precision.add(replicate, &tables);
            }
        }
        Ok(())
    }

    /// Adds the replicate that follows.
    pub(super) fn add(&mut self, tables: &TableSet) -> Result<(), Failure> {
        let began = Instant::now();
        let Self { draft, digest, figures, threads, .. } = self;
        let gather = || {
            digest.add(tables);
            figures.as_mut().map_or(Ok(()), |figures| figures.add(tables)).map_err(chart_failure)
        };
        let rows: usize = tables.tables.iter().map(Table::rows).sum();
        let mut jobs: Vec<(usize, Job<'_>)> = vec![(GATHERING * rows, Box::new(gather))];
        for append in appends(draft, tables)? {
            jobs.push((append.work(), Box::new(|| Ok(append.write()?))));
        }
        // What takes long begins first, so that the threads end together.
        jobs.sort_by_key(|(work, _)| Reverse(*work));
        let jobs: Vec<_> = jobs.into_iter().map(|(_, job)| Mutex::new(Some(job))).collect();
        let take = |job: usize| jobs[job].lock().unwrap_or_else(PoisonError::into_inner).take();
        let done = side_by_side(jobs.len(), *threads, |job| take(job).map_or(Ok(()), |work| work()));
        self.seconds += began.elapsed().as_secs_f64();
        done.into_iter().collect()
    }
}

/// How long figures and digest read a row, about, in cells of [`Append::work`].
const GATHERING: usize = 3;

/// Something to be done with a replicate while other things are.
type Job<'a> = Box<dyn FnOnce() -> Result<(), Failure> + Send + 'a>;

/// Appends to the tables of the run; life histories are many rows of few words, and always Parquet.
fn appends<'d>(draft: &'d mut Draft, tables: &'d TableSet) -> Result<Vec<Append<'d>>, OutputError> {
    let own = |table: &Table| (table.name == "sample").then(|| vec![Format::Parquet]);
    draft.appends(&tables.tables.iter().collect::<Vec<_>>(), &own)
}

/// How well one outcome is known so far.
pub(super) struct Precision {
    outcome: Outcome,
    wanted: f64,
    /// A day that never comes counts as the day after the last one.
    never: f64,
    values: Vec<f64>,
    until: Option<Instant>,
}

impl Precision {
    /// Fewer replicates say too little about their own spread.
    const LEAST: usize = 8;

    fn wanted(scenario: &Scenario, stopping: &Stopping) -> Result<Option<Self>, Failure> {
        let (Some(wanted), Some(text)) = (stopping.until_se, &stopping.outcome) else { return Ok(None) };
        let outcome = super::trials::outcomes(std::slice::from_ref(text), scenario)?.remove(0);
        let never = outcome.when_never(scenario).unwrap_or(f64::NAN);
        let until = stopping.within.map(|within| Instant::now() + within);
        Ok(Some(Self { outcome, wanted, never, values: Vec::new(), until }))
    }

    /// Hears of a replicate, in order, and says whether more are needed.
    fn add(&mut self, replicate: u64, tables: &TableSet) -> Wish {
        self.values.push(self.outcome.of(tables, replicate).unwrap_or(self.never));
        let known = self.values.len() >= Self::LEAST && self.error().is_some_and(|e| e <= self.wanted);
        let late = self.until.is_some_and(|until| Instant::now() >= until);
        if known || late { Wish::Stop } else { Wish::Continue }
    }

    fn replicates(&self) -> u64 {
        self.values.len() as u64
    }

    fn error(&self) -> Option<f64> {
        mean_and_error(&self.values).and_then(|(_, error)| error)
    }

    fn in_words(&self) -> String {
        let (mean, error) = mean_and_error(&self.values).unwrap_or((f64::NAN, None));
        let error = error.unwrap_or(f64::NAN);
        let reached = if error <= self.wanted { "" } else { "; not as well as was asked for" };
        format!(
            "\n  {}: mean {mean:.4}, standard error {error:.4} {}{reached}\n",
            self.outcome,
            self.outcome.unit()
        )
    }
}

/// What resumes the interrupted run in `target`, whose tables are in `formats`.
pub(super) fn line_to_resume(target: &Path, formats: &[Format]) -> String {
    let shown = target.display();
    let words: Vec<_> = formats.iter().map(|format| format.word()).collect();
    let format =
        if formats == [Format::Csv] { String::new() } else { format!(" --format {}", words.join(",")) };
    format!("finish it first: october run {shown}/scenario.toml --out {shown} --resume{format}")
}

/// The checkpoint of the run in `target`, which must be of the same scenario.
pub(super) fn resume_from(target: &Path, scenario: &Scenario) -> Result<Option<Checkpoint>, Failure> {
    let folder = RunFolder::open(target)?;
    let shown = target.display();
    let Some(bytes) = folder.checkpoint()? else {
        return Err(Failure::usage(
            format!("the run in `{shown}` is complete, there is nothing to resume"),
            "leave out --resume, and add --overwrite to run it again",
        ));
    };
    let checkpoint = Checkpoint::from_bytes(&bytes).map_err(|error| {
        Failure::usage(format!("could not resume `{shown}`: {error}"), "run it again with --overwrite")
    })?;
    if checkpoint.seed != scenario.seed() || checkpoint.scenario != scenario.resolved() {
        return Err(Failure::usage(
            format!("the run in `{shown}` is of another scenario or seed"),
            format!("resume it with its own: october run {shown}/scenario.toml --out {shown} --resume"),
        ));
    }
    Ok(Some(checkpoint))
}

/// A folder in its place, and what there is to say of it.
pub(super) struct Written {
    pub(super) folder: PathBuf,
    pub(super) digest: Digest,
    drawn: Vec<String>,
    seconds_output: f64,
}

/// What there is to say and write about a run.
pub(super) struct Report<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) plan: Plan,
    pub(super) cost: Cost,
    pub(super) started: &'a str,
    pub(super) args: &'a RunArgs,
    pub(super) precision: Option<Precision>,
}

impl Report<'_> {
    fn complete(&self, writing: Writing) -> Result<Exit, Failure> {
        let Written { folder, digest, drawn, seconds_output } = self.write(writing)?;
        if self.args.delivery.json {
            print(&format!("{}\n", self.json(&digest, &folder, seconds_output)))?;
        } else if !self.args.delivery.quiet {
            print(&self.summary(&digest, &folder, &drawn, seconds_output))?;
        }
        Ok(Exit::Done)
    }

    /// Writes what is written at the end and moves the folder into its place.
    pub(super) fn write(&self, writing: Writing) -> Result<Written, Failure> {
        let began = Instant::now();
        let Writing { mut draft, digest, figures, seconds, .. } = writing;
        draft.write_text("scenario.toml", self.scenario.resolved())?;
        let mut drawn = Vec::new();
        if let Some(figures) = figures {
            let about = || super::report::about(self.scenario, &self.manifest(seconds));
            let caption = self.caption();
            let drawing = figures.into_drawing(&caption);
            drawn = write_charts_and_page(&mut draft, &drawing, about)?;
        }
        let seconds_output = seconds + began.elapsed().as_secs_f64();
        let folder = draft.finish(self.manifest(seconds_output))?;
        Ok(Written { folder, digest, drawn, seconds_output })
    }

    /// Keeps the finished replicates as tables and the state of those under way as a checkpoint.
    pub(super) fn interrupted(&self, writing: Writing, checkpoint: &Checkpoint) -> Result<(), Failure> {
        let Writing { mut draft, seconds, .. } = writing;
        draft.write_text("scenario.toml", self.scenario.resolved())?;
        if checkpoint.finished == 0 {
            // So that every table is there, if only its headings: the first replicates as far as they have come.
            if let Some(first) = checkpoint.under_way.first() {
                appends(&mut draft, first.tables())?.into_iter().try_for_each(Append::write)?;
            }
        }
        let bytes = checkpoint.to_bytes().map_err(|error| {
            Failure::resources(format!("could not save the state: {error}"), "free some memory")
        })?;
        draft.keep_interrupted(self.manifest(seconds), &bytes)?;
        Ok(())
    }

    fn say_how_to_resume(&self, target: &Path) {
        let shown = target.display();
        say(&"interrupted; the last complete day is saved. To go on:");
        say(&format!("  october run {shown}/scenario.toml --out {shown} --resume{}", self.kept_flags()));
    }

    /// What else the line to resume must say for the folder to come out as it was asked for.
    fn kept_flags(&self) -> String {
        let delivery = &self.args.delivery;
        let mut flags = String::new();
        if delivery.format != [Format::Csv] {
            let words: Vec<_> = delivery.format.iter().map(|format| format.word()).collect();
            flags.push_str(&format!(" --format {}", words.join(",")));
        }
        if delivery.no_charts {
            flags.push_str(" --no-charts");
        }
        if let Some(precision) = &self.precision {
            let (error, outcome) = (precision.wanted, precision.outcome.name());
            flags.push_str(&format!(" --until-se {error} --outcome {outcome:?}"));
            flags.push_str(&format!(" --max-replicates {}", self.args.stopping.max_replicates));
        }
        flags
    }

    fn caption(&self) -> charts::Caption {
        charts::Caption {
            title: self.scenario.title().to_owned(),
            scenario: self.scenario.name().to_owned(),
            seed: self.plan.seed,
            agents: self.scenario.population().agents,
            replicates: self.plan.replicates,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    fn manifest(&self, seconds_output: f64) -> Manifest {
        let resolved = self.scenario.resolved();
        Manifest {
            git_revision: backend::git_revision(),
            scenario: ScenarioIdentity {
                name: self.scenario.name().to_owned(),
                title: self.scenario.title().to_owned(),
                hash: sha256_hex(resolved.as_bytes()),
            },
            seed: self.plan.seed,
            replicates: u32::try_from(self.plan.replicates).unwrap_or(u32::MAX),
            agents: self.scenario.population().agents,
            days: self.scenario.days(),
            bibliography: self.scenario.bibliography().to_vec(),
            threads: self.threads(),
            seconds_setup: self.cost.seconds_setup,
            seconds_steps: self.cost.seconds_steps,
            seconds_output,
            agent_days_per_s: self.cost.agent_days_per_second(),
            bytes_per_agent: self.cost.bytes_per_agent,
            peak_rss_mb: peak_rss_mb(),
            platform: Platform::probe(),
            started: self.started.to_owned(),
            command_line: backend::command_line(),
            ..Manifest::default()
        }
    }

    fn threads(&self) -> usize {
        if self.plan.threads == 0 { available_threads() } else { self.plan.threads }
    }

    fn summary(&self, digest: &Digest, folder: &Path, drawn: &[String], seconds_output: f64) -> String {
        let scenario = self.scenario;
        let dates = &scenario.names().dates_os;
        let mut text = format!(
            "\n{}: {} agents, {} to {} ({} days), seed {}, {} replicate{}\n\n",
            scenario.title(),
            thousands(self.cost.agents),
            dates.first().map_or("", String::as_str),
            dates.last().map_or("", String::as_str),
            scenario.days(),
            self.plan.seed,
            self.plan.replicates,
            if self.plan.replicates == 1 { "" } else { "s" },
        );
        text.push_str(&support_summary(digest, scenario));
        text.push('\n');
        text.push_str(&majority_summary(&digest.firsts, self.plan.replicates));
        text.push_str(&self.precision.as_ref().map_or_else(String::new, Precision::in_words));
        text.push_str(&format!(
            "\n  {:.1} s for {:.0} million agent-days ({:.0} million a second on {} threads, {:.0} bytes an agent), {:.1} s for output\n",
            self.cost.seconds_setup + self.cost.seconds_steps,
            self.cost.agent_days / 1e6,
            self.cost.agent_days_per_second() / 1e6,
            self.threads(),
            self.cost.bytes_per_agent,
            seconds_output,
        ));
        text.push_str(&format!("  tables  {}\n", folder.display()));
        text.push_str(&lines_of_charts(folder, drawn));
        if !drawn.is_empty() {
            text.push_str(&format!("  report  {}\n", folder.join("report.html").display()));
        }
        text
    }

    fn json(&self, digest: &Digest, folder: &Path, seconds_output: f64) -> serde_json::Value {
        let majorities: Vec<_> = majorities(&digest.firsts)
            .into_iter()
            .map(|m| {
                json!({
                    "body": m.body, "level": m.level, "party_or_bloc": m.claim,
                    "first_day": m.median, "date_os": m.date,
                })
            })
            .collect();
        json!({
            "scenario": self.scenario.name(),
            "run_folder": folder.display().to_string(),
            "agents": self.cost.agents,
            "days": self.scenario.days(),
            "seed": self.plan.seed,
            "replicates": self.plan.replicates,
            "threads": self.threads(),
            "seconds_setup": self.cost.seconds_setup,
            "seconds_steps": self.cost.seconds_steps,
            "seconds_output": seconds_output,
            "agent_days_per_s": self.cost.agent_days_per_second(),
            "bytes_per_agent": self.cost.bytes_per_agent,
            "peak_rss_mb": peak_rss_mb(),
            "majorities": majorities,
            "outcome": outcomes(&digest.tables),
            "until_se": self.precision.as_ref().map(|p| json!({
                "outcome": p.outcome.name(), "wanted": p.wanted, "standard_error": p.error(),
            })),
        })
    }
}

/// First majority of one body by one party or bloc, over replicates.
struct Majority {
    body: String,
    level: String,
    claim: String,
    median: Option<i64>,
    date: Option<String>,
    replicates: usize,
    came: usize,
}

/// Majorities of bodies that stand alone, in the order of the table.
fn majorities(firsts: &Firsts) -> Vec<Majority> {
    let firsts = first_majorities(&[("", firsts)]);
    let texts = |name| firsts.texts(name);
    let (Some(body), Some(level), Some(claim), Some(date), Some(day), Some(never), Some(n)) = (
        texts("body"),
        texts("level"),
        texts("party_or_bloc"),
        texts("median_date_os"),
        firsts.opt_ints("median_day"),
        firsts.ints("never"),
        firsts.ints("replicates"),
    ) else {
        return Vec::new();
    };
    (0..firsts.rows())
        .map(|row| Majority {
            body: body.get(row).to_owned(),
            level: level.get(row).to_owned(),
            claim: claim.get(row).to_owned(),
            median: day[row],
            date: Some(date.get(row).to_owned()).filter(|d| !d.is_empty()),
            replicates: n[row] as usize,
            came: (n[row] - never[row]) as usize,
        })
        .collect()
}

/// Dates of majorities that came during the run; bodies of one kind, one a place, in one row.
pub(super) fn majority_summary(firsts: &Firsts, replicates: u64) -> String {
    let mut rows = vec![["first majority", "of", "date", "came in"].map(str::to_owned).to_vec()];
    let mut families: Vec<(String, String, Vec<Option<i64>>)> = Vec::new();
    let mut single = Vec::new();
    let all = majorities(firsts);
    for m in &all {
        match m.body.split_once(": ") {
            Some((family, _)) => {
                let known = families.iter_mut().find(|(f, c, _)| f == family && *c == m.claim);
                match known {
                    Some((_, _, days)) => days.push(m.median),
                    None => families.push((family.to_owned(), m.claim.clone(), vec![m.median])),
                }
            }
            None => single.push(m),
        }
    }
    let date_of = |day: i64| {
        all.iter().find(|m| m.median == Some(day)).and_then(|m| m.date.clone()).unwrap_or_default()
    };
    for (family, claim, days) in families {
        let Some(day) = median_date(&days).filter(|&d| d > 0) else { continue };
        let came = days.iter().flatten().count();
        let label = format!("{family} (median of {})", days.len());
        rows.push(vec![label, claim, date_of(day), format!("{came} of {}", days.len())]);
    }
    for m in single {
        if m.median == Some(0) {
            continue;
        }
        let date = m.date.clone().unwrap_or_else(|| "never".to_owned());
        let came =
            if replicates > 1 { format!("{} of {} runs", m.came, m.replicates) } else { String::new() };
        rows.push(vec![m.body.clone(), m.claim.clone(), date, came]);
    }
    if rows.len() == 1 { "  no body changed its majority\n".to_owned() } else { align(&rows) }
}

/// Public support of each party on the first and last day, and its highest, over all classes.
fn support_summary(digest: &Digest, scenario: &Scenario) -> String {
    let options = &scenario.names().options;
    let days = digest.days();
    let share = |option: usize, at: usize| -> f64 {
        let of = |totals: &Vec<Vec<i64>>| {
            let total: i64 = totals[at].iter().sum();
            totals[at][option] as f64 / total.max(1) as f64
        };
        100.0 * median(&digest.support.iter().map(of).collect::<Vec<_>>()).unwrap_or(0.0)
    };
    let dates = &scenario.names().dates_os;
    let mut rows = vec![vec![
        "public support, %".to_owned(),
        dates[days[0]].clone(),
        dates[days[1]].clone(),
        dates[days[2]].clone(),
    ]];
    for (option, name) in options.iter().enumerate() {
        if name == "none" {
            continue;
        }
        let label = scenario
            .legend()
            .parties
            .iter()
            .find(|e| &e.name == name)
            .map_or(name.clone(), |e| e.label.clone());
        rows.push(vec![
            label,
            format!("{:.1}", share(option, 0)),
            format!("{:.1}", share(option, 1)),
            format!("{:.1}", share(option, 2)),
        ]);
    }
    align(&rows)
}

/// Outcomes over replicates: the count of each, and the median day of a transfer.
fn outcomes(tables: &TableSet) -> serde_json::Value {
    let Some(table) = tables.get("outcome") else { return serde_json::Value::Null };
    let (Some(word), Some(day)) = (table.texts("outcome"), table.opt_ints("day")) else {
        return serde_json::Value::Null;
    };
    let count = |w: &str| word.iter().filter(|x| *x == w).count();
    json!({
        "transfer": count("transfer"), "defeat": count("defeat"), "stalemate": count("stalemate"),
        "median_day": median_date(day),
    })
}
