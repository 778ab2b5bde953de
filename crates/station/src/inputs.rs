//! The channel to the gate's thread.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use gate::Input;
use tokio::sync::oneshot;

use crate::script::Pending;

/// Capacity of the channel. With more inputs waiting, senders wait.
const INPUTS: usize = 256;

/// What reaches the gate's thread.
#[derive(Debug)]
pub(crate) enum Message {
    /// Something happened.
    Input(Input),
    /// A scripted step. The gate takes it when it is ready.
    Step(Pending),
    /// Asks whether the gate still has reports that are not durable.
    OwesReports(oneshot::Sender<bool>),
    /// The thread is to end.
    Stop,
}

/// Sends to the gate's thread. A sender waits while the channel is full. The gate waits for nobody,
/// so that this wait ends.
#[derive(Debug, Clone)]
pub(crate) struct Inputs(SyncSender<Message>);

impl Inputs {
    pub(crate) fn channel() -> (Self, Receiver<Message>) {
        let (sender, receiver) = sync_channel(INPUTS);
        (Self(sender), receiver)
    }

    /// Sends an input to the gate; returns `false` if the gate has ended.
    pub(crate) fn tell(&self, input: Input) -> bool {
        self.send(Message::Input(input))
    }

    pub(crate) fn send(&self, message: Message) -> bool {
        self.0.send(message).is_ok()
    }

    /// Asks the gate whether it still has reports that are not durable. A gate that has ended has none.
    pub(crate) async fn owes_reports(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.send(Message::OwesReports(answer)) && answered.await.unwrap_or(false)
    }
}
