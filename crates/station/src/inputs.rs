//! The way to the gate's thread.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use gate::Input;

use crate::script::Pending;

/// Inputs waiting for the gate's thread before their senders wait.
const INPUTS: usize = 256;

/// What reaches the gate's thread.
#[derive(Debug)]
pub(crate) enum Message {
    /// Something happened.
    Input(Input),
    /// A scripted step, to be taken when the gate is ready for it.
    Step(Pending),
    /// The end.
    Stop,
}

/// Sends to the gate's thread. Where that is behind, the sender waits; the gate waits for nobody,
/// so that this always ends.
#[derive(Debug, Clone)]
pub(crate) struct Inputs(SyncSender<Message>);

impl Inputs {
    pub(crate) fn channel() -> (Self, Receiver<Message>) {
        let (sender, receiver) = sync_channel(INPUTS);
        (Self(sender), receiver)
    }

    /// Tells the gate; `false`: it is gone.
    pub(crate) fn tell(&self, input: Input) -> bool {
        self.send(Message::Input(input))
    }

    pub(crate) fn send(&self, message: Message) -> bool {
        self.0.send(message).is_ok()
    }
}
