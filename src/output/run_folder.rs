//! Run folders: begun as a [`Draft`], opened again when they are whole.
#![expect(clippy::disallowed_methods, reason = "this ring reads and writes files")]

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::observers::table::{Table, TableSet};

use super::csv;
use super::draft::{Draft, Overwrite, check_name};
use super::error::OutputError;
use super::format::Format;
use super::manifest::{Manifest, Status, TableEntry, hex, sha256_hex};
use super::place::neighbour;
use super::replay::{Pieces, Replay};

/// The file that makes a folder a run folder; written last.
pub const MANIFEST: &str = "manifest.json";
/// The resolved scenario.
pub const SCENARIO: &str = "scenario.toml";
/// What an interrupted run resumes from.
pub const CHECKPOINT: &str = "checkpoint.bin";

/// A run folder on disk, whole or interrupted.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFolder {
    path: PathBuf,
    manifest: Manifest,
}

impl RunFolder {
    /// Begins a run folder that will stand at `target`, whose parents are made.
    ///
    /// It is written beside its place until [`Draft::finish`]. Costs next to nothing, so do it before the run: it finds
    /// out whether the folder can be written at all.
    ///
    /// # Errors
    /// With nothing written: [`OutputError::Occupied`] if a run folder stands there and `overwrite` does not say to
    /// replace it, [`OutputError::NotOurs`] if something else does, [`OutputError::File`] if the place cannot be made
    /// or moved. [`OutputError::Busy`] if another process is writing the same run folder.
    ///
    /// ```
    /// use october::output::{Manifest, Overwrite, RunFolder};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let mut draft = RunFolder::create(&folder.path().join("run"), Overwrite::Refuse)?;
    /// draft.write_text("scenario.toml", "[meta]\n")?;
    /// let path = draft.finish(Manifest::default())?;
    /// assert_eq!(RunFolder::open(&path)?.scenario_text()?, "[meta]\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create(target: &Path, overwrite: Overwrite) -> Result<Draft, OutputError> {
        Draft::begin(target, overwrite)
    }

    /// Opens the run folder at `path` and reads its manifest.
    ///
    /// # Errors
    /// [`OutputError::NotARunFolder`] if it is none, saying what it is instead; [`OutputError::Manifest`] if its
    /// manifest is broken or of another format.
    pub fn open(path: &Path) -> Result<Self, OutputError> {
        let manifest = read_manifest(path)?;
        Ok(Self { path: path.to_path_buf(), manifest })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was run, and what came of it.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether it stopped before its horizon.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.manifest.status == Status::Interrupted
    }

    /// The resolved scenario.
    ///
    /// # Errors
    /// [`OutputError::Damaged`] if it is missing or not the text that was run.
    pub fn scenario_text(&self) -> Result<String, OutputError> {
        let path = self.path.join(SCENARIO);
        let bytes = read_file(&path)?;
        if sha256_hex(&bytes) != self.manifest.scenario.hash {
            return Err(damaged(&path, "it is not the scenario that was run, by its SHA-256".to_owned()));
        }
        String::from_utf8(bytes).map_err(|_| damaged(&path, "it is not UTF-8".to_owned()))
    }

    /// The state to resume from, if the run was interrupted.
    ///
    /// # Errors
    /// [`OutputError::Damaged`] if it is missing, cut short or changed.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, OutputError> {
        let Some(entry) = &self.manifest.checkpoint else { return Ok(None) };
        let path = self.path.join(check_name(&entry.file)?);
        let bytes = read_file(&path)?;
        if bytes.len() as u64 != entry.bytes {
            let problem = format!("it has {} bytes, and {} were written", bytes.len(), entry.bytes);
            return Err(damaged(&path, problem));
        }
        if sha256_hex(&bytes) != entry.sha256 {
            return Err(damaged(&path, "it has changed since it was written, by its SHA-256".to_owned()));
        }
        Ok(Some(bytes))
    }

    /// The formats its tables are in, which are those of the first one: some tables have formats of their own.
    #[must_use]
    pub fn formats(&self) -> Vec<Format> {
        let entries = &self.manifest.tables;
        let first = entries.first().map_or("", |entry| name_of(&entry.file).0);
        let has = |format| entries.iter().any(|entry| name_of(&entry.file) == (first, format));
        Format::ALL.into_iter().filter(|&format| has(format)).collect()
    }

    /// All tables, in the order they were written, with their units and meanings; each once, in the first format that
    /// it was written in.
    ///
    /// # Errors
    /// As [`RunFolder::read_table`], for the first table that is not as it was written.
    pub fn read_tables(&self) -> Result<TableSet, OutputError> {
        let tables = self.first_files().map(|entry| self.read_entry(entry));
        Ok(TableSet { tables: tables.collect::<Result<_, _>>()? })
    }

    /// Every table by the first of its files: the others have the same rows in other formats.
    fn first_files(&self) -> impl Iterator<Item = &TableEntry> {
        let entries = &self.manifest.tables;
        let is_first = |(index, entry): &(usize, &TableEntry)| {
            entries[..*index].iter().all(|earlier| name_of(&earlier.file).0 != name_of(&entry.file).0)
        };
        entries.iter().enumerate().filter(is_first).map(|(_, entry)| entry)
    }

    /// The table called `name`; the others are not looked at.
    ///
    /// # Errors
    /// [`OutputError::Damaged`] if the run has no such table, or its file is missing, cut short or changed.
    pub fn read_table(&self, name: &str) -> Result<Table, OutputError> {
        let entry = self.manifest.tables.iter().find(|entry| name_of(&entry.file).0 == name);
        let names = || self.manifest.tables.iter().map(|e| e.file.as_str()).collect::<Vec<_>>().join(", ");
        let entry = entry.ok_or_else(|| OutputError::Damaged {
            path: self.path.join(name),
            problem: "the run has no such table".to_owned(),
            remedy: format!("choose one of {}", names()),
        })?;
        self.read_entry(entry)
    }

    /// The tables that have a column `replicate`, replicate by replicate in the order they were written, so that no more
    /// than one replicate is ever in memory.
    ///
    /// # Errors
    /// [`OutputError::Damaged`] if a file is missing or has changed since it was written.
    pub fn replay(&self) -> Result<Replay, OutputError> {
        Replay::open(&self.path, self.first_files())
    }

    /// One of its files, to be read some rows at a time, whether or not it is still as it was written.
    ///
    /// # Errors
    /// If the file is missing, or its beginning cannot be understood.
    pub fn pieces(&self, entry: &TableEntry) -> Result<Pieces, OutputError> {
        Pieces::open(&self.path, entry)
    }

    /// The tables of names: those that belong to no replicate.
    ///
    /// # Errors
    /// As [`RunFolder::read_table`].
    pub fn read_names(&self) -> Result<Vec<Table>, OutputError> {
        let is_named = |e: &&TableEntry| e.columns.iter().all(|c| c.name != "replicate");
        self.first_files().filter(is_named).map(|entry| self.read_entry(entry)).collect()
    }

    fn read_entry(&self, entry: &TableEntry) -> Result<Table, OutputError> {
        let path = self.path.join(check_name(&entry.file)?);
        let (name, format) = name_of(&entry.file);
        let mut file = open_file(&path)?;
        let digest = digest_of(&mut file).map_err(|e| OutputError::from_io("read", &path, e))?;
        let columns = columns_of(entry);
        let read = format.read(name, &path, file, &columns);
        if digest != entry.sha256 {
            // That it was changed explains whatever else is wrong with it.
            let how = match &read {
                Ok(table) if table.rows() as u64 != entry.rows => {
                    format!("it has {} rows, and {} were written", table.rows(), entry.rows)
                }
                Ok(_) => "it has changed since it was written, by its SHA-256".to_owned(),
                Err(OutputError::Table { line, problem, .. }) => {
                    format!("it has changed since it was written: in line {line}, {problem}")
                }
                Err(_) => "it has changed since it was written".to_owned(),
            };
            return Err(damaged(&path, how));
        }
        let mut table = read.map_err(|e| e.in_file(&path))?;
        if table.rows() as u64 != entry.rows {
            let problem = format!("it has {} rows, and the manifest says {}", table.rows(), entry.rows);
            return Err(damaged(&path, problem));
        }
        table.meaning.clone_from(&entry.meaning);
        Ok(table)
    }
}

pub(super) fn columns_of(entry: &TableEntry) -> Vec<csv::Column<'_>> {
    let columns = entry.columns.iter();
    columns.map(|c| (c.name.as_str(), c.kind, c.unit.as_str(), c.meaning.as_str())).collect()
}

/// Name and format of the table in `file`; a name without a known ending was CSV from the beginning.
pub(super) fn name_of(file: &str) -> (&str, Format) {
    Format::of_file(file).map_or((file, Format::Csv), |(format, name)| (name, format))
}

/// The manifest of the run folder at `path`.
pub(super) fn read_manifest(path: &Path) -> Result<Manifest, OutputError> {
    let file = path.join(MANIFEST);
    match fs::read_to_string(&file) {
        Ok(text) => Manifest::from_json(&file, &text),
        Err(e) if e.kind() == io::ErrorKind::InvalidData => Err(OutputError::Manifest {
            path: file,
            reason: "it is not UTF-8".to_owned(),
            remedy: "restore the file, or run the scenario again".to_owned(),
        }),
        Err(e) => Err(what_instead(path).unwrap_or_else(|| OutputError::from_io("read", &file, e))),
    }
}

/// Why there is no manifest in `path`, where that can be told.
fn what_instead(path: &Path) -> Option<OutputError> {
    let no_run_folder = |reason: &str, remedy: String| {
        Some(OutputError::NotARunFolder { path: path.to_path_buf(), reason: reason.to_owned(), remedy })
    };
    let Ok(found) = fs::metadata(path) else {
        let left = ["partial", "old"].map(|purpose| neighbour(path, purpose));
        let left = left.into_iter().flatten().find(|beside| beside.join(MANIFEST).is_file());
        return no_run_folder(
            "there is no such folder",
            left.map_or_else(
                || "check the path, or run a scenario first".to_owned(),
                |beside| format!("a run cut short left it as `{}`: rename that", beside.display()),
            ),
        );
    };
    if !found.is_dir() {
        return match (path.extension().and_then(|e| e.to_str()), path.parent()) {
            (Some("toml"), _) => no_run_folder(
                "it is a scenario file",
                format!("run it first: october run {}", path.display()),
            ),
            (_, Some(parent)) if parent.join(MANIFEST).is_file() => no_run_folder(
                "it is a file inside a run folder",
                format!("name the folder: `{}`", parent.display()),
            ),
            _ => no_run_folder("it is a file", "name a folder that `october run` has written".to_owned()),
        };
    }
    if path.join(MANIFEST).exists() {
        return None;
    }
    let entries = fs::read_dir(path).ok()?.flatten().map(|entry| entry.path());
    let (mut runs, mut scenarios): (Vec<_>, Vec<_>) = entries
        .filter(|p| p.join(MANIFEST).is_file() || p.extension().is_some_and(|e| e == "toml"))
        .partition(|p| p.is_dir());
    runs.sort();
    scenarios.sort();
    let remedy = if let Some(remedy) = listed(&runs) {
        format!("name one of the run folders inside it: {remedy}")
    } else if let Some(remedy) = listed(&scenarios) {
        format!("it has scenarios, which can be run: {remedy}")
    } else {
        "name a folder that `october run` has written".to_owned()
    };
    no_run_folder(&format!("it has no {MANIFEST}"), remedy)
}

/// The first few of `paths` in words; `None` if there are none.
fn listed(paths: &[PathBuf]) -> Option<String> {
    const SHOWN: usize = 5;
    let shown: Vec<_> = paths.iter().take(SHOWN).map(|p| format!("`{}`", p.display())).collect();
    let more = paths.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!shown.is_empty()).then(|| shown.join(", ") + &rest)
}

pub(super) fn open_file(path: &Path) -> Result<File, OutputError> {
    File::open(path).map_err(|e| missing_or(path, e))
}

fn read_file(path: &Path) -> Result<Vec<u8>, OutputError> {
    fs::read(path).map_err(|e| missing_or(path, e))
}

fn missing_or(path: &Path, error: io::Error) -> OutputError {
    if error.kind() == io::ErrorKind::NotFound {
        return damaged(path, "the file is missing".to_owned());
    }
    OutputError::from_io("read", path, error)
}

pub(super) fn damaged(path: &Path, problem: String) -> OutputError {
    let remedy = "restore the file from a copy, or run the scenario again".to_owned();
    OutputError::Damaged { path: path.to_path_buf(), problem, remedy }
}

/// SHA-256 of the whole file, which is left at its beginning.
pub(super) fn digest_of(file: &mut File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => hasher.update(&buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    file.rewind()?;
    Ok(hex(&hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::observers::table::{Cell, Kind};

    fn sample(name: &str) -> Table {
        let columns = [
            ("day", Kind::Int, "day", "day of the run"),
            ("lost_day", Kind::OptInt, "day", "when it was lost"),
            ("share", Kind::Real, "share 0..1", "of all"),
            ("place", Kind::Text, "", "where"),
        ];
        let mut table = Table::new(name, "one place on one day", &columns);
        for day in 0..3 {
            table.push(&[Cell::Int(day), Cell::OptInt(None), Cell::Real(1.0), Cell::Text("north, upper")]);
        }
        table
    }

    /// A run folder with two tables, in a temporary folder that must outlive it.
    fn written() -> (TempDir, PathBuf) {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut draft = RunFolder::create(&home.path().join("run"), Overwrite::Refuse).expect("a free place");
        draft.write_table(&sample("support")).expect("a plain name");
        draft.write_table(&sample("bodies")).expect("a plain name");
        draft.write_text(SCENARIO, "[meta]\n").expect("a plain name");
        let path = draft.finish(Manifest::default()).expect("nothing is in the way");
        (home, path)
    }

    fn open(path: &Path) -> RunFolder {
        RunFolder::open(path).expect("a run folder")
    }

    /// Message and remedy of the error of opening `path`.
    fn refusal(path: &Path) -> (String, String) {
        let error = RunFolder::open(path).expect_err("no run folder");
        (error.to_string(), error.remedy().to_owned())
    }

    #[test]
    fn tables_come_back_with_kinds_units_and_meanings() {
        let (_home, path) = written();
        let run = open(&path);
        // All reals of the sample are whole and all optional numbers missing: the file alone could not tell.
        assert_eq!(run.read_tables().expect("as written").tables, [sample("support"), sample("bodies")]);
        assert_eq!(run.read_table("bodies").expect("as written"), sample("bodies"));
        assert_eq!(run.scenario_text().expect("as written"), "[meta]\n");
        assert_eq!(run.checkpoint().expect("there is none"), None);
        let error = run.read_table("body").expect_err("there is none");
        assert_eq!(error.remedy(), "choose one of support.csv, bodies.csv");
    }

    #[test]
    fn a_truncated_table_is_named() {
        let (_home, path) = written();
        let file = path.join("bodies.csv");
        let whole = fs::read_to_string(&file).expect("just written");
        let problem = |text: &str| {
            fs::write(&file, text).expect("a temporary file");
            let error = open(&path).read_tables().expect_err("it is damaged");
            assert!(matches!(error, OutputError::Damaged { .. }), "{error}");
            assert_eq!(error.path(), file);
            error.to_string()
        };
        let without_last_line = whole.trim_end().rsplit_once('\n').expect("it has lines").0;
        assert!(problem(without_last_line).contains("it has 2 rows, and 3 were written"));
        assert!(problem(&whole[..whole.len() - 17]).contains("in line 4, the line has"));
        assert!(problem(&whole.replace("upper", "lower")).contains("changed"));
        assert!(problem("").contains("the file is empty"));
        fs::remove_file(&file).expect("just written");
        let error = open(&path).read_tables().expect_err("it is missing");
        assert!(error.to_string().contains("bodies.csv`: the file is missing"), "{error}");
        assert!(open(&path).read_table("support").is_ok());
    }

    #[test]
    fn a_manifest_that_leads_elsewhere_is_not_followed() {
        let (_home, path) = written();
        let file = path.join(MANIFEST);
        let text = fs::read_to_string(&file).expect("just written");
        fs::write(&file, text.replace("bodies.csv", "../bodies.csv")).expect("a temporary file");
        let error = open(&path).read_tables().expect_err("it leads out");
        assert!(matches!(error, OutputError::Name { .. }), "{error}");
    }

    #[test]
    fn a_changed_scenario_is_noticed() {
        let (_home, path) = written();
        fs::write(path.join(SCENARIO), "[meta]\nx = 1\n").expect("a temporary file");
        assert!(matches!(open(&path).scenario_text(), Err(OutputError::Damaged { .. })));
    }

    #[test]
    fn a_checkpoint_cut_short_is_noticed() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let draft = RunFolder::create(&home.path().join("run"), Overwrite::Refuse).expect("a free place");
        let path = draft.keep_interrupted(Manifest::default(), b"day 7").expect("nothing is in the way");
        fs::write(path.join(CHECKPOINT), b"day").expect("a temporary file");
        let error = open(&path).checkpoint().expect_err("it is short");
        assert!(error.to_string().contains("it has 3 bytes, and 5 were written"));
        fs::write(path.join(CHECKPOINT), b"day 8").expect("a temporary file");
        assert!(open(&path).checkpoint().is_err());
    }

    #[test]
    fn what_is_no_run_folder_says_what_it_is() {
        let (home, path) = written();
        let (reason, remedy) = refusal(home.path());
        assert!(reason.contains("it has no manifest.json"));
        assert!(
            remedy.contains("name one of the run folders inside it") && remedy.contains("/run`"),
            "{remedy}"
        );
        assert!(refusal(&path.join(SCENARIO)).0.contains("it is a scenario file"));
        assert!(refusal(&path.join(SCENARIO)).1.contains("october run"));
        assert!(refusal(&path.join("support.csv")).1.contains("name the folder"));
        assert!(refusal(&home.path().join("other")).0.contains("there is no such folder"));

        let scenarios = home.path().join("scenarios");
        fs::create_dir(&scenarios).expect("a temporary folder");
        assert!(refusal(&scenarios).1.contains("name a folder that"));
        fs::write(scenarios.join("base.toml"), "").expect("a temporary file");
        assert!(refusal(&scenarios).1.contains("it has scenarios"));

        fs::rename(&path, home.path().join(".run.old")).expect("a sibling");
        assert!(refusal(&path).1.contains(".run.old`: rename that"));
        let broken = home.path().join("broken");
        fs::create_dir(&broken).expect("a temporary folder");
        fs::write(broken.join(MANIFEST), "{\"program\": \"october\",").expect("a temporary file");
        assert!(refusal(&broken).0.contains("it is broken: EOF while parsing"));
        fs::write(broken.join(MANIFEST), b"\xff").expect("a temporary file");
        assert!(refusal(&broken).0.contains("not UTF-8"));
    }

    #[test]
    fn long_lists_are_cut() {
        let paths: Vec<PathBuf> = (0..7).map(|i| i.to_string().into()).collect();
        assert_eq!(listed(&paths).as_deref(), Some("`0`, `1`, `2`, `3`, `4` and 2 more"));
        assert_eq!(listed(&[]), None);
    }
}
