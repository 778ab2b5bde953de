//! The forms in which people write the name of a region.

/// Endings of official names that people leave out.
const LONG_ENDINGS: [&str; 9] = [
    "社区居民委员会",
    "社区居委会",
    "社区委员会",
    "社区居委",
    "村民委员会",
    "居民委员会",
    "街道办事处",
    "村委会",
    "居委会",
];

/// Returns the forms in which people write a region's name: as it is, and without its long ending.
pub(super) fn forms(name: &str) -> Vec<String> {
    let name = plain(name);
    let mut forms = vec![name.clone()];
    for ending in LONG_ENDINGS {
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            let short = match ending {
                "街道办事处" => "街道",
                "村民委员会" | "村委会" => "村",
                _ => "社区",
            };
            forms.push(format!("{stem}{short}"));
            break;
        }
    }
    forms
}

/// Returns a text without separators, its full-width digits made plain.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|char| !char.is_whitespace() && !"/／\\>›→·•-—–,，、".contains(*char))
        .map(|char| match char {
            '０'..='９' => char::from(b'0' + (char as u32 - '０' as u32) as u8),
            other => other,
        })
        .collect()
}
