//! Small tables on a terminal: columns as wide as their widest cell, numbers to the right.

/// Rows of cells as aligned text; the first row is the heading.
#[must_use]
pub(super) fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let numeric: Vec<bool> = (0..columns)
        .map(|c| {
            rows.iter().skip(1).filter_map(|r| r.get(c)).all(|s| {
                s.is_empty() || s.chars().all(|c| c.is_ascii_digit() || " .,%+-−–\u{2009}".contains(c))
            })
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (c, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[c] - cell.chars().count());
            line.push(' ');
            if numeric[c] && c > 0 {
                line.push_str(&pad);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&pad);
            }
            line.push(' ');
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A count with thin spaces between thousands.
#[must_use]
pub(super) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let rows = [vec!["what", "n"], vec!["a", "7"], vec!["long", "1234"]]
            .map(|r| r.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(align(&rows), "  what     n\n  a        7\n  long  1234\n");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(2_412_700), "2\u{2009}412\u{2009}700");
        assert_eq!(thousands(12), "12");
    }
}
