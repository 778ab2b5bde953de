//! Keys: a person's, a hand scanner's, and those of the clipboard.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::Value;

use super::{Window, key};
use crate::problem::{Problem, Result};

/// Pause between two keys. The page takes faster ones for a hand scanner's.
const BETWEEN_KEYS: Duration = Duration::from_millis(60);
/// Pause after a key that types a character: the page acts on it only if it stands alone.
const BEHIND_CHARACTERS: Duration = Duration::from_millis(450);

impl Window {
    /// Presses a key while others are held.
    ///
    /// # Errors
    /// [`Problem::Window`].
    pub async fn press_with(&self, held: &[char], key: char) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".into());
        for &value in held {
            // Nobody presses two keys in one moment: those would be a hand scanner's.
            actions = actions.then(KeyAction::Down { value });
            actions = actions.then(KeyAction::Pause { duration: BETWEEN_KEYS });
        }
        actions = actions.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        for &value in held.iter().rev() {
            actions = actions.then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await?;
        tokio::time::sleep(BETWEEN_KEYS).await;
        Ok(())
    }

    /// Presses a key and lets it go.
    ///
    /// # Errors
    /// [`Problem::Window`].
    pub async fn press(&self, key: char) -> Result<()> {
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(actions).await?;
        // WebDriver's own keys, such as Enter, lie in a block for private use.
        let is_character = !('\u{E000}'..='\u{F8FF}').contains(&key);
        tokio::time::sleep(if is_character { BEHIND_CHARACTERS } else { BETWEEN_KEYS }).await;
        Ok(())
    }

    /// Presses a key while Ctrl is held.
    ///
    /// # Errors
    /// [`Problem::Window`].
    pub async fn press_with_ctrl(&self, key: char) -> Result<()> {
        self.press_with(&[key::CTRL], key).await
    }

    /// Pastes a text by the keyboard into the page's field for texts, out of the system's clipboard.
    ///
    /// # Errors
    /// [`Problem::Window`], or [`Problem::Unexpected`] where nothing could be cut.
    pub async fn paste(&self, text: &str) -> Result<()> {
        // What the page itself cuts is in the clipboard; no other program has to offer it.
        let put = format!(
            "const field = document.querySelector('textarea');
             field.focus(); field.value = {}; field.select();",
            Value::from(text)
        );
        self.run(&put).await?;
        self.press_with_ctrl('x').await?;
        let left = self.run("return document.querySelector('textarea').value").await?;
        if left != "" {
            return Err(Problem::unexpected("the field after what it held was cut", left));
        }
        self.press_with_ctrl('v').await
    }
}
