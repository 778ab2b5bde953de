//! What a service tells systemd, where systemd started it.

use sd_notify::NotifyState;

/// Tells systemd how the service is doing.
pub(super) fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Tells systemd again and again that this process goes on, twice as often as the unit's `WatchdogSec` asks.
/// Never ends.
pub(super) async fn keep_watchdog_quiet() {
    let Some(patience) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let mut beat = tokio::time::interval(patience / 2);
    loop {
        beat.tick().await;
        tell(NotifyState::Watchdog);
    }
}
