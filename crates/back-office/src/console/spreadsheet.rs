//! Tables for spreadsheets: RFC 4180, and nothing in them is a formula.

use csv::{Terminator, Writer, WriterBuilder};

/// What a table begins with: Excel takes the rest for UTF-8 then.
pub const BOM: &[u8] = "\u{feff}".as_bytes();

/// Lines of a table.
#[derive(Debug)]
pub struct Table(Writer<Vec<u8>>);

impl Default for Table {
    fn default() -> Self {
        Self(WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(Vec::new()))
    }
}

impl Table {
    /// Adds a line. A cell that a spreadsheet would compute begins with an apostrophe.
    pub fn line<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        for cell in cells {
            let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            // Memory takes everything.
            let _ =
                if is_formula { self.0.write_field(format!("'{cell}")) } else { self.0.write_field(cell) };
        }
        let _ = self.0.write_record(None::<&[u8]>);
    }

    /// Returns the lines.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_cell_is_a_formula() {
        let mut table = Table::default();
        table.line(["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,b", "say \"x\"", "张*", "1-1", ""]);
        table.line(["x"]);
        let text = String::from_utf8(table.bytes()).unwrap();
        assert_eq!(text, "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\",\"a,b\",\"say \"\"x\"\"\",张*,1-1,\r\nx\r\n");
        let read = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let first = read.into_records().next().unwrap().unwrap();
        assert_eq!((&first[6], &first[7]), ("a,b", "say \"x\""));
    }
}
