//! logind and the screen saver, by D-Bus. GIO comes with the window's toolkit.

use std::os::fd::{FromRawFd as _, OwnedFd};

use gtk::gio::prelude::*;
use gtk::gio::{
    self, BusType, Cancellable, DBusConnection, DBusConnectionFlags, DBusMessage, DBusSendMessageFlags,
};
use gtk::glib::variant::{Handle, Variant};

/// Longest wait for an answer on a bus, in milliseconds.
const PATIENCE: i32 = 5_000;
const WHO: &str = "Kadian";
const WHY: &str = "A shift is on at this checkpoint";

/// Where a service is on its bus, and what takes a lock there.
struct Service {
    name: &'static str,
    path: &'static str,
    interface: &'static str,
}

const LOGIND: Service = Service {
    name: "org.freedesktop.login1",
    path: "/org/freedesktop/login1",
    interface: "org.freedesktop.login1.Manager",
};
const SCREEN_SAVER: Service = Service {
    name: "org.freedesktop.ScreenSaver",
    path: "/org/freedesktop/ScreenSaver",
    interface: "org.freedesktop.ScreenSaver",
};

/// Why a lock was not taken. The station goes on without it.
#[derive(Debug, thiserror::Error)]
enum NotHeld {
    #[error(transparent)]
    Bus(#[from] gtk::glib::Error),
    #[error("refused: {0}")]
    Refused(String),
    #[error("no file came with the answer")]
    NoFile,
}

/// What keeps the laptop awake, for as long as it is not dropped.
pub(super) struct Held {
    /// logind releases its lock when this is closed.
    sleep: Option<OwnedFd>,
    /// The screen saver releases its lock when this connection closes.
    screen: Option<DBusConnection>,
}

impl Held {
    /// Asks both services. A machine that lacks one has nothing there that would let it sleep.
    pub(super) fn take() -> Self {
        Self::take_on(address(BusType::System), address(BusType::Session))
    }

    fn take_on(system: Option<String>, session: Option<String>) -> Self {
        let sleep = system.and_then(|address| said("sleep", hold_off_sleep(&address)));
        let screen = session.and_then(|address| said("a blank screen", keep_screen_on(&address)));
        tracing::info!(sleep = sleep.is_some(), screen = screen.is_some(), "held off during the shift");
        Self { sleep, screen }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.sleep.take());
        if let Some(screen) = self.screen.take()
            && let Err(error) = screen.close_sync(Cancellable::NONE)
        {
            tracing::debug!(%error, "the screen saver's bus was gone before");
        }
    }
}

fn address(bus: BusType) -> Option<String> {
    gio::dbus_address_get_for_bus_sync(bus, Cancellable::NONE).ok().map(Into::into)
}

fn said<T>(what: &str, asked: Result<T, NotHeld>) -> Option<T> {
    asked.inspect_err(|error| tracing::debug!(%error, what, "could not be held off")).ok()
}

fn hold_off_sleep(address: &str) -> Result<OwnedFd, NotHeld> {
    let connection = connect(address)?;
    let answer = inhibit(&connection, &LOGIND, &("sleep:idle", WHO, WHY, "block").to_variant())?;
    let handle = answer.body().and_then(|body| body.try_child_value(0)?.get::<Handle>());
    let (Some(handle), Some(files)) = (handle, answer.unix_fd_list()) else { return Err(NotHeld::NoFile) };
    let file = files.get(handle.0)?;
    // SAFETY: GIO has duplicated it for its caller, who owns it from now on.
    #[allow(unsafe_code)]
    Ok(unsafe { OwnedFd::from_raw_fd(file) })
}

fn keep_screen_on(address: &str) -> Result<DBusConnection, NotHeld> {
    let connection = connect(address)?;
    inhibit(&connection, &SCREEN_SAVER, &(WHO, WHY).to_variant())?;
    Ok(connection)
}

fn connect(address: &str) -> Result<DBusConnection, NotHeld> {
    let flags = DBusConnectionFlags::AUTHENTICATION_CLIENT | DBusConnectionFlags::MESSAGE_BUS_CONNECTION;
    let connection = DBusConnection::for_address_sync(address, flags, None, Cancellable::NONE)?;
    // A bus that ends must not end the station with it, which is GIO's default.
    connection.set_exit_on_close(false);
    Ok(connection)
}

/// Asks a service for its lock, and returns the answer.
fn inhibit(connection: &DBusConnection, service: &Service, body: &Variant) -> Result<DBusMessage, NotHeld> {
    let Service { name, path, interface } = *service;
    let call = DBusMessage::new_method_call(Some(name), path, Some(interface), "Inhibit");
    call.set_body(body);
    let flags = DBusSendMessageFlags::NONE;
    let (answer, _) = connection.send_message_with_reply_sync(&call, flags, PATIENCE, Cancellable::NONE)?;
    match answer.error_name() {
        Some(name) => Err(NotHeld::Refused(name.into())),
        None => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};
    use std::os::unix::net::UnixStream;
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc::{Receiver, Sender, channel};

    use gtk::gio::{DBusMethodInvocation, DBusNodeInfo, UnixFDList};
    use gtk::glib::{MainContext, MainLoop};

    use super::*;

    /// A bus of its own, on which both services are played. `None` where there is no D-Bus.
    struct Bus {
        daemon: Child,
        address: String,
    }

    impl Bus {
        fn start() -> Option<Self> {
            let mut command = Command::new("dbus-daemon");
            command.args(["--session", "--nofork", "--print-address=1"]).stdin(Stdio::null());
            let mut daemon = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
            let mut address = String::new();
            BufReader::new(daemon.stdout.take()?).read_line(&mut address).unwrap();
            Some(Self { daemon, address: address.trim().to_owned() })
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            self.daemon.kill().unwrap();
            self.daemon.wait().unwrap();
        }
    }

    const INTERFACES: &str = "<node>
        <interface name='org.freedesktop.login1.Manager'><method name='Inhibit'>
          <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>
          <arg type='s' direction='in'/><arg type='h' direction='out'/></method></interface>
        <interface name='org.freedesktop.ScreenSaver'><method name='Inhibit'>
          <arg type='s' direction='in'/><arg type='s' direction='in'/>
          <arg type='u' direction='out'/></method></interface></node>";

    /// What a played service was asked: its name, the words, the asker's name on the bus, and for logind the
    /// other end of the file that it gave out.
    type Asked = (String, String, String, Option<UnixStream>);

    /// Plays a service until the bus ends, and tells what it is asked.
    fn play(bus: &str, service: &'static Service, asked: Sender<Asked>, ready: Sender<()>) {
        let bus = bus.to_owned();
        std::thread::spawn(move || {
            let context = MainContext::new();
            let play = || {
                let connection = connect(&bus).unwrap();
                let node = DBusNodeInfo::for_xml(INTERFACES).unwrap();
                let interface = node.lookup_interface(service.interface).unwrap();
                let answer = move |_: DBusConnection,
                                   sender: &str,
                                   _: &str,
                                   _: &str,
                                   _: &str,
                                   words: Variant,
                                   invocation: DBusMethodInvocation| {
                    let file = (service.name == LOGIND.name).then(|| UnixStream::pair().unwrap());
                    let (kept, given) = file.unzip();
                    let told = (service.name.to_owned(), words.to_string(), sender.to_owned(), kept);
                    let _ = asked.send(told);
                    let Some(given) = given else {
                        return invocation.return_value(Some(&(7_u32,).to_variant()));
                    };
                    let files = UnixFDList::new();
                    files.append(given).unwrap();
                    invocation.return_value_with_unix_fd_list(Some(&(Handle(0),).to_variant()), Some(&files));
                };
                connection
                    .register_object(service.path, &interface, answer, |_, _, _, _, _| ().to_variant(), {
                        |_, _, _, _, _, _| false
                    })
                    .unwrap();
                let request = DBusMessage::new_method_call(
                    Some("org.freedesktop.DBus"),
                    "/org/freedesktop/DBus",
                    Some("org.freedesktop.DBus"),
                    "RequestName",
                );
                request.set_body(&(service.name, 0_u32).to_variant());
                let flags = DBusSendMessageFlags::NONE;
                let reply =
                    connection.send_message_with_reply_sync(&request, flags, PATIENCE, Cancellable::NONE);
                assert_eq!(reply.unwrap().0.error_name(), None);
                ready.send(()).unwrap();
                MainLoop::new(Some(&context), false).run();
            };
            context.with_thread_default(play).unwrap();
        });
    }

    fn played() -> Option<(Bus, Receiver<Asked>)> {
        let bus = Bus::start()?;
        let (asked, asks) = channel();
        for service in [&LOGIND, &SCREEN_SAVER] {
            let (ready, is_ready) = channel();
            play(&bus.address, service, asked.clone(), ready);
            is_ready.recv().unwrap();
        }
        Some((bus, asks))
    }

    fn has_name(bus: &str, name: &str) -> bool {
        let connection = connect(bus).unwrap();
        let ask = DBusMessage::new_method_call(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "NameHasOwner",
        );
        ask.set_body(&(name,).to_variant());
        let flags = DBusSendMessageFlags::NONE;
        let (answer, _) =
            connection.send_message_with_reply_sync(&ask, flags, PATIENCE, Cancellable::NONE).unwrap();
        answer.body().unwrap().get::<(bool,)>().unwrap().0
    }

    #[test]
    fn a_shift_holds_off_sleep_and_a_blank_screen_until_it_ends() {
        let Some((bus, asks)) = played() else { return };
        let held = Held::take_on(Some(bus.address.clone()), Some(bus.address.clone()));
        let (service, words, _, file) = asks.recv().unwrap();
        assert_eq!(service, LOGIND.name);
        assert!(words.contains("'sleep:idle'") && words.contains("'block'"), "{words}");
        let mut file = file.unwrap();
        file.set_nonblocking(true).unwrap();
        let is_held = file.read(&mut [0]).map_err(|error| error.kind());
        assert_eq!(is_held, Err(ErrorKind::WouldBlock), "the lock is held while its file is open");
        let (service, _, asker, _) = asks.recv().unwrap();
        assert_eq!(service, SCREEN_SAVER.name);
        assert!(has_name(&bus.address, &asker));

        drop(held);
        file.set_nonblocking(false).unwrap();
        assert_eq!(file.read(&mut [0]).unwrap(), 0, "logind's lock is released");
        while has_name(&bus.address, &asker) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_machine_without_these_services_or_without_a_bus_is_no_problem() {
        let held = Held::take_on(None, Some("unix:path=/nowhere".to_owned()));
        assert!(held.sleep.is_none() && held.screen.is_none());
        let Some(bus) = Bus::start() else { return };
        let held = Held::take_on(Some(bus.address.clone()), Some(bus.address.clone()));
        assert!(held.sleep.is_none() && held.screen.is_none());
    }
}
