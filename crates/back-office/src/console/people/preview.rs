//! What becomes of pasted lines, before anything is done.

use std::collections::{BTreeMap, BTreeSet};

use health_code::Region;

use super::line::{Field, fields};
use super::name::{bad_characters, is_name};
use super::phone::Phone;
use crate::console::regions::{Found, RegionTable};
use crate::limits::{LINE_CHARS, PEOPLE_LINES, REGION_CANDIDATES};

/// Which region was chosen for a line that several could be; by the line's number.
pub type Choices = BTreeMap<usize, Region>;

/// What is known when lines are looked at.
#[derive(Debug)]
pub struct Known<'a> {
    /// The names of regions.
    pub regions: &'a RegionTable,
    /// The region of who asks.
    pub top: &'a Region,
    /// The numbers of people who are here already.
    pub phones: &'a BTreeSet<Phone>,
}

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody new.
    New {
        /// Their name.
        name: String,
        /// Their phone.
        phone: Phone,
        /// Where.
        region: Region,
    },
    /// Several regions are called so.
    Ambiguous(Vec<Region>),
    /// The number has so many digits, or is no mobile number.
    BadPhone(usize),
    /// No region here is called so.
    UnknownRegion,
    /// No name has these characters.
    BadName(Vec<char>),
    /// The same number as in an earlier line.
    Duplicate(usize),
    /// Somebody with this number is here already.
    Already,
    /// Not three fields.
    NotALine,
}

impl Outcome {
    /// Returns the stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::New { .. } => "new",
            Self::Ambiguous(_) => "ambiguous",
            Self::BadPhone(_) => "bad-phone",
            Self::UnknownRegion => "unknown-region",
            Self::BadName(_) => "bad-name",
            Self::Duplicate(_) => "duplicate",
            Self::Already => "already",
            Self::NotALine => "not-a-line",
        }
    }
}

/// A line and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number; the first is 1.
    pub number: usize,
    /// The line as it was pasted.
    pub text: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Where it is wrong, in UTF-16 units.
    pub mark: Option<[usize; 2]>,
    /// Whom it seems to name.
    pub name: Option<String>,
}

/// All lines that are not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview(pub Vec<Line>);

/// Looks at pasted lines.
///
/// # Errors
/// How many lines there are, if they are too many.
pub fn preview(text: &str, choices: &Choices, known: &Known<'_>) -> Result<Preview, usize> {
    let lines: Vec<(usize, &str)> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(n, line)| (n + 1, line))
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    if lines.len() > PEOPLE_LINES {
        return Err(lines.len());
    }
    let mut seen: BTreeMap<Phone, usize> = BTreeMap::new();
    let look = |(number, text): (usize, &str)| {
        let (mut outcome, mut mark, name) = look(text, choices.get(&number), known);
        if let Outcome::New { phone, .. } = &outcome {
            let first = *seen.entry(phone.clone()).or_insert(number);
            if known.phones.contains(phone) {
                outcome = Outcome::Already;
            } else if first != number {
                outcome = Outcome::Duplicate(first);
            }
            if !matches!(outcome, Outcome::New { .. }) {
                mark = fields(text).phone.map(|phone| phone.mark);
            }
        }
        let text = text.chars().take(LINE_CHARS).collect();
        Line { number, text, outcome, mark, name }
    };
    Ok(Preview(lines.into_iter().map(look).collect()))
}

type Looked = (Outcome, Option<[usize; 2]>, Option<String>);

fn look(text: &str, choice: Option<&Region>, known: &Known<'_>) -> Looked {
    if text.chars().count() > LINE_CHARS {
        return (Outcome::NotALine, None, None);
    }
    let fields = fields(text);
    let (Some(phone), [first, .., last]) = (fields.phone, &fields.others[..]) else {
        return (Outcome::NotALine, None, None);
    };
    let (name, place, found) = split(&fields.others, known);
    let named = is_name(&name.text).then(|| name.text.clone());
    if named.is_none() {
        return (Outcome::BadName(bad_characters(&name.text)), Some(name.mark), None);
    }
    let number = match Phone::parse(&phone.text) {
        Ok(number) => number,
        Err(digits) => return (Outcome::BadPhone(digits), Some(phone.mark), named),
    };
    let chosen = choice.filter(|choice| known.top.contains(choice) && known.regions.name(choice).is_some());
    let region = match (chosen, found) {
        (Some(chosen), _) => chosen.clone(),
        (None, Found::One(region)) => region,
        (None, Found::Nothing) => {
            let mark = place.unwrap_or([first.mark[0], last.mark[1]]);
            return (Outcome::UnknownRegion, Some(mark), named);
        }
        (None, Found::Several(mut several)) => {
            several.truncate(REGION_CANDIDATES);
            return (Outcome::Ambiguous(several), place, named);
        }
    };
    (Outcome::New { name: name.text, phone: number, region }, None, named)
}

/// Finds which fields are the name and which the region: the split at which the rest is one. Without any, the
/// first field is the name.
fn split(others: &[Field], known: &Known<'_>) -> (Field, Option<[usize; 2]>, Found) {
    let tried = (1..others.len()).flat_map(|at| {
        let (left, right) = others.split_at(at);
        [(left, right), (right, left)]
    });
    for (name, place) in tried {
        let found = known.regions.find(&text_of(place, ""), known.top);
        if found != Found::Nothing {
            return (whole(name), Some(whole(place).mark), found);
        }
    }
    let (name, place) = others.split_at(1);
    (whole(name), Some(whole(place).mark), Found::Nothing)
}

fn whole(fields: &[Field]) -> Field {
    let mark = match fields {
        [first, .., last] => [first.mark[0], last.mark[1]],
        [only] => only.mark,
        [] => [0, 0],
    };
    Field { text: text_of(fields, " "), mark }
}

fn text_of(fields: &[Field], between: &str) -> String {
    fields.iter().map(|field| field.text.as_str()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::regions::sample_table;

    fn look_at(text: &str, choices: &[(usize, &str)], top: &str) -> Vec<Line> {
        let table = sample_table();
        let phones = BTreeSet::from([Phone::parse("13900000009").unwrap()]);
        let top = top.parse().unwrap();
        let known = Known { regions: &table, top: &top, phones: &phones };
        let choices = choices.iter().map(|(line, code)| (*line, code.parse().unwrap())).collect();
        preview(text, &choices, &known).unwrap().0
    }

    fn code(text: &str) -> &'static str {
        look_at(text, &[], "")[0].outcome.code()
    }

    #[test]
    fn a_line_is_read_in_any_order_and_with_any_separator() {
        for text in [
            "样例甲 青样区红样路街道钢样社区 13800010022",
            "样例甲,钢样社区,138-0001-0022",
            "样例甲，青样区，红样路街道，钢样社区，138 0001 0022",
            "样例甲、钢样社区、+86 13800010022",
            "样例甲\t990106001001\t13800010022",
            "13800010022 钢样社区 样例甲",
            "钢样社区 13800010022 样例甲",
            "  样例甲 ； 钢样社区居委会 ；１３８０００１００２２ ",
        ] {
            let line = &look_at(text, &[], "")[0];
            let Outcome::New { name, phone, region } = &line.outcome else { panic!("{text}: {line:?}") };
            assert_eq!(
                (name.as_str(), phone.as_str(), region.as_str()),
                ("样例甲", "13800010022", "990106001001")
            );
        }
        let foreign = &look_at("Anna Sample 钢样社区 13800010022", &[], "")[0];
        assert_eq!(foreign.name.as_deref(), Some("Anna Sample"));
    }

    #[test]
    fn every_kind_of_slip_has_its_code() {
        for (text, expected) in [
            ("样例甲 钢样社区 1380001002", "bad-phone"),
            ("样例甲 钢样社区 12800010022", "bad-phone"),
            ("样例甲 钢样社区 138000100227", "bad-phone"),
            ("样例甲 月球社区 13800010022", "unknown-region"),
            ("样例甲 东样社区 13800010022", "ambiguous"),
            ("=cmd() 钢样社区 13800010022", "bad-name"),
            ("<img> 钢样社区 13800010022", "bad-name"),
            ("样例\u{202e}甲 钢样社区 13800010022", "bad-name"),
            ("样例甲 钢样社区 13900000009", "already"),
            ("样例甲 13800010022", "not-a-line"),
            ("样例甲 钢样社区", "not-a-line"),
            ("13800010022", "not-a-line"),
            ("---", "not-a-line"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
        assert_eq!(code(&format!("样例甲 钢样社区 13800010022{}", " ".repeat(300) + "x")), "not-a-line");
    }

    #[test]
    fn a_number_twice_names_the_earlier_line_and_empty_lines_are_skipped() {
        let lines = look_at("样例甲 钢样社区 13800010022\n\n样例乙 铁样社区 13800010022\n", &[], "");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[1].number, &lines[1].outcome), (3, &Outcome::Duplicate(1)));
        assert_eq!(lines[1].mark, Some([9, 20]));
    }

    #[test]
    fn a_choice_counts_inside_the_askers_region() {
        let text = "样例甲 东样社区 13800010022";
        let chosen = |code: &str| look_at(text, &[(1, code)], "")[0].outcome.clone();
        assert!(
            matches!(chosen("990107002001"), Outcome::New { region, .. } if region.as_str() == "990107002001")
        );
        assert_eq!(chosen("990106001099").code(), "ambiguous", "no such region");
        let elsewhere = look_at("样例甲 东样社区 13800010022", &[(1, "990106001001")], "990107");
        assert!(
            matches!(&elsewhere[0].outcome, Outcome::New { region, .. } if region.as_str() == "990107002001")
        );
        let one = look_at("Anna Sample\t月球 / 社区\t138 0001 0022", &[(1, "990106001001")], "");
        assert_eq!((one[0].outcome.code(), one[0].name.as_deref()), ("new", Some("Anna Sample")));
        let marked = &look_at(text, &[], "")[0];
        assert_eq!(marked.mark, Some([4, 8]));
    }

    #[test]
    fn nothing_outside_the_askers_region_is_found() {
        assert_eq!(look_at("样例甲 钢样社区 13800010022", &[], "990107")[0].outcome.code(), "unknown-region");
    }

    #[test]
    fn a_thousand_lines_are_looked_at_and_no_more() {
        let table = sample_table();
        let known = Known { regions: &table, top: &Region::country(), phones: &BTreeSet::new() };
        let line = "样例甲 钢样社区 13800010022\n";
        assert_eq!(
            preview(&line.repeat(PEOPLE_LINES), &Choices::new(), &known).unwrap().0.len(),
            PEOPLE_LINES
        );
        assert_eq!(preview(&line.repeat(PEOPLE_LINES + 1), &Choices::new(), &known), Err(PEOPLE_LINES + 1));
    }
}
