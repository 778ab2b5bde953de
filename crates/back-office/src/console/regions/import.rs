//! Reading a table of regions: lines of `code,name`.

use std::collections::BTreeMap;

use health_code::Region;

use super::level::{self, Level};
use super::table::RegionTable;
use crate::limits::{REGION_ERRORS, REGION_NAME_CHARS, REGION_ROWS};

/// A line that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct LineError {
    /// Its number; the first is 1.
    pub line: u64,
    /// `bad-code`, `bad-name`, `twice`, `no-parent`, `not-a-line` or `too-many`.
    pub code: &'static str,
}

/// What a file holds.
#[derive(Debug)]
pub struct Imported {
    /// The table of the good lines.
    pub table: RegionTable,
    /// How many regions there are of each level.
    pub by_level: BTreeMap<Level, usize>,
    /// The bad lines, as many as anybody reads.
    pub errors: Vec<LineError>,
}

/// Reads lines of `code,name`. A code has 2, 4, 6, 9 or 12 digits, or 12 of which those beyond its level are
/// zeros. Further columns, a line of headings and a byte order mark are skipped.
#[must_use]
pub fn import(text: &[u8]) -> Imported {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut names: BTreeMap<Region, (String, u64)> = BTreeMap::new();
    let mut errors = Vec::new();
    for (number, record) in reader.byte_records().enumerate() {
        let line = record.as_ref().ok().and_then(|record| record.position()).map_or(0, csv::Position::line);
        let read = record.map_err(|_| "not-a-line").and_then(|record| read(&record));
        let bad = match read {
            _ if names.len() > REGION_ROWS => "too-many",
            Ok((region, name)) if !names.contains_key(&region) => {
                names.insert(region, (name, line));
                continue;
            }
            // A county without streets stands in the tables at every level, under one name.
            Ok((region, name)) if names.get(&region).is_some_and(|(known, _)| *known == name) => continue,
            Ok(_) => "twice",
            Err("bad-code") if number == 0 => continue,
            Err(code) => code,
        };
        if errors.len() < REGION_ERRORS {
            errors.push(LineError { line, code: bad });
        }
        if bad == "too-many" {
            break;
        }
    }
    let mut by_level = BTreeMap::new();
    for (region, (_, line)) in &names {
        *by_level.entry(Level::of(region)).or_default() += 1;
        let widest = names.keys().next().map_or(0, |first| first.as_str().len());
        let has_parent = Level::wider(region.as_str().len()).is_none_or(|digits| {
            // What stands above the whole table need not be in it.
            digits < widest
                || region.as_str()[..digits].parse().is_ok_and(|parent| names.contains_key(&parent))
        });
        if !has_parent && errors.len() < REGION_ERRORS {
            errors.push(LineError { line: *line, code: "no-parent" });
        }
    }
    let table = RegionTable::new(names.into_iter().map(|(region, (name, _))| (region, name)).collect());
    Imported { table, by_level, errors }
}

fn read(record: &csv::ByteRecord) -> Result<(Region, String), &'static str> {
    let text = |column: usize| record.get(column).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let (Some(code), Some(name)) = (text(0), text(1)) else { return Err("not-a-line") };
    let region = level::region(code.trim()).ok_or("bad-code")?;
    let name = name.trim();
    if is_name(name) { Ok((region, name.to_owned())) } else { Err("bad-name") }
}

/// Returns whether a name holds letters, digits and little else: no control characters, no markup.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    // Rare characters that a standard did not have yet stand in the area for private use.
    let is_letter = |char: char| char.is_alphanumeric() || ('\u{e000}'..='\u{f8ff}').contains(&char);
    let is_ok = |char: char| is_letter(char) || "·•（）()—-–·、． 〇".contains(char);
    // A formula begins with none of these.
    chars.next().is_some_and(|first| is_letter(first) || "（(".contains(first))
        && chars.all(is_ok)
        && name.chars().count() <= REGION_NAME_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_level_are_read_with_and_without_zeros() {
        let csv = "\u{feff}code,name\n42,样例省\r\n4201,\"样例市\",42\n420106000000,青样区\n420106001000,红样街道\n\
                   420106001001,钢样社区\n";
        let imported = import(csv.as_bytes());
        assert_eq!(imported.errors, []);
        let counts: Vec<_> = imported.by_level.iter().map(|(level, count)| (level.code(), *count)).collect();
        assert_eq!(counts, [("province", 1), ("city", 1), ("district", 1), ("street", 1), ("community", 1)]);
        let path = imported.table.path(&"420106001001".parse().unwrap(), &Region::country());
        assert_eq!(path, ["样例省", "样例市", "青样区", "红样街道", "钢样社区"]);
    }

    #[test]
    fn names_as_the_tables_have_them_are_taken() {
        let county = import("350527,样例县\n350527000,样例县\n350527000000,样例县\n".as_bytes());
        assert_eq!((county.errors.as_slice(), county.by_level.len()), ([].as_slice(), 2));
        for name in ["（样例新区）城南街道", "高\u{e170}村委会", "(土郎)头村民委员会", "122街社区居委会"]
        {
            assert_eq!(import(format!("42,{name}\n").as_bytes()).errors, [], "{name}");
        }
    }

    #[test]
    fn each_bad_line_is_named() {
        let csv =
            "42,样例省\nx,样例\n4201,=HYPERLINK(1)\n4202,<b>\n4203,a\u{202e}b\n42,又\n420401,无\n4205\n";
        let mut bytes = csv.as_bytes().to_vec();
        bytes.extend_from_slice(b"4207,\xff\xfe\n");
        let errors = import(&bytes).errors;
        let errors: Vec<_> = errors.iter().map(|error| (error.line, error.code)).collect();
        assert_eq!(
            errors,
            [
                (2, "bad-code"),
                (3, "bad-name"),
                (4, "bad-name"),
                (5, "bad-name"),
                (6, "twice"),
                (8, "not-a-line"),
                (9, "not-a-line"),
                (7, "no-parent"),
            ]
        );
        assert!(import(b"").errors.is_empty());
        assert!(import("42,\"\u{6837}".as_bytes()).table.name(&"42".parse().unwrap()).is_some());
    }
}
