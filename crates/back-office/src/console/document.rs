//! The whole API as a document: `docs/console-api.json`.

use utoipa::openapi::OpenApi;

use super::{api, first_start};

/// Returns the description of every address, those of a first start too.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = api::document();
    document.merge(first_start::document());
    document
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_in_docs_is_the_present_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/console-api.json");
        let present = super::document().to_pretty_json().unwrap() + "\n";
        if std::env::var_os("KADIAN_WRITE_DOCS").is_some() {
            std::fs::write(path, &present).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == present, "run this test once with KADIAN_WRITE_DOCS=1");
    }
}
