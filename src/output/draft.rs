//! A run folder being written: beside its place until it is whole, then moved into it.
#![expect(clippy::disallowed_methods, reason = "this ring reads and writes files")]

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::observers::table::{Cells, Table};

use super::error::OutputError;
use super::format::{Format, Growth};
use super::lock::FolderLock;
use super::manifest::{CheckpointEntry, Manifest, Status, TableEntry, hex, sha256_hex};
use super::place::{
    MARKER, Standing, neighbour, remove_folder, remove_marker, remove_run, remove_stale_draft, rename,
    resolve, set_right_after_crash, sync_folder, sync_parent,
};
use super::run_folder::{CHECKPOINT, MANIFEST, SCENARIO};

/// What to do with a run folder that stands in the place of the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it and write nothing.
    Refuse,
    /// Put the new one in its place once that is whole; only ever a run folder of ours or an empty one.
    Replace,
}

/// A run folder that is not in its place yet. Dropped without [`Draft::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    /// The place as the user named it.
    named: PathBuf,
    /// The same place without symbolic links, so that neighbours of it are on its file system.
    place: PathBuf,
    folder: PathBuf,
    aside: PathBuf,
    overwrite: Overwrite,
    formats: Vec<Format>,
    tables: Vec<TableEntry>,
    /// Tables whose rows come in parts; entered in `tables` when the draft is closed.
    growing: Vec<Growing>,
    scenario_hash: Option<String>,
    /// Folders inside the draft, so that their entries too are on the disk before the draft moves.
    subfolders: BTreeSet<PathBuf>,
    on_drop: OnDrop,
    _lock: FolderLock,
}

#[derive(Debug, PartialEq)]
enum OnDrop {
    Remove,
    Keep,
}

impl Draft {
    /// The place it will move to, without symbolic links.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// See [`super::RunFolder::create`].
    pub(super) fn begin(target: &Path, overwrite: Overwrite) -> Result<Self, OutputError> {
        // Before anything is written: most mistakes end here.
        Standing::at(target)?.check(target, overwrite)?;
        let place = resolve(target)?;
        let folder = neighbour(&place, "partial")?;
        let aside = neighbour(&place, "old")?;
        let lock = FolderLock::take(neighbour(&place, "lock")?, target)?;

        set_right_after_crash(&place, &folder, &aside)?;
        let standing = Standing::at(&place)?;
        standing.check(target, overwrite)?;
        if standing != Standing::Nothing {
            // A mount point cannot be moved: better to learn that now than after the run.
            rename(&place, &aside)?;
            rename(&aside, &place)?;
        }
        remove_stale_draft(&folder)?;
        fs::create_dir(&folder).map_err(|e| OutputError::from_io("create", &folder, e))?;
        let draft = Self {
            named: target.to_path_buf(),
            place,
            folder,
            aside,
            overwrite,
            formats: vec![Format::Csv],
            tables: Vec::new(),
            growing: Vec::new(),
            scenario_hash: None,
            subfolders: BTreeSet::new(),
            on_drop: OnDrop::Remove,
            _lock: lock,
        };
        draft.create(Path::new(MARKER), |_| Ok(()))?;
        Ok(draft)
    }

    /// Where the files lie until the draft is finished.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The formats in which tables are written from here on: CSV alone until they are named, as it is if none is.
    #[must_use]
    pub fn in_formats(mut self, formats: &[Format]) -> Self {
        let named = Format::ALL.into_iter().filter(|format| formats.contains(format)).collect::<Vec<_>>();
        self.formats = if named.is_empty() { vec![Format::default()] } else { named };
        self
    }

    /// Writes `table` as `<name>.csv`, or in the formats that were asked for, and enters each file in the manifest.
    ///
    /// # Errors
    /// [`OutputError::Name`] if its name is not one for a file or was written before; otherwise what the disk says.
    pub fn write_table(&mut self, table: &Table) -> Result<(), OutputError> {
        if table.name.contains('/') {
            return Err(name_error(Path::new(&table.name), "a table stands in the run folder itself"));
        }
        for format in self.formats.clone() {
            let file = format!("{}.{}", table.name, format.word());
            let digest = self.write_new(&file, |out| {
                let mut out = Hashed::new(out);
                format.write(table, &mut out).map(|()| out.digest())
            })?;
            self.tables.push(TableEntry::new(table, file, digest));
        }
        Ok(())
    }

    /// Writes the rows of `table` below those appended before under its name; the first time, its headings above them.
    ///
    /// Read back, it is the same table as if all rows had been written at once with [`Draft::write_table`], and as CSV
    /// the same file; as Parquet each part is a row group. It is entered in the manifest, after the tables written
    /// whole, when the draft is finished. Memory does not grow with its rows.
    ///
    /// # Errors
    /// As [`Draft::write_table`]; [`OutputError::Name`] too if its columns are not those of the first part.
    pub fn append_table(&mut self, table: &Table) -> Result<(), OutputError> {
        self.appends(&[table], &|_| None)?.into_iter().try_for_each(Append::write)
    }

    /// What appends each of several tables of different names as [`Draft::append_table`] does: to be done in any order,
    /// beside each other, and the files are the same. A table for which `own` names formats is written in those.
    ///
    /// # Errors
    /// As [`Draft::append_table`], which [`Append::write`] may fail with too.
    pub fn appends<'d>(
        &'d mut self,
        tables: &[&'d Table],
        own: &dyn Fn(&Table) -> Option<Vec<Format>>,
    ) -> Result<Vec<Append<'d>>, OutputError> {
        for table in tables {
            if self.growing.iter().all(|growing| growing.name != table.name) {
                let growing = self.begin_table(table, &own(table).unwrap_or_else(|| self.formats.clone()))?;
                self.growing.push(growing);
            }
        }
        let folder = &self.folder;
        let append = |growing: &'d mut Growing| {
            let table = *tables.iter().find(|table| table.name == growing.name)?;
            Some(Append { growing, folder, table })
        };
        Ok(self.growing.iter_mut().filter_map(append).collect())
    }

    /// The files of a table of which no row has been written yet, in every format.
    fn begin_table(&self, table: &Table, formats: &[Format]) -> Result<Growing, OutputError> {
        if table.name.contains('/') {
            return Err(name_error(Path::new(&table.name), "a table stands in the run folder itself"));
        }
        let mut files = Vec::new();
        for &format in formats {
            let file = format!("{}.{}", table.name, format.word());
            let rel = check_name(&file)?;
            let out = format
                .begin(table, Hashed::new(self.open_new(rel)?))
                .map_err(|e| OutputError::from_io("write", &self.folder.join(rel), e))?;
            files.push((TableEntry { rows: 0, ..TableEntry::new(table, file, String::new()) }, out));
        }
        Ok(Growing { name: table.name.clone(), files })
    }

    /// Writes a text file at `rel`, a path inside the run folder with `/` between its parts. Folders are made.
    ///
    /// # Errors
    /// As [`Draft::write_table`].
    pub fn write_text(&mut self, rel: &str, text: &str) -> Result<(), OutputError> {
        self.write_bytes(rel, text.as_bytes())
    }

    /// Writes a file at `rel`, a path inside the run folder with `/` between its parts. Folders are made.
    ///
    /// Parts are letters of the Latin alphabet, digits, `_`, `-` and `.`, and begin with no dot, so that a run folder
    /// can be copied to other systems.
    ///
    /// # Errors
    /// As [`Draft::write_table`].
    pub fn write_bytes(&mut self, rel: &str, bytes: &[u8]) -> Result<(), OutputError> {
        self.write_new(rel, |out| out.write_all(bytes))?;
        if rel == SCENARIO {
            self.scenario_hash = Some(sha256_hex(bytes));
        }
        Ok(())
    }

    /// A file for what need not be in memory while the draft lasts. It has no name, and is gone once it is closed.
    ///
    /// # Errors
    /// What the disk says.
    pub fn scratch(&self) -> Result<File, OutputError> {
        scratch_in(&self.folder)
    }

    /// Writes the manifest and moves the run folder into its place, of which it returns the path as it was named.
    ///
    /// Status, tables and, if there is a `scenario.toml`, the hash of the scenario are set here to what was written.
    ///
    /// # Errors
    /// What the disk says; the draft is then removed. [`OutputError::Stranded`] if it is whole and could not be moved:
    /// it is then kept, and a folder that it should have replaced is in its place again.
    pub fn finish(self, manifest: Manifest) -> Result<PathBuf, OutputError> {
        self.close(Manifest { status: Status::Complete, checkpoint: None, ..manifest })
    }

    /// As [`Draft::finish`], for a run that was stopped: the folder can be read, and resumed from `checkpoint`.
    ///
    /// # Errors
    /// As [`Draft::finish`].
    pub fn keep_interrupted(self, manifest: Manifest, checkpoint: &[u8]) -> Result<PathBuf, OutputError> {
        self.create(Path::new(CHECKPOINT), |out| out.write_all(checkpoint))?;
        let entry = CheckpointEntry {
            file: CHECKPOINT.to_owned(),
            bytes: checkpoint.len() as u64,
            sha256: sha256_hex(checkpoint),
        };
        self.close(Manifest { status: Status::Interrupted, checkpoint: Some(entry), ..manifest })
    }

    fn close(mut self, mut manifest: Manifest) -> Result<PathBuf, OutputError> {
        manifest.tables = std::mem::take(&mut self.tables);
        for (mut entry, out) in std::mem::take(&mut self.growing).into_iter().flat_map(|g| g.files) {
            let path = self.folder.join(&entry.file);
            let end =
                |out: Growth<Hashed<File>>| out.finish().and_then(|out| out.inner.sync_all().map(|()| out));
            let out = end(out).map_err(|e| OutputError::from_io("write", &path, e))?;
            entry.sha256 = out.digest();
            manifest.tables.push(entry);
        }
        if let Some(hash) = self.scenario_hash.take() {
            manifest.scenario.hash = hash;
        }
        for subfolder in &self.subfolders {
            sync_folder(subfolder)?;
        }
        // The manifest is the last file, so a folder that has one has everything.
        self.create(Path::new(MANIFEST), |out| out.write_all(manifest.to_json().as_bytes()))?;
        remove_marker(&self.folder)?;
        sync_folder(&self.folder)?;

        // From here on it holds a whole run, which may have taken days.
        self.on_drop = OnDrop::Keep;
        match self.move_into_place() {
            Ok(()) => Ok(self.named.clone()),
            Err(source) => Err(OutputError::Stranded {
                path: self.named.clone(),
                draft: self.folder.clone(),
                remedy: "move it away before the next run, which would replace it".to_owned(),
                source: Box::new(source),
            }),
        }
    }

    fn move_into_place(&self) -> Result<(), OutputError> {
        let standing = Standing::at(&self.place)?;
        // Somebody else may have put something there while we ran.
        standing.check(&self.named, self.overwrite)?;
        if standing == Standing::Nothing {
            rename(&self.folder, &self.place)?;
        } else {
            rename(&self.place, &self.aside)?;
            if let Err(error) = rename(&self.folder, &self.place) {
                rename(&self.aside, &self.place)?;
                return Err(error);
            }
        }
        sync_parent(&self.place)?;
        if standing != Standing::Nothing {
            // The new folder is in its place, so this is no failure of the run; the next one will try again.
            let _ = remove_run(&self.aside);
        }
        Ok(())
    }

    /// Writes a file of the run's own under a name that is checked.
    fn write_new<T>(
        &mut self,
        rel: &str,
        content: impl FnOnce(&mut File) -> io::Result<T>,
    ) -> Result<T, OutputError> {
        let rel_path = check_name(rel)?;
        if [MANIFEST, CHECKPOINT].contains(&rel) {
            return Err(name_error(rel_path, "this file is written when the draft is finished"));
        }
        let mut subfolder = self.folder.clone();
        for part in rel_path.parent().into_iter().flat_map(Path::components) {
            subfolder.push(part);
            if !self.subfolders.contains(&subfolder) {
                fs::create_dir(&subfolder).map_err(|e| OutputError::from_io("create", &subfolder, e))?;
                self.subfolders.insert(subfolder.clone());
            }
        }
        self.create(rel_path, content)
    }

    /// Makes the file and sees to it that its content is on the disk.
    fn create<T>(
        &self,
        rel: &Path,
        content: impl FnOnce(&mut File) -> io::Result<T>,
    ) -> Result<T, OutputError> {
        let path = self.folder.join(rel);
        let mut out = self.open_new(rel)?;
        content(&mut out)
            .and_then(|of_it| out.sync_all().map(|()| of_it))
            .map_err(|e| OutputError::from_io("write", &path, e))
    }

    fn open_new(&self, rel: &Path) -> Result<File, OutputError> {
        let path = self.folder.join(rel);
        File::options().write(true).create_new(true).open(&path).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => name_error(rel, "there is a file of this name already"),
            _ => OutputError::from_io("create", &path, e),
        })
    }
}

/// A table whose rows come in parts: its files and their entries so far.
#[derive(Debug)]
struct Growing {
    name: String,
    files: Vec<(TableEntry, Growth<Hashed<File>>)>,
}

/// Rows that are to stand below those of a table that are there.
#[derive(Debug)]
pub struct Append<'d> {
    growing: &'d mut Growing,
    folder: &'d Path,
    table: &'d Table,
}

/// How many times as long as that of a name a real number takes to write, about.
const WORK_OF_A_REAL: usize = 12;

impl Append<'_> {
    /// How long it takes, about, in cells of names: for whoever shares work out.
    #[must_use]
    pub fn work(&self) -> usize {
        let of = |cells: &Cells| if matches!(cells, Cells::Real(_)) { WORK_OF_A_REAL } else { 1 };
        self.table.rows() * self.table.cells().iter().map(of).sum::<usize>()
    }

    /// Writes them.
    ///
    /// # Errors
    /// [`OutputError::Name`] if their columns are others; what the disk says.
    pub fn write(self) -> Result<(), OutputError> {
        let Self { growing, folder, table } = self;
        for (entry, out) in &mut growing.files {
            let part = TableEntry::new(table, entry.file.clone(), String::new());
            if part.columns != entry.columns {
                return Err(name_error(
                    Path::new(&growing.name),
                    "rows with other columns stand under this name already",
                ));
            }
            entry.rows += part.rows;
            out.append(table).map_err(|e| OutputError::from_io("write", &folder.join(&entry.file), e))?;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.on_drop == OnDrop::Remove {
            // What cannot be removed now will be taken for a stale draft later.
            let _ = remove_folder(&self.folder);
        }
    }
}

/// Something whose digest is known when it is written.
#[derive(Debug)]
struct Hashed<W> {
    inner: W,
    hasher: Sha256,
}

impl<W> Hashed<W> {
    fn new(inner: W) -> Self {
        Self { inner, hasher: Sha256::new() }
    }

    fn digest(self) -> String {
        hex(&self.hasher.finalize())
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// `rel` as a path, if each part of it is a plain name.
pub(super) fn check_name(rel: &str) -> Result<&Path, OutputError> {
    let path = Path::new(rel);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let reason = if rel.split('/').any(str::is_empty) {
        "a part of the name is empty"
    } else if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        "it leads out of the run folder"
    } else if rel.split('/').any(|part| part.starts_with('.')) {
        "a part of the name begins with a dot"
    } else if !rel.chars().all(|c| is_plain(c) || c == '/') {
        "it has characters other than a-z, A-Z, 0-9, `_`, `-` and `.`"
    } else {
        return Ok(path);
    };
    Err(name_error(path, reason))
}

fn name_error(path: &Path, reason: &'static str) -> OutputError {
    let remedy = "choose a plain name, such as `support` or `charts/support.svg`".to_owned();
    OutputError::Name { path: path.to_path_buf(), reason, remedy }
}

/// A file in `folder` for what need not be in memory. It has no name, and is gone once it is closed.
///
/// # Errors
/// What the disk says.
pub fn scratch_in(folder: &Path) -> Result<File, OutputError> {
    let path = folder.join(format!(".scratch-{}", std::process::id()));
    let failure = |error| OutputError::from_io("create", &path, error);
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).open(&path).map_err(failure)?;
    fs::remove_file(&path).map_err(|error| OutputError::from_io("remove", &path, error))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::RunFolder;
    use super::*;
    use crate::observers::table::{Cell, Kind};

    fn temporary() -> TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    fn begin(target: &Path, overwrite: Overwrite) -> Draft {
        Draft::begin(target, overwrite).expect("the place is free for us")
    }

    fn refusal(target: &Path, overwrite: Overwrite) -> OutputError {
        let error = Draft::begin(target, overwrite).expect_err("the place is not free for us");
        assert!(!error.remedy().is_empty());
        error
    }

    /// A run folder of the given seed, by which it is told from others.
    fn write_run(target: &Path, seed: u64) {
        let draft = begin(target, Overwrite::Replace);
        draft.finish(Manifest { seed, ..Manifest::default() }).expect("nothing is in the way");
    }

    fn seed_of(target: &Path) -> u64 {
        RunFolder::open(target).expect("a run folder").manifest().seed
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").file_name());
        let mut names: Vec<_> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Leaves the draft as a process does that is killed.
    fn crash(mut draft: Draft) {
        draft.on_drop = OnDrop::Keep;
    }

    fn table(name: &str) -> Table {
        let mut table = Table::new(name, "one day", &[("day", Kind::Int, "day", "")]);
        table.push(&[Cell::Int(1)]);
        table
    }

    #[test]
    fn a_finished_run_is_in_its_place_and_nothing_else_is_left() {
        let home = temporary();
        let target = home.path().join("deep/er/run");
        let mut draft = begin(&target, Overwrite::Refuse);
        assert!(!target.exists());
        draft.write_table(&table("support")).expect("a plain name");
        draft.write_text(SCENARIO, "[meta]").expect("a plain name");
        draft.write_bytes("charts/support.png", &[1, 2]).expect("a plain name");
        draft.write_bytes("charts/bodies.png", &[3]).expect("a plain name");
        assert_eq!(draft.finish(Manifest::default()).expect("nothing is in the way"), target);
        assert_eq!(names_in(&target), ["charts", "manifest.json", "scenario.toml", "support.csv"]);
        assert_eq!(names_in(&target.join("charts")), ["bodies.png", "support.png"]);
        assert_eq!(names_in(&home.path().join("deep/er")), ["run"]);
        let run = RunFolder::open(&target).expect("a run folder");
        assert_eq!(run.manifest().scenario.hash, sha256_hex(b"[meta]"));
        assert_eq!(run.manifest().tables[0].sha256, sha256_hex(b"day\n1\n"));
    }

    #[test]
    fn a_table_in_parts_is_the_table_at_once() {
        let home = temporary();
        let (parts, whole) = (home.path().join("parts"), home.path().join("whole"));
        let mut draft = begin(&parts, Overwrite::Refuse);
        let mut all = table("support");
        draft.append_table(&table("support")).expect("a plain name");
        draft.append_table(&Table::new("empty", "", &[("day", Kind::Int, "day", "")])).expect("a plain name");
        draft.append_table(&table("support")).expect("the same columns");
        all.append(&table("support"));
        let other = Table::new("support", "one day", &[("week", Kind::Int, "week", "")]);
        assert!(matches!(draft.append_table(&other), Err(OutputError::Name { .. })));
        draft.write_table(&table("names")).expect("a plain name");
        assert!(draft.write_table(&table("support")).is_err(), "it is being written in parts");
        draft.finish(Manifest::default()).expect("nothing is in the way");
        let mut draft = begin(&whole, Overwrite::Refuse);
        draft.write_table(&table("names")).expect("a plain name");
        draft.write_table(&all).expect("a plain name");
        draft.write_table(&Table::new("empty", "", &[("day", Kind::Int, "day", "")])).expect("a plain name");
        draft.finish(Manifest::default()).expect("nothing is in the way");
        let entries = |path| RunFolder::open(path).expect("a run folder").manifest().tables.clone();
        assert_eq!(entries(&parts), entries(&whole));
        assert_eq!(RunFolder::open(&parts).expect("a run folder").read_table("support").expect("whole"), all);
    }

    #[test]
    fn a_dropped_draft_leaves_nothing() {
        let home = temporary();
        let mut draft = begin(&home.path().join("run"), Overwrite::Refuse);
        draft.write_table(&table("support")).expect("a plain name");
        assert_eq!(names_in(home.path()), [".run.lock", ".run.partial"]);
        drop(draft);
        assert!(names_in(home.path()).is_empty());
    }

    #[test]
    fn a_draft_left_by_a_crash_is_replaced() {
        let home = temporary();
        let target = home.path().join("run");
        let mut draft = begin(&target, Overwrite::Refuse);
        draft.write_table(&table("support")).expect("a plain name");
        crash(draft);
        assert_eq!(names_in(home.path()), [".run.partial"]);
        let draft = begin(&target, Overwrite::Refuse);
        assert_eq!(names_in(draft.folder()), [MARKER]);
        draft.finish(Manifest::default()).expect("nothing is in the way");
        assert_eq!(names_in(home.path()), ["run"]);
        assert_eq!(names_in(&target), [MANIFEST]);
    }

    #[test]
    fn a_crash_leaves_the_old_run_as_it_was() {
        let home = temporary();
        let target = home.path().join("run");
        write_run(&target, 1);
        crash(begin(&target, Overwrite::Replace));
        assert_eq!(seed_of(&target), 1);
        write_run(&target, 2);
        assert_eq!(seed_of(&target), 2);
        assert_eq!(names_in(home.path()), ["run"]);
    }

    #[test]
    fn a_crash_between_the_renames_is_set_right() {
        let home = temporary();
        let target = home.path().join("run");
        // The old run is aside and the new one not whole: the old one comes back.
        write_run(&target, 1);
        crash(begin(&target, Overwrite::Replace));
        fs::rename(&target, home.path().join(".run.old")).expect("a sibling");
        assert!(matches!(refusal(&target, Overwrite::Refuse), OutputError::Occupied { .. }));
        assert_eq!(seed_of(&target), 1);
        // The old run is aside and the new one whole: the new one moves in.
        fs::rename(&target, home.path().join(".run.old")).expect("a sibling");
        let beside = home.path().join("beside");
        write_run(&beside, 2);
        fs::remove_dir_all(home.path().join(".run.partial")).expect("left above");
        fs::rename(&beside, home.path().join(".run.partial")).expect("a sibling");
        assert!(matches!(refusal(&target, Overwrite::Refuse), OutputError::Occupied { .. }));
        assert_eq!(seed_of(&target), 2);
        assert_eq!(names_in(home.path()), ["run"]);
    }

    #[test]
    fn an_old_run_that_was_not_removed_is_removed_later() {
        let home = temporary();
        let target = home.path().join("run");
        write_run(&home.path().join(".run.old"), 1);
        write_run(&target, 2);
        // The one aside was put back first, being the only one, and then replaced.
        assert_eq!((seed_of(&target), names_in(home.path())), (2, vec!["run".to_owned()]));
        write_run(&home.path().join(".run.old"), 1);
        write_run(&target, 3);
        assert_eq!((seed_of(&target), names_in(home.path())), (3, vec!["run".to_owned()]));
    }

    #[test]
    fn a_run_is_replaced_only_if_asked() {
        let home = temporary();
        let target = home.path().join("run");
        write_run(&target, 1);
        let error = refusal(&target, Overwrite::Refuse);
        assert!(matches!(error, OutputError::Occupied { .. }));
        assert!(error.remedy().contains("--overwrite"));
        assert_eq!(names_in(home.path()), ["run"]);
        write_run(&target, 2);
        assert_eq!(seed_of(&target), 2);
    }

    #[test]
    fn what_is_not_ours_is_never_replaced() {
        let home = temporary();
        let check = |target: &Path, reason: &str| {
            for overwrite in [Overwrite::Refuse, Overwrite::Replace] {
                let error = refusal(target, overwrite);
                assert!(matches!(error, OutputError::NotOurs { .. }), "{error}");
                assert!(error.to_string().contains(reason), "{error}");
            }
        };
        let target = home.path().join("letters");
        fs::create_dir(&target).expect("a temporary folder");
        fs::write(target.join("mother.txt"), "dear").expect("a temporary file");
        check(&target, "no manifest.json");
        fs::write(target.join(MANIFEST), r#"{"name": "a web page"}"#).expect("a temporary file");
        check(&target, "does not say `\"program\": \"october\"`");
        fs::write(target.join(MANIFEST), r#"{"program": "october", "format": 99}"#).expect("a file");
        check(&target, "format 99");
        check(&target.join("mother.txt"), "it is a file");
        assert_eq!(names_in(home.path()), ["letters"]);
        assert_eq!(names_in(&target), [MANIFEST, "mother.txt"]);
    }

    #[test]
    fn a_name_of_ours_taken_by_somebody_else_is_left_alone() {
        for purpose in ["partial", "old"] {
            let home = temporary();
            let taken = home.path().join(format!(".run.{purpose}"));
            fs::create_dir(&taken).expect("a temporary folder");
            fs::write(taken.join("mother.txt"), "dear").expect("a temporary file");
            let error = refusal(&home.path().join("run"), Overwrite::Replace);
            assert!(matches!(error, OutputError::NotOurs { .. }), "{error}");
            assert_eq!(names_in(&taken), ["mother.txt"]);
        }
    }

    #[test]
    fn an_empty_folder_is_filled() {
        let home = temporary();
        let target = home.path().join("run");
        fs::create_dir(&target).expect("a temporary folder");
        begin(&target, Overwrite::Refuse).finish(Manifest::default()).expect("nothing is in the way");
        assert_eq!(names_in(home.path()), ["run"]);
        assert_eq!(names_in(&target), [MANIFEST]);
    }

    #[test]
    fn a_parent_that_is_a_file_is_refused_at_once() {
        let home = temporary();
        fs::write(home.path().join("file"), "").expect("a temporary file");
        let error = refusal(&home.path().join("file/run"), Overwrite::Refuse);
        assert!(matches!(error, OutputError::File { .. }), "{error}");
        assert!(matches!(
            refusal(&home.path().join("new/.."), Overwrite::Refuse),
            OutputError::NotOurs { .. }
        ));
        assert_eq!(names_in(home.path()), ["file"]);
    }

    #[test]
    fn two_runs_cannot_write_the_same_folder() {
        let home = temporary();
        let target = home.path().join("run");
        let first = begin(&target, Overwrite::Refuse);
        assert!(matches!(refusal(&target, Overwrite::Replace), OutputError::Busy { .. }));
        begin(&home.path().join("other"), Overwrite::Refuse);
        first.finish(Manifest::default()).expect("the second has changed nothing");
        assert_eq!(names_in(home.path()), ["run"]);
    }

    #[test]
    fn a_run_that_lost_its_place_stands_whole_beside_it() {
        let home = temporary();
        let target = home.path().join("run");
        let mut draft = begin(&target, Overwrite::Replace);
        draft.write_table(&table("support")).expect("a plain name");
        fs::create_dir(&target).expect("a temporary folder");
        fs::write(target.join("mother.txt"), "dear").expect("a temporary file");
        let error = draft.finish(Manifest::default()).expect_err("somebody has taken the place");
        let OutputError::Stranded { draft, .. } = error else { panic!("{error}") };
        assert_eq!(names_in(&target), ["mother.txt"]);
        assert_eq!(names_in(&draft), [MANIFEST, "support.csv"]);
        assert_eq!(RunFolder::open(&draft).expect("whole").read_tables().expect("whole").tables.len(), 1);
    }

    #[test]
    fn the_old_run_is_put_back_if_the_new_one_cannot_move() {
        let home = temporary();
        let target = home.path().join("run");
        write_run(&target, 1);
        let draft = begin(&target, Overwrite::Replace);
        fs::remove_dir_all(draft.folder()).expect("made by us");
        draft.move_into_place().expect_err("there is nothing to move");
        assert_eq!(seed_of(&target), 1);
    }

    #[test]
    fn an_interrupted_run_can_be_resumed_in_the_same_place() {
        let home = temporary();
        let target = home.path().join("run");
        let mut draft = begin(&target, Overwrite::Refuse);
        draft.write_table(&table("support")).expect("a plain name");
        let path = draft.keep_interrupted(Manifest::default(), b"day 7").expect("nothing is in the way");
        let run = RunFolder::open(&path).expect("a run folder");
        assert!(run.is_interrupted());
        assert_eq!(run.checkpoint().expect("as it was written").as_deref(), Some(&b"day 7"[..]));
        assert_eq!(run.read_tables().expect("as they were written").tables, [table("support")]);
        begin(&target, Overwrite::Replace).finish(run.manifest().clone()).expect("ours to replace");
        let run = RunFolder::open(&path).expect("a run folder");
        assert!(!run.is_interrupted());
        assert_eq!(run.checkpoint().expect("there is none"), None);
    }

    #[test]
    fn names_with_odd_characters_are_rejected() {
        let home = temporary();
        let mut draft = begin(&home.path().join("run"), Overwrite::Refuse);
        let odd = [
            "",
            ".",
            "..",
            "../x",
            "a/../b",
            "/x",
            "a//b",
            "a/",
            ".hidden",
            "a/.b",
            "a b",
            "ö",
            "a\\b",
            "a:b",
            "a\n",
            "a\0",
            "manifest.json",
            "checkpoint.bin",
        ];
        for name in odd {
            let error = draft.write_text(name, "").expect_err(name);
            assert!(matches!(error, OutputError::Name { .. }), "{name}: {error}");
        }
        for name in ["", "../x", "a/b", "a b", "soviets,1917"] {
            let error = draft.write_table(&table(name)).expect_err(name);
            assert!(matches!(error, OutputError::Name { .. }), "{name}: {error}");
        }
        assert_eq!(names_in(draft.folder()), [MARKER]);
    }

    #[test]
    fn a_file_is_written_once() {
        let home = temporary();
        let mut draft = begin(&home.path().join("run"), Overwrite::Refuse);
        draft.write_table(&table("support")).expect("a plain name");
        let error = draft.write_table(&table("support")).expect_err("written above");
        assert!(matches!(error, OutputError::Name { .. }));
        let path = draft.finish(Manifest::default()).expect("nothing is in the way");
        assert_eq!(RunFolder::open(&path).expect("a run folder").manifest().tables.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_run_folder_stays_a_link() {
        let home = temporary();
        let (real, link) = (home.path().join("real"), home.path().join("link"));
        write_run(&real, 1);
        std::os::unix::fs::symlink(&real, &link).expect("a link");
        write_run(&link, 2);
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(seed_of(&real), 2);
        fs::remove_dir_all(&real).expect("made above");
        assert!(matches!(refusal(&link, Overwrite::Replace), OutputError::NotOurs { .. }));
    }
}
