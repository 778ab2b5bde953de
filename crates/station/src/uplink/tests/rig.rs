//! A back office of a few lines, and an uplink with a real outbox before it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gate::sync::Rules;
use gate::{Input, Now};
use health_code::{PublicKey, Timestamp};
use wire::{Batch, ClockState, Health, Receipt, RecordId, Report, SignedBatch};

use crate::clock::{self, Clock};
use crate::folder::Folder;
use crate::inputs::{Inputs, Message};
use crate::outbox::backlog::Backlog as _;
use crate::outbox::handle::{self, OutboxHandle};
use crate::testing::{OWN, RECEIPTS, STATION, World, key, memory_key, signing_key};
use crate::trust_store::TrustStore;
use crate::uplink::answer::Patience;
use crate::uplink::http::Http;
use crate::uplink::{Parts, Uplink};
use crate::wake::Wake;
use crate::withdrawal::Heard;

#[derive(Debug, Clone)]
pub(super) struct Request {
    pub number: usize,
    pub path: String,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Request {
    pub(super) fn batch(&self) -> Batch {
        let public = PublicKey::from_bytes(&signing_key(OWN).verifying_key().to_bytes()).unwrap();
        SignedBatch::open(&self.body, &public).unwrap()
    }
}

/// A clock whose stopwatch can run on, as it does while a laptop sleeps.
pub(super) struct Skipping {
    clock: Arc<dyn Clock>,
    skipped: Mutex<Duration>,
}

impl Skipping {
    pub(super) fn skip(&self, time: Duration) {
        *self.skipped.lock().unwrap() += time;
    }
}

impl Clock for Skipping {
    fn read(&self) -> (Now, ClockState) {
        let (now, state) = self.clock.read();
        (Now { mono: now.mono + *self.skipped.lock().unwrap(), ..now }, state)
    }

    fn past(&self) -> Option<Timestamp> {
        self.clock.past()
    }

    fn hear_past(&self, _signed: Timestamp) {}

    fn hear_issued(&self, _issued: Timestamp) {}

    fn hear_now(&self, _signed: Timestamp) {}

    fn assert_now(&self) {}
}

type Answer = dyn Fn(&World, &Request, Timestamp) -> Vec<u8> + Send + Sync;

/// Bytes a second: a hundred times the station's lowest rate.
pub(super) const RATE: u64 = 100 * crate::limits::LOWEST_RATE;
const HASTY: Patience =
    Patience { connect: Duration::from_secs(2), read: Duration::from_millis(300), rate: RATE };

pub(super) struct Rig {
    url: String,
    pub uplink: Uplink,
    outbox: OutboxHandle,
    pub world: Arc<Mutex<World>>,
    pub trust: Arc<TrustStore>,
    pub dir: tempfile::TempDir,
    clock: Arc<dyn Clock>,
    messages: Receiver<Message>,
    wake: Arc<Wake>,
    /// Whether the gate still owes reports.
    pub owes: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Rig {
    /// A station whose back office answers by `answer`, byte for byte.
    pub(super) fn new(
        answer: impl Fn(&World, &Request, Timestamp) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(clock::tests::told(&dir.path().join("clock"), memory_key()));
        let world = World::new(clock.wall());
        let trust = world.store(dir.path());
        let world = Arc::new(Mutex::new(world));
        let (inputs, asked) = Inputs::channel();
        let owes = Arc::new(AtomicBool::new(false));
        let messages = answering(asked, Arc::clone(&owes));
        let wake = Arc::new(Wake::default());
        let path = dir.path().join("outbox.sqlite");
        let (outbox, _) = OutboxHandle::start(outbox_parts(path, &trust, &clock, &inputs, &wake)).unwrap();
        let requests = Arc::default();
        let url = serve(Arc::new(answer), Arc::clone(&world), Arc::clone(&clock), Arc::clone(&requests));
        let uplink = Uplink::new(Parts {
            office: Box::new(Http::with_patience(&url, None, Arc::clone(&clock), HASTY).unwrap()),
            station: STATION,
            name: "一号".to_owned(),
            key: signing_key(OWN),
            folder: Folder::new(dir.path()),
            heard: None,
            outbox: Box::new(outbox.clone()),
            trust: Arc::clone(&trust),
            clock: Arc::clone(&clock),
            inputs,
            wake: Arc::clone(&wake),
            rules: Rules::default(),
            rng: crate::entropy::rng().unwrap(),
        });
        Self { url, outbox, uplink, world, trust, dir, clock, messages, wake, owes, requests }
    }

    pub(super) fn append(&self, count: u8) {
        self.append_from(0, count);
    }

    pub(super) fn append_from(&self, first: u8, count: u8) {
        for number in first..first + count {
            let (clock, refusals) = (ClockState::Trusted, Vec::new());
            let report = Report::Health(Health { at: 1, clock, refusals, wrong_tries: 0 });
            self.outbox.append(record(number), Box::new(report));
        }
        for _ in 0..count {
            while !matches!(self.message(), Message::Input(Input::Appended { .. })) {}
        }
    }

    /// Begins a new run of the uplink on the same folder.
    pub(super) fn restart(&mut self) {
        self.uplink = self.fresh();
    }

    fn fresh(&self) -> Uplink {
        let parts = &self.uplink.parts;
        Uplink::new(Parts {
            office: Box::new(Http::with_patience(&self.url, None, Arc::clone(&self.clock), HASTY).unwrap()),
            station: parts.station,
            name: parts.name.clone(),
            key: parts.key.clone(),
            folder: parts.folder.clone(),
            heard: Heard::read(&parts.folder),
            outbox: Box::new(self.outbox.clone()),
            trust: Arc::clone(&self.trust),
            clock: Arc::clone(&self.clock),
            inputs: parts.inputs.clone(),
            wake: Arc::clone(&self.wake),
            rules: Rules::default(),
            rng: crate::entropy::rng().unwrap(),
        })
    }

    /// Takes the uplink out, for running it.
    pub(super) fn take_uplink(&mut self) -> Uplink {
        let fresh = self.fresh();
        std::mem::replace(&mut self.uplink, fresh)
    }

    /// Has the gate await the end of these changes.
    pub(super) fn await_changes(&self, records: Vec<RecordId>) {
        self.wake.set_awaited(records);
    }

    /// Gives the uplink a clock that can skip time.
    pub(super) fn skipping(&mut self) -> Arc<Skipping> {
        let clock = Arc::new(Skipping { clock: Arc::clone(&self.clock), skipped: Mutex::default() });
        self.uplink.parts.clock = Arc::<Skipping>::clone(&clock);
        clock
    }

    /// Has a person send now.
    pub(super) fn send_now(&self) {
        self.wake.send_now();
    }

    /// How many reports wait, those that others go before among them.
    pub(super) fn waiting(&self) -> u64 {
        self.wake.waiting()
    }

    /// Waits until nothing waits in the outbox.
    pub(super) async fn drained(&self) {
        let drained = async {
            while !self.records().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), drained).await.expect("the outbox is empty");
    }

    /// Puts a line of so many bytes a second before the back office, which breaks off after each so
    /// many that came down.
    pub(super) fn behind_a_line(&mut self, rate: u64, cut: usize, patience: Patience) {
        let office = self.url.strip_prefix("http://").unwrap().parse().unwrap();
        let url = format!("http://{}", line(office, rate, cut));
        self.uplink.parts.office =
            Box::new(Http::with_patience(&url, None, Arc::clone(&self.clock), patience).unwrap());
    }

    /// Gives the uplink an outbox that cannot be opened.
    pub(super) fn break_outbox(&mut self) {
        let path = self.dir.path().join("blocked");
        std::fs::create_dir(&path).unwrap();
        let parts = outbox_parts(path, &self.trust, &self.clock, &self.uplink.parts.inputs, &self.wake);
        self.uplink.parts.outbox = Box::new(OutboxHandle::start(parts).unwrap().0);
    }

    fn message(&self) -> Message {
        self.messages.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    /// What the gate was told since the last look.
    pub(super) fn told(&self) -> Vec<Input> {
        // What was told before this has passed the thread when this has.
        self.uplink.parts.inputs.send(Message::Stop);
        let before = std::iter::from_fn(|| Some(self.message()).filter(|it| !matches!(it, Message::Stop)));
        let inputs = before.filter_map(|message| match message {
            Message::Input(input) => Some(input),
            _ => None,
        });
        inputs.collect()
    }

    /// What waits in the outbox.
    pub(super) async fn records(&self) -> Vec<RecordId> {
        let rows = self.outbox.pending(1000).await.unwrap();
        rows.into_iter().map(|row| row.record).collect()
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(super) fn clock(&self) -> ClockState {
        self.clock.read().1
    }
}

/// Stands in for the gate: answers what it owes, and hands everything else on.
fn answering(asked: Receiver<Message>, owes: Arc<AtomicBool>) -> Receiver<Message> {
    let (sender, messages) = channel();
    std::thread::spawn(move || {
        for message in asked {
            match message {
                Message::OwesReports(answer) => _ = answer.send(owes.load(Ordering::SeqCst)),
                other => _ = sender.send(other),
            }
        }
    });
    messages
}

fn outbox_parts(
    path: PathBuf,
    trust: &Arc<TrustStore>,
    clock: &Arc<dyn Clock>,
    inputs: &Inputs,
    wake: &Arc<Wake>,
) -> handle::Parts {
    handle::Parts {
        path,
        station: STATION,
        trust: Arc::clone(trust),
        clock: Arc::clone(clock),
        inputs: inputs.clone(),
        wake: Arc::clone(wake),
        rng: crate::entropy::rng().unwrap(),
    }
}

pub(super) fn record(number: u8) -> RecordId {
    RecordId([number; 16])
}

/// Signs a receipt as the back office does.
pub(super) fn signed(receipt: &Receipt) -> Vec<u8> {
    receipt.sign(key(RECEIPTS).kid(), &signing_key(RECEIPTS))
}

/// 200 with a COSE body.
pub(super) fn cose(body: &[u8]) -> Vec<u8> {
    ok("application/cose", body)
}

pub(super) fn octets(body: &[u8]) -> Vec<u8> {
    ok("application/octet-stream", body)
}

pub(super) fn ok(content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A part of a file as the back office hands it out, under an entity tag.
pub(super) fn part(request: &Request, content_type: &str, body: &[u8], tag: &str) -> Vec<u8> {
    let range = request.headers.lines().find_map(|line| line.strip_prefix("range: bytes=")).unwrap();
    let (from, to) = range.split_once('-').unwrap();
    let (from, to) = (from.parse::<usize>().unwrap(), to.parse::<usize>().unwrap().min(body.len() - 1));
    let if_range = request.headers.lines().find_map(|line| line.strip_prefix("if-range: "));
    let (status, place, body) = match if_range.is_none_or(|named| named == tag) {
        true => {
            let place = format!("content-range: bytes {from}-{to}/{}\r\n", body.len());
            ("206 Partial Content", place, &body[from..=to])
        }
        false => ("200 OK", String::new(), body),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\netag: {tag}\r\n{place}connection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A refusal with its code.
pub(super) fn problem(status: u16, code: &str) -> Vec<u8> {
    let body = format!("{{\"code\":\"{code}\"}}");
    let head = format!(
        "HTTP/1.1 {status} Something\r\nconnection: close\r\ncontent-type: application/problem+json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}

/// A status with one further header.
pub(super) fn status(status: u16, header: &str) -> Vec<u8> {
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    format!("HTTP/1.1 {status} Something\r\nconnection: close\r\n{header}content-length: 0\r\n\r\n")
        .into_bytes()
}

fn serve(
    answer: Arc<Answer>,
    world: Arc<Mutex<World>>,
    clock: Arc<dyn Clock>,
    requests: Arc<Mutex<Vec<Request>>>,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let number = requests.lock().unwrap().len();
            let Some(request) = read(&stream, number) else { continue };
            requests.lock().unwrap().push(request.clone());
            let bytes = answer(&world.lock().unwrap(), &request, clock.wall());
            // A client that has had enough hangs up.
            let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
            if bytes.ends_with(b"<wait>") {
                std::thread::sleep(Duration::from_secs(2));
            }
        }
    });
    url
}

fn read(stream: &TcpStream, number: usize) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") {
        if reader.read_line(&mut headers).ok()? == 0 {
            return None;
        }
    }
    let path = headers.split(' ').nth(1)?.to_owned();
    let headers = headers.to_ascii_lowercase();
    let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    Some(Request { number, path, headers, body })
}

/// Begins a line to an address, and returns its near end.
fn line(to: SocketAddr, rate: u64, cut: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = listener.local_addr().unwrap();
    let came_down = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        for station in listener.incoming() {
            let (station, office) = (station.unwrap(), TcpStream::connect(to).unwrap());
            let (back, forth) = (station.try_clone().unwrap(), office.try_clone().unwrap());
            std::thread::spawn(move || pump(station, forth, rate, |_| false));
            let came_down = Arc::clone(&came_down);
            std::thread::spawn(move || {
                pump(office, back, rate, |count| {
                    let before = came_down.fetch_add(count, Ordering::SeqCst);
                    before / cut != (before + count) / cut
                });
            });
        }
    });
    near
}

/// Carries bytes at a rate until either end hangs up, or the line breaks off.
fn pump(mut from: TcpStream, mut to: TcpStream, rate: u64, breaks_off: impl Fn(usize) -> bool) {
    let mut buffer = [0; 8192];
    while let Ok(count) = from.read(&mut buffer)
        && count > 0
    {
        std::thread::sleep(Duration::from_micros(count as u64 * 1_000_000 / rate));
        if breaks_off(count) || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
