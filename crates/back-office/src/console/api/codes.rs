//! `/residents/codes`: the text of a code in a picture.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::limits::{PICTURE_BODY, PICTURE_BYTES};

/// A picture, a PDF or a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCode {
    /// Its bytes in base64.
    content: String,
}

/// What it says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CodeText {
    text: String,
}

/// Reads the code in a picture. Nothing is looked up, and nothing is kept.
#[utoipa::path(post, path = "/residents/codes", request_body = NewCode, responses(
    (status = 200, body = CodeText), (status = 422, description = "invalid")
))]
pub(super) async fn read(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value, .. }: Payload<NewCode, PICTURE_BODY>,
) -> Result<Json<CodeText>, ConsoleError> {
    caller.may(Right::ResidentsLook)?;
    let bytes = BASE64_STANDARD.decode(value.content).map_err(|_| ConsoleError::Malformed)?;
    if bytes.len() > PICTURE_BYTES {
        return Err(ConsoleError::field("picture", "too-large"));
    }
    let text = console.read_picture(bytes).await?;
    Ok(Json(CodeText { text: text.map_err(|code| ConsoleError::field("picture", code))? }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::console::api::filed::{claims, file, text};
    use crate::console::api::testing::{TestConsole, code_of, json_of};
    use crate::console::pictured::tests::bmp;

    #[tokio::test]
    async fn a_picture_of_a_code_sealed_to_somebody_else_finds_the_passages_of_that_code_alone() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let claims = claims([77; 32]);
        file(&console, &[(claims.clone(), 0)]).await;
        let sent = |bytes: &[u8]| json!({ "content": BASE64_STANDARD.encode(bytes) });
        let read = async |bytes: &[u8]| -> Value {
            json_of(console.ask(Some(&cookie), "POST", "/residents/codes", sent(bytes)).await).await
        };
        let found = read(&bmp(&text(&claims))).await;
        assert_eq!(found["text"], text(&claims));
        let asked = json!({ "reason": "investigation", "case": "样例-0316", "who": found["text"] });
        let look = json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked).await).await;
        assert_eq!((look["passages"].as_array().unwrap().len(), &look["shut"]), (1, &json!(true)));
        let refused = read(b"<!DOCTYPE html><html></html>").await;
        assert_eq!(refused["fields"], json!([{ "name": "picture", "code": "web-page" }]));
        let large = read(&vec![0; PICTURE_BYTES + 1]).await;
        assert_eq!(large["fields"], json!([{ "name": "picture", "code": "too-large" }]));
        let bad = console.ask(Some(&cookie), "POST", "/residents/codes", json!({ "content": "%" })).await;
        assert_eq!(code_of(bad).await, (400, "malformed".to_owned()));
    }
}
