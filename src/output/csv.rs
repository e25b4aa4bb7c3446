//! Table to CSV and back.
//!
//! One line of headings, `\n` line ends, quotes as in RFC 4180 and only where they are needed. Reals are written as
//! the shortest digits that give the same bits again; a missing cell is empty. Tables may have millions of rows: the
//! writer formats into one buffer, and each distinct word is quoted once.

use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::PathBuf;

use crate::observers::table::{Cell, Cells, Kind, Table};

use super::error::OutputError;

/// A column as [`Table::new`] takes it: name, kind, unit, meaning.
pub type Column<'a> = (&'a str, Kind, &'a str, &'a str);

/// What is gathered before it is handed on.
const BUFFER_BYTES: usize = 1 << 16;

/// Writes `table`, headings first. A table has at least one column.
///
/// A real that is not a number is a missing cell. The last bytes are handed on before this returns.
///
/// # Errors
/// Whatever `out` refuses.
///
/// ```
/// use october::observers::table::{Cell, Kind, Table};
/// use october::output::csv;
///
/// let columns = [("day", Kind::Int, "day", ""), ("place", Kind::Text, "", "")];
/// let mut table = Table::new("sample", "", &columns);
/// table.push(&[Cell::Int(3), Cell::Text("north, upper")]);
/// let mut bytes = Vec::new();
/// csv::write_table(&table, &mut bytes)?;
/// assert_eq!(bytes, b"day,place\n3,\"north, upper\"\n");
/// assert_eq!(csv::read_table("sample", &bytes[..], &columns)?, table);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_table<W: Write>(table: &Table, mut out: W) -> io::Result<()> {
    write_headings(table, &mut out)?;
    write_rows(table, out)
}

/// Writes the line of headings of `table` alone.
///
/// # Errors
/// Whatever `out` refuses.
pub fn write_headings<W: Write>(table: &Table, mut out: W) -> io::Result<()> {
    let only_column = table.cells().len() == 1;
    let mut buffer = Vec::new();
    for (i, heading) in table.headings().iter().enumerate() {
        push_comma(&mut buffer, i);
        push_word(&mut buffer, &heading.name, only_column);
    }
    buffer.push(b'\n');
    out.write_all(&buffer)
}

/// Writes the rows of `table` without its headings, to stand below rows that were written before.
///
/// # Errors
/// Whatever `out` refuses.
pub fn write_rows<W: Write>(table: &Table, mut out: W) -> io::Result<()> {
    let only_column = table.cells().len() == 1;
    let columns: Vec<Ready<'_>> = table.cells().iter().map(|cells| Ready::new(cells, only_column)).collect();
    let mut buffer = Vec::with_capacity(BUFFER_BYTES + 1024);
    // Rows begin like the one before them: what stands there is copied. Where the last row began, if it is still there,
    // and where each of its cells ended.
    let mut last: Option<usize> = None;
    let mut ends = vec![0; columns.len()];
    let mut alike = Vec::new();
    for first in (0..table.rows()).step_by(ROWS_COMPARED) {
        count_alike(&columns, first..(first + ROWS_COMPARED).min(table.rows()), &mut alike);
        for (row, &same) in (first..).zip(&alike) {
            let begins = buffer.len();
            let same = last.map_or(0, |last| {
                let same = usize::from(same);
                if same > 0 {
                    buffer.extend_from_within(last..last + ends[same - 1]);
                }
                same
            });
            for (i, column) in columns.iter().enumerate().skip(same) {
                push_comma(&mut buffer, i);
                column.push_cell(&mut buffer, row);
                ends[i] = buffer.len() - begins;
            }
            buffer.push(b'\n');
            last = Some(begins);
            if buffer.len() >= BUFFER_BYTES {
                out.write_all(&buffer)?;
                buffer.clear();
                last = None;
            }
        }
    }
    out.write_all(&buffer)?;
    out.flush()
}

/// Rows that are compared with those above them at a time, column by column.
const ROWS_COMPARED: usize = 1024;

/// By row of `rows`: how many cells from the left, at most 255, are written like those above them.
fn count_alike(columns: &[Ready<'_>], rows: Range<usize>, alike: &mut Vec<u8>) {
    let compared = columns.len().min(u8::MAX.into()) as u8;
    alike.clear();
    alike.resize(rows.len(), compared);
    // What changes further to the left counts, so that is said last.
    for index in (0..compared).rev() {
        let column = &columns[usize::from(index)];
        // The first row of all stands below nothing.
        match rows.start {
            0 => column.mark_changes(1, index, &mut alike[1..]),
            first => column.mark_changes(first, index, alike),
        }
    }
    if rows.start == 0 {
        alike[0] = 0;
    }
}

/// Marks the rows, `first` and those that follow, whose cell is not like the one above it.
fn mark_changes<T>(cells: &[T], like: impl Fn(&T, &T) -> bool, first: usize, mark: u8, rows: &mut [u8]) {
    let (above, below) = (&cells[first - 1..], &cells[first..]);
    for ((row, above), below) in rows.iter_mut().zip(above).zip(below) {
        *row = if like(above, below) { *row } else { mark };
    }
}

/// A column made ready for writing.
enum Ready<'a> {
    /// A missing cell is written as the given bytes.
    Plain(&'a Cells, &'static [u8]),
    /// Codes, and each word as it stands in the file.
    Words(&'a [u32], Vec<Word>),
}

/// A word as it stands in the file.
struct Word {
    all: Vec<u8>,
    /// Its first bytes, and zeros if it has fewer.
    first: [u8; 16],
}

impl Word {
    fn new(all: Vec<u8>) -> Self {
        let mut first = [0; 16];
        first.iter_mut().zip(&all).for_each(|(byte, word)| *byte = *word);
        Self { all, first }
    }

    /// Most words are short, and to copy a number of bytes that is known beforehand takes less time than to copy few.
    fn push(&self, line: &mut Vec<u8>) {
        let length = line.len() + self.all.len();
        if self.all.len() <= self.first.len() {
            line.extend_from_slice(&self.first);
            line.truncate(length);
        } else {
            line.extend_from_slice(&self.all);
        }
    }
}

impl<'a> Ready<'a> {
    fn new(cells: &'a Cells, only_column: bool) -> Self {
        let Cells::Text(text) = cells else {
            return Self::Plain(cells, if only_column { b"\"\"" } else { b"" });
        };
        let words = text.words.iter().map(|word| {
            let mut bytes = Vec::new();
            push_word(&mut bytes, word, only_column);
            Word::new(bytes)
        });
        Self::Words(&text.codes, words.collect())
    }

    /// See [`mark_changes`].
    fn mark_changes(&self, first: usize, mark: u8, rows: &mut [u8]) {
        match self {
            Self::Words(codes, _) => mark_changes(codes, PartialEq::eq, first, mark, rows),
            Self::Plain(Cells::Int(v), _) => mark_changes(v, PartialEq::eq, first, mark, rows),
            Self::Plain(Cells::OptInt(v), _) => mark_changes(v, PartialEq::eq, first, mark, rows),
            Self::Plain(Cells::Flag(v), _) => mark_changes(v, PartialEq::eq, first, mark, rows),
            // Bits and not values: zero and minus zero are written otherwise.
            Self::Plain(Cells::Real(v), _) => {
                mark_changes(v, |a, b| a.to_bits() == b.to_bits(), first, mark, rows);
            }
            Self::Plain(Cells::Text(_), _) => unreachable!("`new` makes words of text"),
        }
    }

    fn push_cell(&self, line: &mut Vec<u8>, row: usize) {
        match self {
            Self::Words(codes, words) => words[codes[row] as usize].push(line),
            Self::Plain(Cells::Int(v), _) => push_int(line, v[row]),
            Self::Plain(Cells::OptInt(v), missing) => match v[row] {
                Some(x) => push_int(line, x),
                None => line.extend_from_slice(missing),
            },
            Self::Plain(Cells::Real(v), missing) if v[row].is_nan() => line.extend_from_slice(missing),
            Self::Plain(Cells::Real(v), _) => push_real(line, v[row]),
            Self::Plain(Cells::Flag(v), _) => line.extend_from_slice(if v[row] { b"true" } else { b"false" }),
            Self::Plain(Cells::Text(_), _) => unreachable!("`new` makes words of text"),
        }
    }
}

fn push_comma(line: &mut Vec<u8>, column: usize) {
    if column > 0 {
        line.push(b',');
    }
}

/// Quotes where RFC 4180 asks for it; also an empty word that would leave its line blank, since readers skip blank
/// lines, and a byte order mark, which readers would take off the first heading.
fn push_word(line: &mut Vec<u8>, word: &str, only_column: bool) {
    let blank = only_column && word.is_empty();
    if !blank && !word.contains(['"', ',', '\n', '\r', '\u{feff}']) {
        return line.extend_from_slice(word.as_bytes());
    }
    line.push(b'"');
    for byte in word.bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}

/// Most cells are counts, and formatting them through `fmt` would be most of the time of writing a table.
fn push_int(line: &mut Vec<u8>, x: i64) {
    if (0..10).contains(&x) {
        return line.push(b'0' + x as u8);
    }
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = x.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b"0123456789"[(rest % 10) as usize];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if x < 0 {
        line.push(b'-');
    }
    line.extend_from_slice(&digits[start..]);
}

fn push_real(line: &mut Vec<u8>, x: f64) {
    /// Below this every whole real is written with exactly its digits.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    let whole = x as i64;
    // Bits and not values are compared, so that minus zero keeps its sign.
    if x.abs() < WHOLE && (whole as f64).to_bits() == x.to_bits() {
        return push_int(line, whole);
    }
    write!(line, "{x}").expect("a vector takes all bytes");
}

/// Reads a table whose columns are known: `columns` in the order of the file.
///
/// An empty cell is a missing one: `None` in a column of optional whole numbers, not a number in a column of reals,
/// an empty name in a column of text. Errors name the file `<name>.csv`.
///
/// # Errors
/// [`OutputError::Table`] if the headings, a line or a cell are not as declared; [`OutputError::File`] if `reader`
/// fails.
pub fn read_table<R: Read>(name: &str, reader: R, columns: &[Column<'_>]) -> Result<Table, OutputError> {
    let file = TableFile { name };
    let mut lines = csv::ReaderBuilder::new().from_reader(reader);
    let headings = lines.headers().map_err(|e| file.broken(e))?;
    file.check_headings(headings, columns)?;
    let mut table = Table::new(name, "", columns);
    let mut line = csv::StringRecord::new();
    while lines.read_record(&mut line).map_err(|e| file.broken(e))? {
        let mut row = Vec::with_capacity(columns.len());
        for (cell, &(column, kind, ..)) in line.iter().zip(columns) {
            let cell = parse_cell(cell, kind).ok_or_else(|| {
                file.wrong_cell(cell, column, kind, line.position().map_or(0, |p| p.line()))
            })?;
            row.push(cell);
        }
        table.push(&row);
    }
    Ok(table)
}

/// Reads a table nothing is known of, inferring the kind of each column from all its cells.
///
/// Cells that are all `true` or `false` are flags; whole numbers as we write them are ints, with empty cells among
/// them optional ints; with decimals among them reals; anything else, and a column without any filled cell, is text.
/// So a column of reals that all happen to be whole comes back as ints: give [`read_table`] the columns where they
/// are known. Reads all of `reader` into memory.
///
/// # Errors
/// As [`read_table`].
pub fn infer_table<R: Read>(name: &str, mut reader: R) -> Result<Table, OutputError> {
    let file = TableFile { name };
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|e| OutputError::from_io("read", &file.path(), e))?;
    let mut lines = csv::ReaderBuilder::new().from_reader(&bytes[..]);
    let headings = lines.headers().map_err(|e| file.broken(e))?.clone();
    let mut seen = vec![Seen::default(); headings.len()];
    let mut line = csv::StringRecord::new();
    while lines.read_record(&mut line).map_err(|e| file.broken(e))? {
        for (seen, cell) in seen.iter_mut().zip(&line) {
            seen.add(cell);
        }
    }
    let columns: Vec<Column<'_>> =
        headings.iter().zip(&seen).map(|(heading, seen)| (heading, seen.kind(), "", "")).collect();
    read_table(name, &bytes[..], &columns)
}

fn parse_cell(cell: &str, kind: Kind) -> Option<Cell<'_>> {
    match kind {
        Kind::Int => cell.parse().ok().map(Cell::Int),
        Kind::OptInt if cell.is_empty() => Some(Cell::OptInt(None)),
        Kind::OptInt => cell.parse().ok().map(|x| Cell::OptInt(Some(x))),
        Kind::Real if cell.is_empty() => Some(Cell::Real(f64::NAN)),
        Kind::Real => cell.parse().ok().map(Cell::Real),
        Kind::Text => Some(Cell::Text(cell)),
        Kind::Flag => cell.parse().ok().map(Cell::Flag),
    }
}

/// The file a table is read from, for its errors.
struct TableFile<'a> {
    name: &'a str,
}

impl TableFile<'_> {
    fn path(&self) -> PathBuf {
        format!("{}.csv", self.name).into()
    }

    fn wrong(&self, line: u64, problem: String, remedy: &str) -> OutputError {
        OutputError::Table { path: self.path(), line, problem, remedy: remedy.to_owned() }
    }

    fn check_headings(&self, found: &csv::StringRecord, columns: &[Column<'_>]) -> Result<(), OutputError> {
        let expected: Vec<&str> = columns.iter().map(|&(name, ..)| name).collect();
        if found.iter().eq(expected.iter().copied()) && !expected.is_empty() {
            return Ok(());
        }
        let problem = if found.is_empty() {
            "the file is empty, expected a line of headings".to_owned()
        } else if let Some(missing) = expected.iter().find(|&&name| found.iter().all(|f| f != name)) {
            format!("the column `{missing}` is missing")
        } else if let Some(extra) = found.iter().find(|name| !expected.contains(name)) {
            format!("the column `{extra}` is unknown")
        } else {
            "the columns are in another order".to_owned()
        };
        let remedy = format!("make the first line `{}`", expected.join(","));
        Err(self.wrong(1, problem, &remedy))
    }

    fn wrong_cell(&self, cell: &str, column: &str, kind: Kind, line: u64) -> OutputError {
        let expected = match kind {
            Kind::Int => "a whole number",
            Kind::OptInt => "a whole number or nothing",
            Kind::Real => "a number or nothing",
            Kind::Text => "a name",
            Kind::Flag => "true or false",
        };
        let problem = if cell.is_empty() {
            format!("`{column}` is empty, expected {expected}")
        } else {
            format!("`{column}` is `{cell}`, expected {expected}")
        };
        self.wrong(line, problem, "correct the cell, or run the scenario again")
    }

    fn broken(&self, error: csv::Error) -> OutputError {
        let line = error.position().map_or(1, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(source) => OutputError::from_io("read", &self.path(), source),
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => self.wrong(
                line,
                format!("the line has {len} cells and the line of headings {expected_len}"),
                "complete the line, or run the scenario again",
            ),
            csv::ErrorKind::Utf8 { .. } => {
                self.wrong(line, "the line is not UTF-8".to_owned(), "save the file as UTF-8")
            }
            _ => self.wrong(line, "the line is not CSV".to_owned(), "correct the line"),
        }
    }
}

/// What the cells of a column have been so far.
#[derive(Clone, Copy, Default)]
struct Seen {
    missing: bool,
    flag: bool,
    int: bool,
    real: bool,
    text: bool,
}

impl Seen {
    fn add(&mut self, cell: &str) {
        if cell.is_empty() {
            self.missing = true;
        } else if matches!(cell, "true" | "false") {
            self.flag = true;
        } else if is_plain_number(cell) && cell.parse::<i64>().is_ok() && cell != "-0" {
            self.int = true;
        } else if matches!(cell, "inf" | "-inf" | "NaN") || cell == "-0" || is_decimal(cell) {
            self.real = true;
        } else {
            self.text = true;
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self { text: true, .. } => Kind::Text,
            Self { flag: true, int: false, real: false, missing: false, .. } => Kind::Flag,
            Self { flag: true, .. } => Kind::Text,
            Self { real: true, .. } => Kind::Real,
            Self { int: true, missing: true, .. } => Kind::OptInt,
            Self { int: true, .. } => Kind::Int,
            _ => Kind::Text,
        }
    }
}

/// Whether a number begins as one would write it: `007` and `+5` are names, and would lose something as numbers.
fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell).as_bytes();
    match digits {
        [b'0', second, ..] => !second.is_ascii_digit(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    }
}

fn is_decimal(cell: &str) -> bool {
    // Digits alone that exceed 64 bits are a name too: as a real they would lose some.
    let marked = cell.contains(['.', 'e', 'E']);
    is_plain_number(cell) && marked && cell.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [Column<'static>; 5] = [
        ("day", Kind::Int, "day", "day of the run"),
        ("lost_day", Kind::OptInt, "day", "when it was lost"),
        ("share", Kind::Real, "share 0..1", "of all"),
        ("place", Kind::Text, "", "where"),
        ("held", Kind::Flag, "", "whether it held"),
    ];

    type Row = (i64, Option<i64>, f64, String, bool);

    fn table(columns: &[Column<'_>], rows: &[Row]) -> Table {
        let mut table = Table::new("sample", "", columns);
        for (day, lost, share, place, held) in rows {
            table.push(&[
                Cell::Int(*day),
                Cell::OptInt(*lost),
                Cell::Real(*share),
                Cell::Text(place),
                Cell::Flag(*held),
            ]);
        }
        table
    }

    fn written(table: &Table) -> String {
        let mut bytes = Vec::new();
        write_table(table, &mut bytes).expect("a vector takes all bytes");
        String::from_utf8(bytes).expect("words are UTF-8")
    }

    fn refusal(text: &str) -> String {
        let error = read_table("sample", text.as_bytes(), &COLUMNS).expect_err("the text is wrong");
        assert!(!error.remedy().is_empty());
        error.to_string()
    }

    fn inferred(text: &str) -> Vec<Cells> {
        infer_table("sample", text.as_bytes()).expect("the text is well formed").cells().to_vec()
    }

    /// Any word of a few characters, those that need quoting among them more often than they would be by chance.
    fn any_word() -> impl Strategy<Value = String> {
        let letter = prop_oneof![
            Just('"'),
            Just(','),
            Just('\n'),
            Just('\r'),
            Just(' '),
            Just('\u{feff}'),
            any::<char>(),
        ];
        proptest::collection::vec(letter, 0..6).prop_map(String::from_iter)
    }

    fn any_real() -> impl Strategy<Value = f64> {
        let bits = any::<u64>().prop_map(f64::from_bits).prop_filter("missing cells apart", |x| !x.is_nan());
        prop_oneof![bits, any::<i32>().prop_map(f64::from), Just(-0.0), Just(f64::INFINITY)]
    }

    proptest! {
        #[test]
        fn every_table_comes_back_as_it_was(
            rows in proptest::collection::vec(
                (any::<i64>(), any::<Option<i64>>(), any_real(), any_word(), any::<bool>()), 0..20
            ),
        ) {
            let before = table(&COLUMNS, &rows);
            let after = read_table("sample", written(&before).as_bytes(), &COLUMNS).expect("just written");
            prop_assert_eq!(&after, &before);
            let bits = |t: &Table| t.reals("share").map(|v| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>());
            prop_assert_eq!(bits(&after), bits(&before));
        }

        #[test]
        fn a_single_column_comes_back_too(words in proptest::collection::vec(any_word(), 0..20)) {
            let columns = [("\u{feff}odd \"heading\"", Kind::Text, "", "")];
            let mut before = Table::new("sample", "", &columns);
            words.iter().for_each(|word| before.push(&[Cell::Text(word)]));
            let after = read_table("sample", written(&before).as_bytes(), &columns).expect("just written");
            prop_assert_eq!(after, before);
        }

        #[test]
        fn reals_are_written_as_the_standard_library_writes_them(x in any_real()) {
            let mut line = Vec::new();
            push_real(&mut line, x);
            prop_assert_eq!(String::from_utf8(line).expect("digits"), format!("{x}"));
        }

        #[test]
        fn ints_are_written_as_the_standard_library_writes_them(x in any::<i64>()) {
            let mut line = Vec::new();
            push_int(&mut line, x);
            prop_assert_eq!(String::from_utf8(line).expect("digits"), format!("{x}"));
        }
    }

    #[test]
    fn the_extreme_ints_are_written_in_full() {
        for x in [i64::MIN, -1, 0, 9, 10, i64::MAX] {
            let mut line = Vec::new();
            push_int(&mut line, x);
            assert_eq!(String::from_utf8(line).expect("digits"), x.to_string());
        }
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        let table = table(&COLUMNS, &[(1, None, 0.5, "a \"b\", c".to_owned(), true)]);
        assert_eq!(written(&table), "day,lost_day,share,place,held\n1,,0.5,\"a \"\"b\"\", c\",true\n");
    }

    #[test]
    fn missing_cells_are_empty_and_stay_missing() {
        let text = "day,lost_day,share,place,held\n1,,,,false\n";
        assert_eq!(written(&table(&COLUMNS, &[(1, None, f64::NAN, String::new(), false)])), text);
        let table = read_table("sample", text.as_bytes(), &COLUMNS).expect("well formed");
        assert!(table.reals("share").expect("declared")[0].is_nan());
    }

    #[test]
    fn a_table_longer_than_the_buffer_is_whole() {
        // Rows begin alike here and there, at the first row of those compared at a time too.
        let row = |i: i64| (i / 40, Some(-i / 8), (i / 4) as f64 / 3.0, format!("p{}", i / 2 % 7), true);
        let rows: Vec<Row> = (0..20_000).map(row).collect();
        let before = table(&COLUMNS, &rows);
        let text = written(&before);
        assert!(text.len() > 2 * BUFFER_BYTES);
        assert_eq!(read_table("sample", text.as_bytes(), &COLUMNS).expect("just written"), before);
    }

    #[test]
    fn a_wrong_cell_is_named_with_its_line() {
        assert_eq!(
            refusal("day,lost_day,share,place,held\n1,,,x,true\none,,,x,true\n"),
            "read `sample.csv`, line 3: `day` is `one`, expected a whole number"
        );
        assert!(refusal("day,lost_day,share,place,held\n,,,x,true\n").contains("`day` is empty"));
        assert!(refusal("day,lost_day,share,place,held\n1,,half,x,true\n").contains("expected a number"));
        assert!(refusal("day,lost_day,share,place,held\n1,,,x,yes\n").contains("expected true or false"));
    }

    #[test]
    fn wrong_headings_are_named() {
        assert!(refusal("").contains("the file is empty"));
        assert!(refusal("day,share,place,held\n").contains("the column `lost_day` is missing"));
        assert!(refusal("day,lost_day,share,place,held,x\n").contains("the column `x` is unknown"));
        assert!(refusal("lost_day,day,share,place,held\n").contains("another order"));
    }

    #[test]
    fn a_line_cut_short_is_named() {
        let text = "day,lost_day,share,place,held\n1,,,x,true\n2,,0.";
        assert_eq!(
            refusal(text),
            "read `sample.csv`, line 3: the line has 3 cells and the line of headings 5"
        );
        let error = read_table("sample", &b"day,lost_day,share,place,held\n1,,,\xff,true\n"[..], &COLUMNS);
        assert!(error.expect_err("not UTF-8").to_string().contains("line 2: the line is not UTF-8"));
    }

    #[test]
    fn kinds_are_inferred_from_all_cells() {
        let columns = inferred("a,b,c,d,e,f,g\n1,1,1,true,x,,007\n-2,,0.5,false,1,,1\n");
        let kinds: Vec<_> = columns.iter().map(std::mem::discriminant).collect();
        let expected = [
            Cells::Int(vec![]),
            Cells::OptInt(vec![]),
            Cells::Real(vec![]),
            Cells::Flag(vec![]),
            Cells::Text(Default::default()),
            Cells::Text(Default::default()),
            Cells::Text(Default::default()),
        ];
        assert_eq!(kinds, expected.iter().map(std::mem::discriminant).collect::<Vec<_>>());
        assert_eq!(columns[1], Cells::OptInt(vec![Some(1), None]));
    }

    #[test]
    fn a_flag_with_gaps_and_a_number_too_long_are_text() {
        let columns = inferred("a,b\ntrue,12345678901234567890\n,1\n");
        assert!(columns.iter().all(|c| matches!(c, Cells::Text(_))));
        assert_eq!(inferred("a\n-0\n1\n"), [Cells::Real(vec![-0.0, 1.0])]);
    }
}
