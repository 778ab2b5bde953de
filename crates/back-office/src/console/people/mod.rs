//! People by pasted lines: `姓名 社区 手机号`.

mod line;
mod name;
mod phone;
mod preview;

pub use name::{bad_characters, is_name};
pub use phone::{Phone, masked};
pub use preview::{Choices, Known, Line, Outcome, Preview, preview};
