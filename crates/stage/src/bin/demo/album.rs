//! Pictures of the window: each screen in two languages and two sizes.

use std::path::{Path, PathBuf};

use stage::{Problem, Result, Window};

/// A common laptop, and the smallest screen that is supported.
const SIZES: [(u32, u32); 2] = [(1366, 768), (1024, 600)];
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// Where pictures go.
pub struct Album {
    folder: PathBuf,
    taken: usize,
}

impl Album {
    /// Opens an album in a folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), taken: 0 }
    }

    /// Returns how many pictures it holds.
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Takes all pictures of the screen as it is, and leaves it in Chinese at its first size.
    pub async fn take(&mut self, window: &Window, name: &str) -> Result<()> {
        for size in SIZES {
            window.resize(size.0, size.1).await?;
            for language in LANGUAGES {
                window.language(language).await?;
                self.one(window, name, language, size).await?;
            }
        }
        window.resize(SIZES[0].0, SIZES[0].1).await?;
        window.language(LANGUAGES[0]).await
    }

    /// Takes one picture of a screen that stays too short for several.
    pub async fn take_one(&mut self, window: &Window, name: &str) -> Result<()> {
        self.one(window, name, LANGUAGES[0], SIZES[0]).await
    }

    async fn one(&mut self, window: &Window, name: &str, language: &str, size: (u32, u32)) -> Result<()> {
        let size = if size == SIZES[0] { String::new() } else { format!("-{}x{}", size.0, size.1) };
        let picture = window.picture().await?;
        let path = self.folder.join(format!("station-{name}-{language}{size}.png"));
        std::fs::write(&path, picture)
            .map_err(|source| Problem::Io { what: path.display().to_string(), source })?;
        self.taken += 1;
        Ok(())
    }
}
