//! Tables as Parquet: the same cells as the CSV, by this program's reader, by the library's and by other programs.
#![allow(missing_docs, clippy::disallowed_methods, reason = "tests")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command as Process, Stdio};

use assert_cmd::Command;
use october::observers::table::{Cell, Kind, Table};
use october::output::parquet::Writer;
use october::output::{Format, Manifest, Overwrite, RunFolder, csv};
use parquet::basic::{Compression, Encoding, LogicalType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use tempfile::TempDir;

fn october(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_october"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room")
}

/// A run of both formats, in the folder `run`.
fn both(home: &Path) -> RunFolder {
    let line =
        ["run", "--agents", "4k", "--days", "12", "--replicates", "2", "--no-charts", "-q", "--out", "run"];
    october(home).args(line).args(["--format", "parquet,csv"]).assert().success();
    RunFolder::open(&home.join("run")).expect("a run folder")
}

fn reader(path: &Path) -> SerializedFileReader<File> {
    SerializedFileReader::new(File::open(path).expect("it is there")).expect("it is Parquet")
}

/// A cell as CSV has it.
fn as_csv(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Bool(x) => x.to_string(),
        Field::Long(x) => x.to_string(),
        Field::Double(x) => x.to_string(),
        Field::Str(x) => x.clone(),
        Field::Date(day) => {
            // Independently of the conversion under test: days are counted off one by one.
            let (mut year, mut rest) = (1970, *day);
            let leap = |y: i32| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
            while rest < 0 {
                year -= 1;
                rest += 365 + i32::from(leap(year));
            }
            let mut month = 0;
            let lengths =
                |m: usize| [31, 28 + i32::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m];
            while rest >= lengths(month) {
                rest -= lengths(month);
                month += 1;
            }
            format!("{year:04}-{:02}-{:02}", month + 1, rest + 1)
        }
        other => panic!("no column is of this type: {other:?}"),
    }
}

#[test]
fn every_cell_is_that_of_the_csv() {
    let home = folder();
    let run = both(home.path());
    let names: Vec<&str> =
        run.manifest().tables.iter().filter_map(|t| t.file.strip_suffix(".parquet")).collect();
    assert!(names.contains(&"support") && names.contains(&"outcome"), "{names:?}");
    let mut cells = 0;
    for name in names {
        let mut lines = ::csv::Reader::from_path(run.path().join(format!("{name}.csv"))).expect("written");
        let parquet = reader(&run.path().join(format!("{name}.parquet")));
        let mut rows = parquet.get_row_iter(None).expect("flat");
        for (number, line) in lines.records().enumerate() {
            let line = line.expect("a record");
            let row =
                rows.next().unwrap_or_else(|| panic!("{name} ends before row {number}")).expect("a row");
            for (cell, (column, field)) in line.iter().zip(row.get_column_iter()) {
                assert_eq!(cell, as_csv(field), "{name}, row {number}, {column}");
                cells += 1;
            }
        }
        assert!(rows.next().is_none(), "{name} has more rows than its CSV");
    }
    assert!(cells > 10_000, "{cells} cells were compared");
}

#[test]
fn the_file_says_what_its_columns_are() {
    let home = folder();
    let run = both(home.path());
    let file = reader(&run.path().join("support.parquet"));
    let metadata = file.metadata();
    let schema = metadata.file_metadata().schema_descr();
    let column = |name: &str| {
        let index = (0..schema.num_columns()).find(|&i| schema.column(i).name() == name);
        index.unwrap_or_else(|| panic!("no column {name}"))
    };
    for date in ["date_os", "date_ns"] {
        assert_eq!(schema.column(column(date)).logical_type_ref(), Some(&LogicalType::Date), "{date}");
    }
    assert_eq!(schema.column(column("party")).logical_type_ref(), Some(&LogicalType::String));
    let chunk = metadata.row_group(0).column(column("party"));
    assert!(matches!(chunk.compression(), Compression::ZSTD(_)));
    assert!(chunk.encodings().any(|e| e == Encoding::RLE_DICTIONARY), "words are stored once");
    let pairs = metadata.file_metadata().key_value_metadata().expect("there is some");
    let said = |key: &str| pairs.iter().find(|p| p.key == key).and_then(|p| p.value.clone());
    assert_eq!(said("unit.public").as_deref(), Some("agents"));
    for heading in ["day", "date_os", "private"] {
        assert!(said(&format!("meaning.{heading}")).is_some_and(|text| !text.is_empty()), "{heading}");
    }
    assert_eq!(said("table").as_deref(), Some("support"));
    let csv = fs::metadata(run.path().join("support.csv")).expect("written").len();
    let parquet = fs::metadata(run.path().join("support.parquet")).expect("written").len();
    assert!(parquet * 4 < csv, "{parquet} bytes against {csv}");
}

#[test]
fn a_folder_of_both_is_read_once_and_one_of_parquet_alone_as_well() {
    let home = folder();
    let run = both(home.path());
    let tables = run.read_tables().expect("as written");
    assert_eq!(tables.tables.len() * 2, run.manifest().tables.len());
    assert_eq!(run.formats(), [Format::Csv, Format::Parquet]);
    let mut draft = RunFolder::create(&home.path().join("columns"), Overwrite::Refuse)
        .expect("a free place")
        .in_formats(&[Format::Parquet]);
    for table in &tables.tables {
        draft.write_table(table).expect("there is room");
    }
    draft.write_text("scenario.toml", &run.scenario_text().expect("as written")).expect("there is room");
    let columns = draft.finish(run.manifest().clone()).expect("nothing is in the way");
    let again = RunFolder::open(&columns).expect("a run folder");
    assert_eq!(again.formats(), [Format::Parquet]);
    assert_eq!(
        again.read_table("support").expect("as written"),
        run.read_table("support").expect("as written")
    );
    for (a, b) in tables.tables.iter().zip(&again.read_tables().expect("as written").tables) {
        let text = |table: &Table| {
            let mut bytes = Vec::new();
            csv::write_table(table, &mut bytes).expect("memory takes all");
            bytes
        };
        assert_eq!((a.headings(), &a.meaning), (b.headings(), &b.meaning));
        assert!(text(a) == text(b), "{}", a.name);
    }
    october(home.path())
        .args(["compare", "run", "columns", "--no-charts", "--format", "parquet", "--out", "compared"])
        .assert()
        .success();
    let compared = RunFolder::open(&home.path().join("compared")).expect("a run folder");
    assert_eq!(compared.formats(), [Format::Parquet]);
    let changes = compared.read_table("differences").expect("as written");
    assert!(changes.rows() > 0);
    // The two are the same run.
    for column in ["difference", "lo95", "hi95"] {
        let Some(values) = changes.reals(column) else { continue };
        assert!(values.iter().all(|&x| x == 0.0 || x.is_nan()), "{column}");
    }
    october(home.path())
        .args(["validate", "columns", "--facts", "F01", "--no-charts", "--out", "card"])
        .assert()
        .success();
}

#[test]
fn a_damaged_file_is_named() {
    let home = folder();
    let run = both(home.path());
    for table in ["support.csv", "support.parquet"] {
        let path = run.path().join(table);
        let whole = fs::read(&path).expect("written");
        fs::write(&path, &whole[..whole.len() / 2]).expect("there is room");
        if table == "support.csv" {
            let error = run.read_table("support").expect_err("it is cut short");
            assert_eq!(error.path(), path);
            // Without its CSV, the other file is what there is.
            let text = fs::read_to_string(run.path().join("manifest.json")).expect("written");
            let mut manifest: Manifest =
                Manifest::from_json(Path::new("manifest.json"), &text).expect("ours");
            manifest.tables.retain(|entry| entry.file != "support.csv");
            fs::write(run.path().join("manifest.json"), manifest.to_json()).expect("there is room");
        }
        let now = RunFolder::open(run.path()).expect("a run folder").read_table("support");
        assert_eq!(now.is_err(), table == "support.parquet", "{now:?}");
    }
}

#[test]
fn batches_are_row_groups_and_their_dates_stay_dates() {
    let home = folder();
    let batch = |replicate: i64, date: &str| {
        let columns = [
            ("replicate", Kind::Int, "", "which"),
            ("lost_day", Kind::OptInt, "day", "when"),
            ("share", Kind::Real, "share 0..1", "of all"),
            ("date_os", Kind::Text, "", "date"),
            ("place", Kind::Text, "", "where"),
            ("held", Kind::Flag, "", "whether"),
        ];
        let mut table = Table::new("sample", "a row", &columns);
        for row in 0..3 {
            table.push(&[
                Cell::Int(replicate),
                Cell::OptInt((row > 0).then_some(row)),
                Cell::Real(if row == 1 { f64::NAN } else { 1.0 / 3.0 }),
                Cell::Text(if row == 2 { "" } else { date }),
                Cell::Text(["Ré, \"x\"", "", "b"][row as usize]),
                Cell::Flag(row == 1),
            ]);
        }
        table
    };
    let whole = home.path().join("whole.parquet");
    let begin = || Writer::new(&batch(0, "1917-10-25"), File::create(&whole).expect("room")).expect("room");
    let mut writer = begin();
    writer.append(&batch(0, "1917-10-25")).expect("room");
    let refused = writer.append(&batch(3, "spring")).expect_err("no date").to_string();
    assert!(refused.contains("`date_os`") && refused.contains("--format csv"), "{refused}");
    drop(writer);
    let mut writer = begin();
    for (replicate, date) in [(0, "1917-10-25"), (1, "1917-10-26"), (2, "1918-01-01")] {
        writer.append(&batch(replicate, date)).expect("room");
    }
    writer.finish().expect("room");
    assert_eq!(reader(&whole).num_row_groups(), 3);
    let mut expected = batch(0, "1917-10-25");
    expected.append(&batch(1, "1917-10-26"));
    expected.append(&batch(2, "1918-01-01"));
    let file = File::open(&whole).expect("written");
    let found = october::output::parquet::read_table("sample", &whole, file, &[]).expect("as written");
    let text = |table: &Table| {
        let mut bytes = Vec::new();
        csv::write_table(table, &mut bytes).expect("memory takes all");
        String::from_utf8(bytes).expect("text")
    };
    assert_eq!(text(&found), text(&expected));
    assert_eq!((found.headings(), found.meaning.as_str()), (expected.headings(), "a row"));
}

#[test]
fn dates_that_are_none_stay_text() {
    let home = folder();
    let mut table = Table::new("sample", "", &[("date_os", Kind::Text, "", "")]);
    // A leap day of the Julian calendar alone, and a month.
    for date in ["1900-02-29", "1917-10"] {
        table.push(&[Cell::Text(date)]);
    }
    let path = home.path().join("a.parquet");
    let mut writer = Writer::new(&table, File::create(&path).expect("room")).expect("room");
    writer.append(&table).expect("room");
    writer.finish().expect("room");
    let file = File::open(&path).expect("written");
    let found = october::output::parquet::read_table("sample", &path, file, &[]).expect("as written");
    assert!(found.texts("date_os").expect("text").iter().eq(["1900-02-29", "1917-10"]));
}

#[test]
fn an_interrupted_run_says_the_format_in_its_line_to_resume() {
    let home = folder();
    let mut child = Process::new(env!("CARGO_BIN_EXE_october"))
        .current_dir(home.path())
        .args(["run", "--agents", "300k", "--no-charts", "-q", "--out", "run", "--format", "csv,parquet"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let killed = Process::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let mut said = String::new();
    std::io::Read::read_to_string(child.stderr.as_mut().expect("piped"), &mut said).expect("text");
    if child.wait().expect("it ends").code() != Some(130) {
        println!("skipped: the machine was done before it could be interrupted");
        return;
    }
    let line = said.lines().find(|line| line.contains("--resume")).expect("a line to resume").trim();
    assert!(line.ends_with("--format csv,parquet --no-charts"), "{line}");
    october(home.path()).args(line.split(' ').skip(1)).arg("-q").assert().success();
    let run = RunFolder::open(&home.path().join("run")).expect("a run folder");
    assert_eq!(run.formats(), [Format::Csv, Format::Parquet]);
    assert!(!run.is_interrupted());
}

/// What other programs make of a folder: types, units, and every cell of every table.
const OTHERS: &str = r#"
import csv, datetime, pathlib, sys
folder = pathlib.Path(sys.argv[1])
def cells(path):
    with open(path, newline="") as file:
        return [list(row) for row in csv.reader(file)]
def text(x):
    if x is None: return ""
    if isinstance(x, bool): return "true" if x else "false"
    return x.isoformat() if isinstance(x, datetime.date) else x
def same(a, b):
    return a == b or (a != "" and not isinstance(b, str) and float(a) == float(b))
tables = sorted(folder.glob("*.parquet"))
assert tables
def check(name, headings, rows, who):
    wanted = cells(folder / (name + ".csv"))
    assert wanted[0] == headings, (who, name, headings)
    assert len(wanted) - 1 == len(rows), (who, name, len(rows))
    for number, (a, b) in enumerate(zip(wanted[1:], rows)):
        assert all(same(x, text(y)) for x, y in zip(a, b)), (who, name, number, a, b)
ran = []
try:
    import duckdb
    for path in tables:
        found = duckdb.sql(f"select * from '{path}'")
        check(path.stem, found.columns, found.fetchall(), "duckdb")
    found = duckdb.sql(f"select * from '{folder}/support.parquet'")
    types = {c: str(t) for c, t in zip(found.columns, found.types)}
    assert types["date_os"] == "DATE" and types["party"] == "VARCHAR" and types["public"] == "BIGINT", types
    said = dict((bytes(k).decode(), bytes(v).decode()) for k, v in duckdb.sql(
        f"select key, value from parquet_kv_metadata('{folder}/support.parquet')").fetchall())
    assert said["unit.public"] == "agents", said
    ran.append("duckdb " + duckdb.__version__)
except ImportError:
    pass
try:
    import polars
    for path in tables:
        found = polars.read_parquet(path)
        check(path.stem, found.columns, found.rows(), "polars")
    assert polars.read_parquet(folder / "support.parquet").schema["date_ns"] == polars.Date
    ran.append("polars " + polars.__version__)
except ImportError:
    pass
try:
    import pyarrow, pyarrow.parquet
    for path in tables:
        found = pyarrow.parquet.read_table(path)
        check(path.stem, found.column_names, list(zip(*(c.to_pylist() for c in found.columns))) if found.num_rows else [], "pyarrow")
    ran.append("pyarrow " + pyarrow.__version__)
except ImportError:
    pass
print("read by", ", ".join(ran) if ran else "nobody")
"#;

#[test]
fn other_programs_read_the_same() {
    let home = folder();
    let run = both(home.path());
    let script = home.path().join("others.py");
    fs::write(&script, OTHERS).expect("there is room");
    let Ok(output) = Process::new("python3").arg(&script).arg(run.path()).output() else {
        println!("skipped: there is no python3");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    if said.contains("nobody") {
        println!("skipped: python3 has none of duckdb, polars and pyarrow");
    } else {
        println!("{said}");
    }
}
