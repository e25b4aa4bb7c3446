//! The manifest: what was run, with what, on what machine, at what cost, and which files came of it.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::OutputError;
use super::platform::Platform;
use crate::observers::table::{Cells, Kind, Table};

/// The content of `manifest.json`.
///
/// [`Manifest::default`] fills in the format, the program and its version; the rest is told by whoever ran it, except
/// for `status`, `tables`, `checkpoint` and `scenario.hash`, which [`super::Draft`] fills in from what it wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of this layout; raised when a reader of the old one would misread the new one.
    pub format: u32,
    /// Always [`Manifest::PROGRAM`].
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// Git revision it was built from, where it was built from a repository.
    pub git_revision: Option<String>,
    /// What was run.
    pub scenario: ScenarioIdentity,
    /// Root seed.
    pub seed: u64,
    /// Number of replicates.
    pub replicates: u32,
    /// Agents in each replicate.
    pub agents: u64,
    /// Days in each replicate.
    pub days: u32,
    /// Threads that stepped the days; they change the cost and no number.
    pub threads: usize,
    /// Wall time of making the population, seconds.
    #[serde(with = "finite_or_null")]
    pub seconds_setup: f64,
    /// Wall time of stepping, seconds.
    #[serde(with = "finite_or_null")]
    pub seconds_steps: f64,
    /// Wall time of writing tables and charts, seconds.
    #[serde(with = "finite_or_null")]
    pub seconds_output: f64,
    /// Agents times days stepped in a second.
    #[serde(with = "finite_or_null")]
    pub agent_days_per_s: f64,
    /// Memory of the population for one agent, bytes.
    #[serde(with = "finite_or_null")]
    pub bytes_per_agent: f64,
    /// Peak memory of the process, megabytes of 10⁶ bytes.
    pub peak_rss_mb: Option<f64>,
    /// The machine.
    pub platform: Platform,
    /// Whether the run reached its horizon.
    pub status: Status,
    /// When it began: an ISO 8601 timestamp in UTC.
    pub started: String,
    /// Works that the figures of the scenario come from.
    #[serde(default)]
    pub bibliography: Vec<String>,
    /// The command as typed, one argument an entry.
    pub command_line: Vec<String>,
    /// The tables, in the order they were written.
    pub tables: Vec<TableEntry>,
    /// What an interrupted run resumes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<CheckpointEntry>,
}

/// Which scenario was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioIdentity {
    /// Its short name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the resolved scenario text, lower-case hexadecimal.
    pub hash: String,
}

/// Whether a run reached its horizon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It did.
    #[default]
    Complete,
    /// It was stopped and can be resumed from its checkpoint.
    Interrupted,
}

/// One table file, with what is needed to read it back as it was and to notice that it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// File name inside the run folder.
    pub file: String,
    /// Rows without the line of headings.
    pub rows: u64,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// What one row is.
    #[serde(default)]
    pub meaning: String,
    /// The columns in order; CSV itself cannot say kinds and units. Without them the kinds are inferred.
    #[serde(default)]
    pub columns: Vec<ColumnEntry>,
}

/// One column of a table file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// The word in the line of headings.
    pub name: String,
    /// What its cells are.
    #[serde(with = "KindWord")]
    pub kind: Kind,
    /// Unit in words.
    pub unit: String,
    /// One sentence for the reader.
    pub meaning: String,
}

/// The state an interrupted run resumes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointEntry {
    /// File name inside the run folder.
    pub file: String,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
}

/// The words for [`Kind`], which belongs to a ring that knows no JSON.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Kind", rename_all = "snake_case")]
enum KindWord {
    Int,
    OptInt,
    Real,
    Text,
    Flag,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format: Self::FORMAT,
            program: Self::PROGRAM.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            git_revision: None,
            scenario: ScenarioIdentity::default(),
            seed: 0,
            replicates: 1,
            agents: 0,
            days: 0,
            threads: 1,
            seconds_setup: 0.0,
            seconds_steps: 0.0,
            seconds_output: 0.0,
            agent_days_per_s: 0.0,
            bytes_per_agent: 0.0,
            peak_rss_mb: None,
            platform: Platform::default(),
            status: Status::Complete,
            started: String::new(),
            bibliography: Vec::new(),
            command_line: Vec::new(),
            tables: Vec::new(),
            checkpoint: None,
        }
    }
}

impl Manifest {
    /// The layout this version writes and reads.
    pub const FORMAT: u32 = 1;
    /// The name by which a manifest is known to be ours.
    pub const PROGRAM: &str = "october";

    /// The manifest as indented JSON, ending in a line feed.
    ///
    /// ```
    /// use october::output::Manifest;
    /// use std::path::Path;
    ///
    /// let manifest = Manifest { seed: 1917, ..Manifest::default() };
    /// let text = manifest.to_json();
    /// assert_eq!(Manifest::from_json(Path::new("manifest.json"), &text)?, manifest);
    /// # Ok::<(), october::output::OutputError>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("numbers, strings and lists have a JSON form");
        text.push('\n');
        text
    }

    /// Reads the text of the manifest at `path`, which is only named in errors.
    ///
    /// # Errors
    /// [`OutputError::Manifest`] if it is not JSON, of another program or format, or lacks something.
    pub fn from_json(path: &Path, text: &str) -> Result<Self, OutputError> {
        let wrong =
            |reason: String, remedy: String| OutputError::Manifest { path: path.into(), reason, remedy };
        let again = || "restore the file, or run the scenario again".to_owned();
        // Program and format come first: of another format, the fields may rightly be others.
        let signature: Signature =
            serde_json::from_str(text).map_err(|e| wrong(format!("it is broken: {e}"), again()))?;
        if signature.program.as_deref() != Some(Self::PROGRAM) {
            return Err(wrong(
                format!("it does not say `\"program\": \"{}\"`", Self::PROGRAM),
                format!("name a folder written by {}", Self::PROGRAM),
            ));
        }
        match signature.format {
            Some(format) if format == u64::from(Self::FORMAT) => {}
            Some(format) => {
                return Err(wrong(
                    format!("it is of format {format}, and this version reads format {}", Self::FORMAT),
                    signature.version.map_or_else(
                        || format!("use the version of {} that wrote it", Self::PROGRAM),
                        |version| format!("use {} {version}, which wrote it", Self::PROGRAM),
                    ),
                ));
            }
            None => return Err(wrong("it does not say its format".to_owned(), again())),
        }
        serde_json::from_str(text).map_err(|e| wrong(format!("it is broken: {e}"), again()))
    }
}

/// What is read of a manifest before it is known that the rest can be.
#[derive(Deserialize)]
struct Signature {
    program: Option<String>,
    format: Option<u64>,
    version: Option<String>,
}

impl TableEntry {
    /// The entry of `table`, written as `file` with the digest `sha256`.
    pub(super) fn new(table: &Table, file: String, sha256: String) -> Self {
        let columns = table.headings().iter().zip(table.cells()).map(|(heading, cells)| ColumnEntry {
            name: heading.name.clone(),
            kind: kind_of(cells),
            unit: heading.unit.clone(),
            meaning: heading.meaning.clone(),
        });
        Self {
            file,
            rows: table.rows() as u64,
            sha256,
            meaning: table.meaning.clone(),
            columns: columns.collect(),
        }
    }
}

fn kind_of(cells: &Cells) -> Kind {
    match cells {
        Cells::Int(_) => Kind::Int,
        Cells::OptInt(_) => Kind::OptInt,
        Cells::Real(_) => Kind::Real,
        Cells::Text(_) => Kind::Text,
        Cells::Flag(_) => Kind::Flag,
    }
}

/// SHA-256 of `bytes`, lower-case hexadecimal.
///
/// ```
/// use october::output::manifest::sha256_hex;
/// assert!(sha256_hex(b"").starts_with("e3b0c44298fc1c14"));
/// ```
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `digest` in lower-case hexadecimal.
pub(super) fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

/// JSON has no infinity: a rate over no time is written `null` and read back as not a number.
mod finite_or_null {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        Some(value).filter(|v| v.is_finite()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        Manifest {
            git_revision: Some("db715a0".to_owned()),
            seed: u64::MAX,
            peak_rss_mb: Some(12.5),
            seconds_steps: 0.1 + 0.2,
            command_line: vec!["october".to_owned(), "run".to_owned(), "a \"b\".toml".to_owned()],
            tables: vec![TableEntry {
                file: "support.csv".to_owned(),
                rows: 3,
                sha256: sha256_hex(b"x"),
                meaning: "one count".to_owned(),
                columns: vec![ColumnEntry {
                    name: "lost_day".to_owned(),
                    kind: Kind::OptInt,
                    unit: "day".to_owned(),
                    meaning: "when".to_owned(),
                }],
            }],
            ..Manifest::default()
        }
    }

    fn refusal(text: &str) -> String {
        let error = Manifest::from_json(Path::new("m.json"), text).expect_err("the text is wrong");
        assert!(!error.remedy().is_empty());
        error.to_string()
    }

    #[test]
    fn a_manifest_comes_back_as_it_was() {
        let text = sample().to_json();
        assert!(text.contains("\"status\": \"complete\""));
        assert!(text.contains("\"kind\": \"opt_int\""));
        assert_eq!(Manifest::from_json(Path::new("m.json"), &text).expect("just written"), sample());
    }

    #[test]
    fn an_unknown_rate_is_null() {
        let text = Manifest { agent_days_per_s: f64::INFINITY, ..sample() }.to_json();
        assert!(text.contains("\"agent_days_per_s\": null"));
        assert!(
            Manifest::from_json(Path::new("m.json"), &text).expect("just written").agent_days_per_s.is_nan()
        );
    }

    #[test]
    fn another_format_is_named_with_the_version_that_reads_it() {
        let text = r#"{"program": "october", "format": 7, "version": "9.1.0"}"#;
        assert_eq!(
            refusal(text),
            "read the manifest `m.json`: it is of format 7, and this version reads format 1"
        );
        let error = Manifest::from_json(Path::new("m.json"), text).expect_err("of another format");
        assert_eq!(error.remedy(), "use october 9.1.0, which wrote it");
    }

    #[test]
    fn a_foreign_or_broken_manifest_is_refused() {
        assert!(refusal(r#"{"name": "a web page"}"#).contains("does not say `\"program\": \"october\"`"));
        assert!(refusal("{").contains("broken"));
        assert!(refusal("[]").contains("broken"));
        assert!(refusal(r#"{"program": "october"}"#).contains("format"));
        assert!(refusal(r#"{"program": "october", "format": 1}"#).contains("missing field"));
    }
}
