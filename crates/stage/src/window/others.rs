//! The program's other window, and its end.

use super::{BETWEEN_LOOKS, Window};
use crate::clock::{self, PATIENCE};
use crate::problem::{Problem, Result};

impl Window {
    /// Turns to the program's other window, as soon as there is one.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Window`].
    pub async fn turn_to_other(&self) -> Result<()> {
        let own = self.client.window().await?;
        let end = clock::now() + PATIENCE;
        loop {
            if let Some(other) = self.client.windows().await?.into_iter().find(|window| *window != own) {
                return Ok(self.client.switch_to_window(other).await?);
            }
            if clock::now() > end {
                let what = "another window".to_owned();
                return Err(Problem::TooLate {
                    what,
                    patience: PATIENCE,
                    instead: "there is one".to_owned(),
                });
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Waits until the program has no window but this one.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Window`].
    pub async fn only_window(&self) -> Result<()> {
        let end = clock::now() + PATIENCE;
        while self.client.windows().await?.len() > 1 {
            if clock::now() > end {
                let (what, instead) = ("one window alone".to_owned(), "there are more".to_owned());
                return Err(Problem::TooLate { what, patience: PATIENCE, instead });
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(())
    }

    /// Waits until the window has closed, and the program has ended with it.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn is_gone(&self) -> Result<()> {
        let end = clock::now() + PATIENCE;
        while self.client.windows().await.is_ok_and(|windows| !windows.is_empty()) {
            if clock::now() > end {
                let (what, instead) = ("a closed window".to_owned(), "it is open".to_owned());
                return Err(Problem::TooLate { what, patience: PATIENCE, instead });
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(())
    }
}
