//! A laptop from its first start to a station, without a window.

use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use camera::{CameraChoice, Showing, SimulatedSource};
use gate::Screen;
use gate::action::Sound;
use gate::window::station::StationScreen;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::*;
use crate::display::Display as _;
use crate::enrol::tests::{answer_of, answer_to, now, office};
use crate::folder::Folder;
use crate::testing::{STATION, World, enrolled};
use crate::withdrawal::{Heard, Phase};

/// Sends each view to the test.
struct Shown(Sender<WindowView>);

impl Window for Shown {
    fn show(&mut self, view: WindowView) {
        let _ = self.0.send(view);
    }

    fn play(&mut self, _: Sound) {}
}

fn open(dir: &Path) -> (Laptop, Receiver<WindowView>) {
    open_with(dir, None)
}

/// Opens a laptop with a folder that counts as a stick.
fn open_with(dir: &Path, stick: Option<&Path>) -> (Laptop, Receiver<WindowView>) {
    let (sender, views) = channel();
    let stick = stick.map(Path::to_owned);
    let camera = CameraChoice::Simulated { source: SimulatedSource::Program(Showing::default()) };
    let options = StartOptions {
        dir: dir.to_owned(),
        camera: Some(camera),
        second_camera: None,
        network: false,
        stick,
    };
    (Laptop::open(options, Box::new(Shown(sender))), views)
}

fn next(views: &Receiver<WindowView>) -> WindowView {
    views.recv_timeout(Duration::from_secs(30)).expect("a view in time")
}

fn picture(laptop: &Laptop, after: u64) -> u64 {
    let preview = laptop.preview().expect("a camera");
    preview.newer_than(after, Duration::from_secs(30)).expect("a picture in time").0
}

fn no_station(why: NoStation) -> WindowView {
    WindowView::NoStation { why, contact: None, exported: None }
}

fn screen(view: WindowView) -> EntranceScreen {
    match view {
        WindowView::Entrance { view } => view.screen,
        other => panic!("{other:?}"),
    }
}

/// Waits for a view of the entrance whose screen is the wanted one.
fn until(views: &Receiver<WindowView>, wanted: impl Fn(&EntranceScreen) -> bool) -> EntranceScreen {
    loop {
        let screen = screen(next(views));
        if wanted(&screen) {
            return screen;
        }
    }
}

fn waits(view: WindowView) -> bool {
    matches!(screen(view), EntranceScreen::Waiting { problem: None, .. })
}

/// Pastes a text, and says that the groups agree.
fn join(laptop: &Laptop, views: &Receiver<WindowView>, text: &str) {
    laptop.ticket(TicketInput::Offer { text: text.to_owned() }).unwrap();
    until(views, |screen| matches!(screen, EntranceScreen::Confirm { .. }));
    std::thread::sleep(gate::IGNORES_KEYS);
    laptop.ticket(TicketInput::Confirm).unwrap();
}

fn until_station(views: &Receiver<WindowView>) {
    while !matches!(next(views), WindowView::Station { .. }) {}
}

#[test]
fn a_folder_that_another_process_enrols_becomes_a_station_and_the_camera_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, views) = open(dir.path());
    assert!(waits(next(&views)));
    assert_eq!(laptop.station(|_| ()), Err(NoStation::NotEnrolled));
    let before = picture(&laptop, 0);
    // As enrolment does it: the settings come last, and the folder is held a little longer.
    let lock = Folder::new(dir.path()).lock().unwrap();
    enrolled(dir.path());
    std::thread::sleep(LOOK_EVERY * 2);
    assert_eq!(laptop.station(|_| ()), Err(NoStation::NotEnrolled));
    drop(lock);
    // No other screen comes between; its bar may change, as a minute may begin.
    loop {
        match next(&views) {
            WindowView::Station { .. } => break,
            view => assert!(waits(view)),
        }
    }
    assert!(picture(&laptop, before) > before, "the same camera");
    // The gate hears of a camera that was running before it.
    let live = |view: &WindowView| matches!(view, WindowView::Station { view } if view.bar.simulated_camera);
    while !live(&next(&views)) {}
}

#[test]
fn a_laptop_without_a_network_asks_by_a_stick_and_knows_it_when_it_is_opened_again() {
    let (dir, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (laptop, views) = open_with(dir.path(), Some(stick.path()));
    let text = office(&World::new(now()), |_| Vec::new());
    laptop.ticket(TicketInput::Offer { text }).unwrap();
    until(&views, |screen| matches!(screen, EntranceScreen::Confirm { by_stick: true, .. }));
    std::thread::sleep(gate::IGNORES_KEYS);
    laptop.ticket(TicketInput::ByStick).unwrap();
    until(&views, |screen| matches!(screen, EntranceScreen::ByStick { busy: false, .. }));
    std::thread::sleep(gate::IGNORES_KEYS);
    laptop.ticket(TicketInput::Confirm).unwrap();
    until(&views, |screen| matches!(screen, EntranceScreen::ByStick { stick: Some(_), busy: false, .. }));
    let own = std::fs::read_dir(stick.path()).unwrap().next().unwrap().unwrap().path();
    assert!(own.join(wire::stick::REQUEST).is_file());
    drop(laptop);
    let (_laptop, views) = open_with(dir.path(), Some(stick.path()));
    until(&views, |screen| matches!(screen, EntranceScreen::ByStick { stick: None, problem: None, .. }));
}

#[test]
fn a_ticket_is_read_from_a_stick_by_its_one_name() {
    let (dir, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (laptop, views) = open_with(dir.path(), Some(stick.path()));
    let says = |wanted| {
        laptop.ticket(TicketInput::FromStick).unwrap();
        until(
            &views,
            |screen| matches!(screen, EntranceScreen::Waiting { problem: Some(it), .. } if *it == wanted),
        );
    };
    std::fs::write(stick.path().join("another.txt"), "KDT1:AB").unwrap();
    says(TicketProblem::NoStick);
    std::fs::write(stick.path().join("ticket.txt"), "KDT1:AB").unwrap();
    says(TicketProblem::Broken);
}

#[test]
fn a_ticket_makes_an_open_laptop_a_station() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, views) = open(dir.path());
    assert!(waits(next(&views)));
    laptop.ticket(TicketInput::Offer { text: "KD1:no ticket".to_owned() }).unwrap();
    let health_code = Some(TicketProblem::HealthCode);
    until(
        &views,
        |screen| matches!(screen, EntranceScreen::Waiting { problem, .. } if *problem == health_code),
    );
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| answer_to(&request, answer));
    join(&laptop, &views, &ticket);
    let done = |steps: &JoinSteps| steps.trust == StepState::Done;
    until(&views, |screen| matches!(screen, EntranceScreen::Joining { steps, .. } if done(steps)));
    assert!(matches!(next(&views), WindowView::Station { .. }));
    while laptop.station(|_| ()).is_err() {}
    assert_eq!(laptop.station(|station| station.settings().name), Ok("样例 08".to_owned()));
    for input in [TicketInput::Offer { text: ticket.clone() }, TicketInput::Show, TicketInput::Confirm] {
        assert_eq!(laptop.ticket(input), Err(TakesNoTicket), "nobody changes a station from here");
    }
    laptop.close();
    assert!(laptop.preview().is_none());
    assert_eq!(laptop.station(|_| ()), Err(NoStation::Failed));
}

#[test]
fn a_laptop_that_could_not_join_says_why_and_tries_again() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, views) = open(dir.path());
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let mut ticket =
        wire::Ticket::parse(&office(&world, move |request| answer_to(&request, answer))).unwrap();
    let good = ticket.url.clone();
    ticket.url = "http://127.0.0.1:9".to_owned();
    join(&laptop, &views, &ticket.to_text());
    let failed = until(&views, |screen| matches!(screen, EntranceScreen::Failed { .. }));
    let EntranceScreen::Failed { failure, steps, may_pass, .. } = failed else { unreachable!() };
    assert_eq!((failure, may_pass), (crate::EnrolFailure::NobodyAnswers, true));
    assert_eq!((steps.reach, steps.identity), (StepState::Failed, StepState::Pending));
    laptop.ticket(TicketInput::Back).unwrap();
    ticket.url = good;
    join(&laptop, &views, &ticket.to_text());
    until_station(&views);
}

#[test]
fn a_laptop_that_is_closed_while_it_joins_closes_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, views) = open(dir.path());
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let world = World::new(now());
    let mut ticket = wire::Ticket::parse(&office(&world, |_| Vec::new())).unwrap();
    ticket.url = format!("http://{}", deaf.local_addr().unwrap());
    join(&laptop, &views, &ticket.to_text());
    let asks = |steps: &JoinSteps| steps.identity == StepState::Running;
    until(&views, |screen| matches!(screen, EntranceScreen::Joining { steps, .. } if asks(steps)));
    drop(laptop);
    assert!(!Folder::new(dir.path()).settings().exists());
}

#[test]
fn a_laptop_that_was_withdrawn_says_so_and_a_new_ticket_makes_it_another_station() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let folder = Folder::new(dir.path());
    let contact = "值班室".to_owned();
    let before = std::fs::read(folder.key()).unwrap();
    Heard { phase: Phase::Erasing, left: false, contact: contact.clone(), exported: None }
        .keep(&folder)
        .unwrap();
    let (laptop, views) = open(dir.path());
    let withdrawn =
        WindowView::NoStation { why: NoStation::Withdrawn, contact: Some(contact), exported: None };
    assert_eq!(next(&views), withdrawn);
    assert!(!folder.key().exists() && !folder.trust().exists() && !folder.settings().exists());
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| answer_to(&request, answer));
    laptop.ticket(TicketInput::Show).unwrap();
    assert!(waits(next(&views)));
    laptop.ticket(TicketInput::Back).unwrap();
    assert!(matches!(next(&views), WindowView::NoStation { why: NoStation::Withdrawn, .. }));
    join(&laptop, &views, &ticket);
    until_station(&views);
    assert_ne!(std::fs::read(folder.key()).unwrap(), before);
    assert_eq!(Heard::read(&folder), None);
}

/// Shows the window what a gate shows in whose workbench an administrator is.
fn in_the_workbench(laptop: &Laptop, views: &Receiver<WindowView>) {
    let mut view = loop {
        let WindowView::Station { view } = next(views) else { continue };
        if view.bar.simulated_camera {
            break view;
        }
    };
    while views.recv_timeout(Duration::from_millis(700)).is_ok() {}
    let frame = gate::window::workbench::WorkbenchFrame { community: String::new(), notices: Vec::new() };
    view.screen = Screen::Workbench(gate::window::workbench::WorkbenchScreen::Collectors {
        frame,
        rows: Vec::new(),
        problem: None,
    });
    laptop.shared.window.clone().show(&view);
    assert!(matches!(next(views), WindowView::Station { .. }));
}

#[test]
fn an_administrator_enrols_a_station_again_and_what_fails_leaves_it_running() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(enrolled(dir.path()));
    let (laptop, views) = open(dir.path());
    in_the_workbench(&laptop, &views);
    let key = std::fs::read(Folder::new(dir.path()).key()).unwrap();
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| answer_to(&request, answer));
    let mut nowhere = wire::Ticket::parse(&ticket).unwrap();
    nowhere.url = "http://127.0.0.1:9".to_owned();
    join(&laptop, &views, &nowhere.to_text());
    until(&views, |screen| matches!(screen, EntranceScreen::Failed { .. }));
    laptop.ticket(TicketInput::Back).unwrap();
    laptop.ticket(TicketInput::Back).unwrap();
    until_station(&views);
    assert_eq!(laptop.station(|station| station.settings().name), Ok("一号".to_owned()));

    join(&laptop, &views, &ticket);
    until_station(&views);
    while laptop.station(|station| station.settings().name) != Ok("样例 08".to_owned()) {}
    assert_eq!(std::fs::read(Folder::new(dir.path()).key()).unwrap(), key, "the same station");
    assert_eq!(laptop.ticket(TicketInput::Show), Err(TakesNoTicket), "nobody is signed in");
}

#[test]
fn a_hand_scanner_reads_a_ticket_in_the_workbench_and_nothing_for_the_entrance_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(enrolled(dir.path()));
    let (laptop, views) = open(dir.path());
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let path = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap().into();
    let mut terminal = std::fs::File::from(terminal);
    let choice = scanner::ScannerChoice::Serial {
        port: scanner::Port::Path { path },
        speed: 9600,
        prefix: String::new(),
    };
    laptop.station(|station| station.choose_scanner(choice)).unwrap().unwrap();
    let there = |view: &gate::View| view.bar.scanner.is_there();
    while !matches!(next(&views), WindowView::Station { view } if there(&view)) {}
    let text = office(&world, |_| Vec::new());
    let mut scan = |text: &str| terminal.write_all(format!("]Q1{text}\r\n").as_bytes()).unwrap();

    in_the_workbench(&laptop, &views);
    scan(&text);
    std::thread::sleep(Duration::from_secs(1));
    laptop.ticket(TicketInput::Show).unwrap();
    assert!(waits(next(&views)), "nobody waited for one before");
    scan(&text[..40]);
    let broken = Some(TicketProblem::Broken);
    until(&views, |screen| matches!(screen, EntranceScreen::Waiting { problem, .. } if *problem == broken));
    scan(&text);
    until(&views, |screen| matches!(screen, EntranceScreen::Confirm { .. }));
}

#[test]
fn a_session_that_ends_takes_the_ticket_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(enrolled(dir.path()));
    let (laptop, views) = open(dir.path());
    in_the_workbench(&laptop, &views);
    laptop.ticket(TicketInput::Offer { text: office(&world, |_| Vec::new()) }).unwrap();
    until(&views, |screen| matches!(screen, EntranceScreen::Confirm { .. }));
    let mut view = gate_view(&laptop);
    view.screen = Screen::Station(StationScreen::OutOfService {
        left: false,
        contact: String::new(),
        waiting: 0,
        stick: None,
        carrying: false,
    });
    laptop.shared.window.clone().show(&view);
    until_station(&views);
    assert_eq!(laptop.ticket(TicketInput::Confirm), Err(TakesNoTicket));
}

fn gate_view(laptop: &Laptop) -> gate::View {
    laptop.shared.window.gate().expect("a gate")
}

fn leave(laptop: &Laptop, step: LeaveStep) -> Result<(), CannotLeave> {
    // No folder can be made there.
    laptop.leave(step, Path::new("/dev/null/reports"))
}

/// Begins to leave service, and waits until the gate says so.
fn begin_to_leave(laptop: &Laptop, views: &Receiver<WindowView>) {
    assert!(matches!(leave(laptop, LeaveStep::Begin), Err(CannotLeave::NotAllowed)), "nobody is there");
    in_the_workbench(laptop, views);
    assert!(matches!(leave(laptop, LeaveStep::Export), Err(CannotLeave::NotAllowed)), "nobody began");
    leave(laptop, LeaveStep::Begin).unwrap();
    let out = |view: &gate::View| {
        matches!(view.screen, Screen::Station(StationScreen::OutOfService { left: true, .. }))
    };
    while !matches!(next(views), WindowView::Station { view } if out(&view)) {}
}

fn until_left(views: &Receiver<WindowView>) -> Option<ExportedReports> {
    loop {
        if let WindowView::NoStation { why: NoStation::Left, contact: None, exported } = next(views) {
            return exported;
        }
    }
}

fn is_bare(folder: &Folder) -> bool {
    [folder.key(), folder.trust(), folder.settings(), folder.outbox()].iter().all(|path| !path.exists())
}

#[test]
fn a_station_that_leaves_service_says_so_and_a_new_ticket_makes_it_another_one() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let folder = Folder::new(dir.path());
    let before = std::fs::read(folder.key()).unwrap();
    let (laptop, views) = open(dir.path());
    begin_to_leave(&laptop, &views);
    let heard = Heard::read(&folder).unwrap();
    assert_eq!((heard.phase, heard.left), (Phase::Sending, true));
    assert_eq!(laptop.ticket(TicketInput::Show), Err(TakesNoTicket), "not before it is over");
    // As the uplink does once the office has all that there was.
    Heard { phase: Phase::Erasing, ..heard }.keep(&folder).unwrap();
    assert_eq!(until_left(&views), None);
    assert!(is_bare(&folder));
    assert_eq!(laptop.station(|_| ()), Err(NoStation::Left));
    drop((laptop, views));

    let (laptop, views) = open(dir.path());
    assert_eq!(next(&views), no_station(NoStation::Left), "also after a restart");
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| answer_to(&request, answer));
    laptop.ticket(TicketInput::Show).unwrap();
    assert!(waits(next(&views)));
    join(&laptop, &views, &ticket);
    until_station(&views);
    assert_ne!(std::fs::read(folder.key()).unwrap(), before);
    assert_eq!(Heard::read(&folder), None);
}

#[test]
fn what_a_leaving_laptop_cannot_send_it_writes_to_files_before_it_is_erased() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let folder = Folder::new(dir.path());
    let mut outbox = crate::outbox::Outbox::open(&folder.outbox(), STATION, wire::StreamId([1; 16])).unwrap();
    for n in 0..3 {
        let place = outbox.place(wire::RecordId([n; 16]));
        let sealed = wire::SealedReport {
            stream: place.stream,
            seq: place.seq,
            record: place.record,
            kid: health_code::KeyId([0; 8]),
            link: place.link,
            ciphertext: vec![n; 816],
        };
        outbox.append(&sealed).unwrap();
    }
    drop(outbox);
    let (laptop, views) = open(dir.path());
    begin_to_leave(&laptop, &views);
    let failed = leave(&laptop, LeaveStep::Export);
    assert!(matches!(failed, Err(CannotLeave::Export(_))), "{failed:?}");
    assert_eq!(Heard::read(&folder).unwrap().phase, Phase::Sending, "and it goes on sending");
    assert!(laptop.station(|_| ()).is_ok() && folder.key().exists());

    let to = tempfile::tempdir().unwrap();
    laptop.leave(LeaveStep::Export, to.path()).unwrap();
    let expected = ExportedReports { reports: 3, folder: to.path().display().to_string() };
    assert_eq!(until_left(&views), Some(expected.clone()));
    assert!(is_bare(&folder));
    let file = to.path().join(STATION.to_string()).join(wire::stick::REPORTS);
    let export = wire::stick::Export::parse(&std::fs::read(file).unwrap()).unwrap();
    let key = health_code::PublicKey::from_bytes(
        &crate::testing::signing_key(crate::testing::OWN).verifying_key().to_bytes(),
    );
    let batch = wire::SignedBatch::open(&export.batches[0].bytes, &key.unwrap()).unwrap();
    assert_eq!((export.station, batch.reports.len()), (STATION, 3), "signed, as if they had been sent");
    drop((laptop, views));
    let (_laptop, views) = open(dir.path());
    assert_eq!(until_left(&views), Some(expected), "whoever looks later finds them, too");
}

#[test]
fn a_station_that_was_told_before_it_was_switched_off_starts_out_of_service() {
    let by_its_disk = |dir: &Path| {
        let heard =
            Heard { phase: Phase::Sending, left: false, contact: "值班室".to_owned(), exported: None };
        heard.keep(&Folder::new(dir)).unwrap();
    };
    let by_its_community = |dir: &Path| {
        let mut world = World::new(now());
        world.community.withdrawn = vec![STATION.0];
        world.community.contact = "值班室".to_owned();
        disk::trust_folder::swap(&Folder::new(dir).trust(), &world.files()).unwrap();
    };
    for told in [&by_its_disk as &dyn Fn(&Path), &by_its_community] {
        let dir = tempfile::tempdir().unwrap();
        enrolled(dir.path());
        told(dir.path());
        let (_laptop, views) = open(dir.path());
        let WindowView::Station { view } = next(&views) else { panic!("a station") };
        let Screen::Station(StationScreen::OutOfService { contact, .. }) = view.screen else {
            panic!("{:?}", view.screen)
        };
        assert_eq!(contact, "值班室");
        assert_eq!(Heard::read(&Folder::new(dir.path())).unwrap().phase, Phase::Sending);
    }
}

#[test]
fn a_second_window_says_so_leaves_the_camera_alone_and_takes_over_when_the_first_ends() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let (first, _views) = open(dir.path());
    let (second, views) = open(dir.path());
    assert_eq!(next(&views), no_station(NoStation::InUse));
    assert!(second.preview().is_none());
    drop(first);
    assert!(matches!(next(&views), WindowView::Station { .. }));
}

#[test]
fn what_cannot_start_says_so_once() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    std::fs::write(dir.path().join("station.json"), b"{").unwrap();
    let (laptop, views) = open(dir.path());
    assert_eq!(next(&views), no_station(NoStation::Failed));
    drop(laptop);
    assert!(views.recv().is_err(), "no further view");
}
