//! A CSV text as rows of cells in which every cell knows where it stands, so that a mistake can be shown in its place.

use std::ops::Range;

/// A cell: its text, and the bytes it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GridCell {
    /// The text without quotes and outer blanks.
    pub(super) text: String,
    /// Bytes of the file.
    pub(super) span: Range<usize>,
}

/// What is wrong with a CSV text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GridError {
    /// What is wrong.
    pub(super) message: String,
    /// Bytes of the file.
    pub(super) span: Range<usize>,
}

/// A heading and the rows below it, all as long as the heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// Names of the columns.
    pub(super) heading: Vec<GridCell>,
    /// Rows that are not blank.
    pub(super) rows: Vec<Vec<GridCell>>,
}

impl Grid {
    /// The column called `name`.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.heading.iter().position(|h| h.text == name)
    }
}

/// Reads a CSV text after RFC 4180: commas, double quotes, `""` for a quote; blank lines are passed over.
///
/// # Errors
/// A quote that is never closed, text behind a closing quote, a row of another length than the heading, a heading
/// that is empty or says a name twice.
pub(super) fn read_grid(text: &str) -> Result<Grid, GridError> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut rows = Rows { text, at: start };
    let Some(heading) = rows.next_row()? else {
        return Err(GridError { message: "the file is empty".to_owned(), span: 0..0 });
    };
    for (i, cell) in heading.iter().enumerate() {
        if heading[..i].iter().any(|other| other.text == cell.text) {
            let message = format!("the column `{}` is there twice", cell.text);
            return Err(GridError { message, span: cell.span.clone() });
        }
    }
    let mut grid = Grid { heading, rows: Vec::new() };
    while let Some(row) = rows.next_row()? {
        if row.len() != grid.heading.len() {
            let span = row[0].span.start..row[row.len() - 1].span.end;
            let message = format!("{} cells, the heading has {}", row.len(), grid.heading.len());
            return Err(GridError { message, span });
        }
        grid.rows.push(row);
    }
    Ok(grid)
}

struct Rows<'a> {
    text: &'a str,
    at: usize,
}

impl Rows<'_> {
    fn next_row(&mut self) -> Result<Option<Vec<GridCell>>, GridError> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return Ok(None);
        }
        let mut row = Vec::new();
        loop {
            row.push(self.cell()?);
            match bytes.get(self.at) {
                Some(b',') => self.at += 1,
                _ => return Ok(Some(row)),
            }
        }
    }

    /// The cell that begins here; stops at its comma or line end.
    fn cell(&mut self) -> Result<GridCell, GridError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if bytes.get(start) != Some(&b'"') {
            while !matches!(bytes.get(self.at), None | Some(b',' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let text = self.text[start..self.at].trim().to_owned();
            return Ok(GridCell { text, span: start..self.at });
        }
        let mut text = String::new();
        let mut from = start + 1;
        loop {
            let Some(length) = self.text[from..].find('"') else {
                let message = "this quote is never closed".to_owned();
                return Err(GridError { message, span: start..start + 1 });
            };
            text.push_str(&self.text[from..from + length]);
            from += length + 1;
            if bytes.get(from) != Some(&b'"') {
                break;
            }
            text.push('"');
            from += 1;
        }
        self.at = from;
        if !matches!(bytes.get(from), None | Some(b',' | b'\n' | b'\r')) {
            let message = "text behind a closing quote".to_owned();
            return Err(GridError { message, span: from..from + 1 });
        }
        Ok(GridCell { text: text.trim().to_owned(), span: start..from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_know_their_place_and_quotes_are_taken_off() {
        let grid = read_grid("a,b\n1, two \n\n\"x, \"\"y\"\"\",\n").expect("it is sound");
        assert_eq!(grid.column("b"), Some(1));
        assert_eq!(grid.rows.len(), 2);
        assert_eq!((grid.rows[0][1].text.as_str(), grid.rows[0][1].span.clone()), ("two", 6..11));
        assert_eq!((grid.rows[1][0].text.as_str(), grid.rows[1][0].span.clone()), ("x, \"y\"", 13..23));
        assert_eq!(grid.rows[1][1].text, "");
    }

    #[test]
    fn what_is_wrong_is_said_in_its_place() {
        let error = |text| read_grid(text).expect_err("it is broken");
        assert_eq!(error("").message, "the file is empty");
        assert_eq!(error("a,a\n").span, 2..3);
        assert_eq!(error("a,b\n1\n").message, "1 cells, the heading has 2");
        assert_eq!(error("a\n\"x\n").span, 2..3);
        assert_eq!(error("a\n\"x\"y\n").span, 5..6);
    }
}
