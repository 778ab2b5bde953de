//! Why a command could not do what was asked.

/// A problem, as a sentence for people; a fault also has a stable code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Code of the fault; `None` where the command line asks for something that makes no sense.
    pub fault: Option<&'static str>,
    /// What is wrong, as one sentence.
    pub sentence: String,
}

impl Problem {
    /// The command line asks for something that makes no sense.
    pub fn usage(sentence: String) -> Self {
        Self { fault: None, sentence }
    }

    /// Something needed is missing or cannot be relied on.
    pub fn fault(code: &'static str, sentence: String) -> Self {
        Self { fault: Some(code), sentence }
    }
}
