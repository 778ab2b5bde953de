//! Masks: what may be shown of a name, an identity number and a phone.

/// `张三` → `张*`, `欧阳小明` → `欧***`, `Anna Smith` → `A*********`. Empty stays empty.
#[must_use]
pub fn name(full: &str) -> String {
    let _ = full;
    todo!()
}

/// First four and last four around one `*` for each character between:
/// `420106199001011234` → `4201**********1234`. Up to eight characters are all masked.
#[must_use]
pub fn identity(full: &str) -> String {
    let _ = full;
    todo!()
}

/// `13800000001` → `138****0001`.
#[must_use]
pub fn phone(full: &str) -> String {
    let _ = full;
    todo!()
}
