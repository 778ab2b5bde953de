//! One pasted line, taken apart: where its number is, and the other fields in their order.

use super::phone::{Phone, digit, is_filler};

/// A part of a line, with its place in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub text: String,
    pub mark: [usize; 2],
}

/// The parts of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    /// The number, if any.
    pub phone: Option<Field>,
    /// Everything else.
    pub others: Vec<Field>,
}

/// Takes a line apart at spaces, tabs, commas, 、 and ;. Parts of digits that follow one another are one
/// number, unless one of them is a region's code. Three fields between tabs, as a table has them, stay whole.
pub(super) fn fields(line: &str) -> Fields {
    let by_tabs = parts(line, |char| char == '\t');
    if let [_, _, last] = &by_tabs[..]
        && is_number(&last.text)
        && !is_code(&last.text)
    {
        let mut others = by_tabs;
        return Fields { phone: others.pop(), others };
    }
    join(parts(line, is_separator))
}

fn parts(line: &str, is_separator: impl Fn(char) -> bool) -> Vec<Field> {
    let mut parts = Vec::new();
    let (mut at, mut begun) = (0, None);
    for (byte, char) in line.char_indices() {
        match (is_separator(char), begun) {
            (false, None) => begun = Some((byte, at)),
            (true, Some((from, start))) => {
                parts.push(Field { text: line[from..byte].to_owned(), mark: [start, at] });
                begun = None;
            }
            _ => {}
        }
        at += char.len_utf16();
    }
    if let Some((from, start)) = begun {
        parts.push(Field { text: line[from..].to_owned(), mark: [start, at] });
    }
    parts
}

fn join(parts: Vec<Field>) -> Fields {
    let (mut phone, mut others): (Option<Field>, Vec<Field>) = (None, Vec::new());
    let mut open = false;
    for part in parts {
        if !is_number(&part.text) || is_code(&part.text) {
            open = false;
            others.push(part);
            continue;
        }
        match &mut phone {
            Some(phone) if open && Phone::parse(&phone.text).is_err() => {
                phone.text = format!("{} {}", phone.text, part.text);
                phone.mark[1] = part.mark[1];
            }
            Some(first) if Phone::parse(&first.text).is_err() && Phone::parse(&part.text).is_ok() => {
                others.push(std::mem::replace(first, part));
            }
            Some(_) => others.push(part),
            None => phone = Some(part),
        }
        open = true;
    }
    // Beside a name and a place, twelve digits that begin as a mobile number does are one with a digit too many.
    if phone.is_none()
        && others.len() >= 3
        && let Some(at) = others.iter().position(|part| is_code(&part.text) && part.text.starts_with('1'))
    {
        phone = Some(others.remove(at));
    }
    Fields { phone, others }
}

/// Returns whether a part is digits and what people write between them.
fn is_number(text: &str) -> bool {
    text.chars().any(|char| digit(char).is_some())
        && text.chars().all(|char| digit(char).is_some() || is_filler(char))
}

/// Returns whether a part is the code of a street or a community and no phone number.
fn is_code(text: &str) -> bool {
    matches!(text.len(), 6 | 9 | 12)
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && Phone::parse(text).is_err()
        && !text.starts_with('1')
        || text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_separator(char: char) -> bool {
    // A byte order mark comes along from files, and nobody sees it.
    char.is_whitespace() || ",，、;；|\t\u{feff}".contains(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str) -> (Option<String>, Vec<String>) {
        let fields = fields(line);
        (fields.phone.map(|field| field.text), fields.others.into_iter().map(|field| field.text).collect())
    }

    #[test]
    fn a_number_is_found_wherever_it_stands() {
        let others = vec!["样例甲".to_owned(), "钢样社区".to_owned()];
        for (line, phone) in [
            ("样例甲 钢样社区 13800010022", "13800010022"),
            ("样例甲，钢样社区，138-0001-0022", "138-0001-0022"),
            ("样例甲\t138 0001 0022\t钢样社区", "138 0001 0022"),
            ("13800010022、样例甲、钢样社区", "13800010022"),
            ("+86 13800010022;样例甲;钢样社区", "+86 13800010022"),
        ] {
            let (found, rest) = taken(line);
            assert_eq!(
                (found.as_deref().map(|text| text.replace("+86 ", "")).as_deref(), &rest),
                (Some(&*phone.replace("+86 ", "")), &others),
                "{line}"
            );
        }
        assert_eq!(taken("样例甲 990106001001 13800010022").1, ["样例甲", "990106001001"]);
        assert_eq!(taken("样例甲"), (None, vec!["样例甲".to_owned()]));
        assert_eq!(taken(" ,, "), (None, vec![]));
    }

    #[test]
    fn places_are_counted_as_a_browser_counts() {
        let fields = fields("𠮷样例 钢样 1380001");
        assert_eq!(fields.others[0].mark, [0, 4]);
        assert_eq!(fields.others[1].mark, [5, 7]);
        assert_eq!(fields.phone.unwrap().mark, [8, 15]);
    }
}
