//! What the gate wants kept for the station's next start, and PINs, which wait for it.
//!
//! One thread does one job after the other. So wrong tries are on the disk before a PIN is compared, if
//! the disk takes them, and the gate's thread waits for neither.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use disk::DiskError;
use gate::input::AttemptId;
use gate::{Changes, Input, LastPlace, WrongTries};
use zeroize::Zeroizing;

use crate::entropy;
use crate::folder::Folder;
use crate::inputs::Inputs;
use crate::pin;

/// Sends jobs to the notebook's thread, which ends when the last of these is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Notebook(Sender<Job>);

#[derive(Debug)]
enum Job {
    CheckPin { attempt: AttemptId, pin: Zeroizing<String>, phc: String, tries: WrongTries },
    KeepTries(WrongTries),
    KeepPlace(LastPlace),
    KeepChanges(Changes),
    HashPin { attempt: AttemptId, pin: Zeroizing<String> },
}

impl Notebook {
    /// Starts the thread.
    pub(crate) fn start(folder: Folder, inputs: Inputs) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (sender, jobs) = channel();
        let work = move || work(&folder, &inputs, &jobs);
        let thread = std::thread::Builder::new().name("notebook".into()).spawn(work)?;
        Ok((Self(sender), thread))
    }

    /// Has the tries written, and then the PIN compared; the gate gets the outcome as an input. Where the
    /// disk refuses the tries, the PIN is compared all the same: a full disk locks nobody out, and the
    /// gate still counts until this run ends.
    pub(crate) fn check_pin(
        &self,
        attempt: AttemptId,
        pin: Zeroizing<String>,
        phc: String,
        tries: WrongTries,
    ) {
        let _ = self.0.send(Job::CheckPin { attempt, pin, phc, tries });
    }

    /// Has the tries written.
    pub(crate) fn keep_tries(&self, tries: WrongTries) {
        let _ = self.0.send(Job::KeepTries(tries));
    }

    /// Has the changes that were made here written.
    pub(crate) fn keep_changes(&self, changes: Changes) {
        let _ = self.0.send(Job::KeepChanges(changes));
    }

    /// Has a PIN hashed; the gate gets the hash as an input.
    pub(crate) fn hash_pin(&self, attempt: AttemptId, pin: Zeroizing<String>) {
        let _ = self.0.send(Job::HashPin { attempt, pin });
    }

    /// Has the checkpoint and direction written.
    pub(crate) fn keep_place(&self, place: LastPlace) {
        let _ = self.0.send(Job::KeepPlace(place));
    }
}

fn work(folder: &Folder, inputs: &Inputs, jobs: &Receiver<Job>) {
    for job in jobs {
        match job {
            Job::CheckPin { attempt, pin, phc, tries } => {
                warn_of("wrong tries", folder.keep_tries(&tries));
                let right = pin::is_right(&pin, &phc);
                inputs.tell(Input::PinChecked { attempt, right });
            }
            Job::KeepTries(tries) => warn_of("wrong tries", folder.keep_tries(&tries)),
            Job::KeepChanges(changes) => warn_of("a change made here", folder.keep_changes(&changes)),
            Job::HashPin { attempt, pin } => {
                let phc = entropy::bytes().ok().and_then(|salt| pin::hash(&pin, &salt)).unwrap_or_default();
                inputs.tell(Input::PinHashed { attempt, phc });
            }
            Job::KeepPlace(place) => warn_of("the checkpoint", folder.keep_place(place)),
        }
    }
}

fn warn_of(what: &'static str, outcome: Result<(), DiskError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "{what} could not be written; this run remembers, the next one will not");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::inputs::Message;
    use crate::testing::{PIN, phc};

    fn outcome(messages: &Receiver<Message>) -> bool {
        match messages.recv_timeout(Duration::from_secs(60)).unwrap() {
            Message::Input(Input::PinChecked { attempt: AttemptId(7), right }) => right,
            other => panic!("{other:?}"),
        }
    }

    fn tries() -> WrongTries {
        "0000000000000007 1\n".parse().unwrap()
    }

    #[test]
    fn tries_are_on_the_disk_before_the_answer_and_cleared_after_it() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let (inputs, messages) = Inputs::channel();
        let (notebook, thread) = Notebook::start(folder.clone(), inputs).unwrap();
        for (pin, right) in [(PIN, true), ("000000", false)] {
            notebook.check_pin(AttemptId(7), Zeroizing::new(pin.to_owned()), phc(), tries());
            assert_eq!(outcome(&messages), right, "{pin}");
            assert_eq!(folder.tries(), tries());
        }
        notebook.keep_tries(WrongTries::default());
        notebook.hash_pin(AttemptId(8), Zeroizing::new("135791".to_owned()));
        let phc = match messages.recv_timeout(Duration::from_secs(60)).unwrap() {
            Message::Input(Input::PinHashed { attempt: AttemptId(8), phc }) => phc,
            other => panic!("{other:?}"),
        };
        assert!(pin::is_right("135791", &phc));
        drop(notebook);
        thread.join().unwrap();
        assert_eq!(folder.tries(), WrongTries::default());
    }

    #[test]
    fn where_tries_cannot_be_written_a_pin_is_compared_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (inputs, messages) = Inputs::channel();
        let folder = Folder::new(&dir.path().join("gone"));
        let (notebook, _) = Notebook::start(folder.clone(), inputs).unwrap();
        for (pin, right) in [(PIN, true), ("000000", false)] {
            notebook.check_pin(AttemptId(7), Zeroizing::new(pin.to_owned()), phc(), tries());
            assert_eq!(outcome(&messages), right, "{pin}");
            assert_eq!(folder.tries(), WrongTries::default(), "nothing was written");
        }
    }
}
