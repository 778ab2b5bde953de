-- Ids, hashes and keys are bytea. Times are seconds since 1970. A number that may need 64 bits without a
-- sign is a bigint with its first bit turned over, so that its order stays: 0 is -9223372036854775808.
--
-- Everything that a station sends has the key of its station first: no statement on the way of a batch
-- crosses stations, so that the tables can be distributed by it (citus.sql). Tables that grow with the
-- reports have no foreign key: each row would lock its station's row. `tip` has one, and nothing of a
-- station is written without its tip.

-- One row: what the whole office has in common. It is also the lock of whoever changes the trust in force.
CREATE TABLE office (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  -- How many editions of the trust files there were.
  editions bigint NOT NULL DEFAULT 0,
  -- Names this state of the database.
  generation bytea CHECK (octet_length(generation) = 16),
  -- The version that the next community file has at least.
  community_from bigint NOT NULL DEFAULT -9223372036854775808
);
INSERT INTO office DEFAULT VALUES;

CREATE TABLE stations (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  key bytea NOT NULL UNIQUE CHECK (octet_length(key) = 32),
  -- X25519, for community files on sticks.
  sealing bytea NOT NULL CHECK (octet_length(sealing) = 32),
  name text NOT NULL,
  community text NOT NULL,
  enrolled_at bigint NOT NULL
);

-- People whom the console opened for a region; the community files below it list those who are active.
CREATE TABLE officers (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 8),
  region text NOT NULL,
  masked_name text NOT NULL,
  masked_phone text NOT NULL,
  phc text NOT NULL,
  administrator boolean NOT NULL,
  active boolean NOT NULL
);

CREATE TABLE tickets (
  secret_hash bytea PRIMARY KEY CHECK (octet_length(secret_hash) = 32),
  -- The community that the station will belong to: 12 digits.
  community text NOT NULL,
  laptop text NOT NULL,
  by_person bytea CHECK (octet_length(by_person) = 8),
  made_at bigint NOT NULL,
  expires bigint NOT NULL,
  used_at bigint,
  station bytea REFERENCES stations (id)
);

-- Partitions hold what arrived within seven days, and are dropped as a whole once nobody keeps anything of it. So the
-- key has when it arrived in it. That no record id is filed twice is looked at before (`filing`).
CREATE TABLE passages (
  station bytea NOT NULL,
  record bytea NOT NULL,
  at bigint NOT NULL,
  judged_at bigint NOT NULL,
  clock smallint NOT NULL,
  checkpoint bytea NOT NULL,
  direction smallint NOT NULL,
  collector bytea NOT NULL,
  policies bytea NOT NULL,
  trust bigint NOT NULL,
  shown smallint NOT NULL,
  outcome smallint NOT NULL,
  iss text NOT NULL,
  pseudonym bytea NOT NULL,
  masked_name text NOT NULL,
  masked_id text NOT NULL,
  colour text NOT NULL,
  region text NOT NULL,
  code bytea NOT NULL,
  received_at bigint NOT NULL,
  filed_at bigint NOT NULL,
  -- False for a certificate from abroad, which nobody can verify again.
  verified boolean NOT NULL,
  -- The identifier of a certificate; NULL for codes of this country. A row with a certificate names the
  -- country in `iss`, has 'certificate' as its colour, and an empty code.
  certificate text,
  -- Keyed hashes of the holder's identity number and phone, where the office could open the declaration. The
  -- key lies beside the office's other keys and not here.
  identity bytea CHECK (octet_length(identity) = 16),
  phone bytea CHECK (octet_length(phone) = 16),
  PRIMARY KEY (station, record, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX passages_at ON passages (at);
CREATE INDEX passages_person ON passages (iss, pseudonym, at);
CREATE INDEX passages_certificate ON passages (certificate, at) WHERE certificate IS NOT NULL;
CREATE INDEX passages_identity ON passages (identity, at) WHERE identity IS NOT NULL;
CREATE INDEX passages_phone ON passages (phone, at) WHERE phone IS NOT NULL;

-- Whose passages are filed right now: of one station, by one transaction at a time.
CREATE TABLE filing (
  station bytea PRIMARY KEY,
  turn bigint NOT NULL
  -- Half a page stays free: a row that changes with every batch changes in its place.
) WITH (fillfactor = 50);

CREATE TABLE shifts (
  station bytea NOT NULL,
  record bytea NOT NULL,
  at bigint NOT NULL,
  clock smallint NOT NULL,
  person bytea NOT NULL,
  event smallint NOT NULL,
  checkpoint bytea,
  direction smallint,
  PRIMARY KEY (station, record)
);
CREATE INDEX shifts_places ON shifts (station, at) WHERE checkpoint IS NOT NULL;

-- Changes made at stations. `change` is the wire's encoding of what changed. state: 0 to enter the next
-- community file, 1 entered that of `version`, 2 waits for a person to publish something, 3 refused, and
-- `refusal` says why. `subject` is the checkpoint or person that it is about.
CREATE TABLE roster_changes (
  station bytea NOT NULL,
  record bytea NOT NULL,
  at bigint NOT NULL,
  clock smallint NOT NULL,
  by_person bytea NOT NULL,
  change bytea NOT NULL,
  received_at bigint NOT NULL,
  state smallint NOT NULL,
  seq bigint NOT NULL,
  version bigint,
  refusal smallint,
  subject bytea,
  PRIMARY KEY (station, record)
);
CREATE INDEX roster_changes_open ON roster_changes (received_at) WHERE state = 0;
CREATE INDEX roster_changes_subject ON roster_changes (subject) WHERE subject IS NOT NULL;

CREATE TABLE health_reports (
  station bytea NOT NULL,
  record bytea NOT NULL,
  at bigint NOT NULL,
  clock smallint NOT NULL,
  wrong_tries bigint NOT NULL,
  PRIMARY KEY (station, record)
);

CREATE TABLE refusal_counts (
  station bytea NOT NULL,
  record bytea NOT NULL,
  refusal text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (station, record, refusal)
);

-- An alert is raised once for its station, kind and record, and cleared when its cause is gone.
CREATE TABLE alerts (
  station bytea NOT NULL REFERENCES stations (id),
  kind text NOT NULL,
  record bytea NOT NULL,
  detail text NOT NULL,
  raised_at bigint NOT NULL,
  cleared_at bigint,
  PRIMARY KEY (station, kind, record)
);

-- What came into force at one moment is an edition; they are numbered without a gap.
CREATE TABLE editions (
  n bigint PRIMARY KEY,
  in_force_from bigint NOT NULL
);

-- The files that all communities share, by the edition that brought them; the last ones are in force. A
-- passage is verified by a set with the trust list whose version it names. `policies` and `chunks` list hashes.
CREATE TABLE shared_files (
  n bigint PRIMARY KEY,
  root_version bigint NOT NULL,
  list_version bigint NOT NULL,
  root bytea NOT NULL,
  list bytea NOT NULL,
  policies bytea NOT NULL CHECK (octet_length(policies) % 32 = 0),
  chunks bytea NOT NULL CHECK (octet_length(chunks) % 32 = 0)
);
CREATE INDEX shared_files_list ON shared_files (list_version, n);

-- The files of each community, by the edition that brought them; the last one of each is in force.
CREATE TABLE community_files (
  region text NOT NULL,
  n bigint NOT NULL,
  version bigint NOT NULL,
  file bytea NOT NULL,
  policies bytea NOT NULL CHECK (octet_length(policies) % 32 = 0),
  PRIMARY KEY (region, n)
);
CREATE INDEX community_files_n ON community_files (n, region);

-- Policy files by their SHA-256. None is ever deleted: passages name what judged them.
CREATE TABLE policies (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  file bytea NOT NULL
);

-- Chunks of revocations by their SHA-256, as `shared_files.chunks` lists them. Most chunks belong
-- to many sets.
CREATE TABLE revocation_chunks (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  file bytea NOT NULL
);

-- Every root by its version, for stations that follow one root after the other.
CREATE TABLE roots (
  version bigint PRIMARY KEY,
  file bytea NOT NULL
);

-- The last report of each station that a backup holds; receipts tell the stations.
CREATE TABLE backed_up (
  station bytea PRIMARY KEY,
  stream bytea NOT NULL,
  seq bigint NOT NULL
);

-- Where a station's chain goes on: one row a station, and the lock of whoever takes a batch of it in.
CREATE TABLE tip (
  station bytea PRIMARY KEY REFERENCES stations (id),
  -- The number of the letter that was taken in last.
  n bigint NOT NULL DEFAULT 0,
  -- How many reports were ever stored.
  records bigint NOT NULL DEFAULT 0,
  -- The stream that goes on, and the place just beyond all that were ever seen of it. NULL before the first
  -- report, and where a stream has come to its last place.
  stream bytea CHECK (octet_length(stream) = 16),
  next bigint,
  -- The head that the next report follows; NULL if a known report follows it already.
  head bytea DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(head) = 32),
  -- How many of the station's runs hang loose.
  loose bigint NOT NULL DEFAULT 0,
  withdrawn_at bigint,
  -- When a receipt first told the station that it is withdrawn; what arrives later is in quarantine.
  told_at bigint,
  last_seen bigint,
  -- What the station said of itself with its last batch, as the wire encodes it.
  about bytea
  -- Half a page stays free: a row that changes with every batch changes in its place.
) WITH (fillfactor = 50);
CREATE INDEX tip_withdrawn ON tip (station) WHERE withdrawn_at IS NOT NULL;

-- Reports of one stream that follow one another, as they were taken in: one row for most batches, kept for
-- ever. It decides whether a report is new, known or in conflict. `records` holds the ids and `hashes` the
-- SHA-256 of the ciphertexts, one behind the other.
CREATE TABLE run (
  station bytea NOT NULL,
  stream bytea NOT NULL,
  -- The first report's place.
  first bigint NOT NULL,
  -- 0 in the ordinary case; more where other reports had taken these places before.
  fork integer NOT NULL,
  -- The number of the letter that brought it.
  n bigint NOT NULL,
  link bytea NOT NULL,
  head bytea NOT NULL,
  -- 0 what it follows was found; 1 it was not found yet; 2 it was not found, and an alert says so.
  loose smallint NOT NULL,
  received bigint NOT NULL,
  records bytea NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (station, stream, first, fork)
);
-- Hashes do not compress.
ALTER TABLE run ALTER records SET STORAGE EXTERNAL, ALTER hashes SET STORAGE EXTERNAL;
CREATE INDEX run_firsts ON run (station, link) WHERE first = -9223372036854775808;
CREATE INDEX run_loose ON run (station, link) WHERE loose > 0;

-- Signed batches as they came, until all of their reports are filed or in quarantine. Partitions hold what
-- arrived in a span of time and are dropped as a whole: nothing is deleted by the row.
CREATE TABLE mail (
  station bytea NOT NULL,
  n bigint NOT NULL,
  received bigint NOT NULL,
  -- When the lease of the worker that opens it ends; 0 for none. The greatest number: it is opened.
  until bigint NOT NULL DEFAULT 0,
  -- How many of its reports are to be opened.
  reports integer NOT NULL,
  -- A bit for each report that is not to be opened; NULL where all are.
  skip bytea,
  body bytea NOT NULL
) PARTITION BY RANGE (received);
ALTER TABLE mail ALTER body SET STORAGE EXTERNAL;
-- The only index: a letter is asked for by when it arrived, and only until it is opened. `tip` numbers them.
CREATE INDEX mail_waiting ON mail (received, station, n) WHERE until < 9223372036854775807;

-- Reports that could not be filed. state: 0 waits to be opened again, 1 filed, 2 in quarantine. The
-- ciphertext of a filed report is erased.
CREATE TABLE quarantine (
  station bytea NOT NULL,
  record bytea NOT NULL,
  hash bytea NOT NULL,
  stream bytea NOT NULL,
  seq bigint NOT NULL,
  kid bytea NOT NULL,
  link bytea NOT NULL,
  received bigint NOT NULL,
  state smallint NOT NULL DEFAULT 2,
  -- When the lease of the worker that opens it ends; 0 for none.
  until bigint NOT NULL DEFAULT 0,
  reason text NOT NULL,
  ciphertext bytea NOT NULL,
  PRIMARY KEY (station, record, hash)
);
CREATE INDEX quarantine_waiting ON quarantine (received) WHERE state = 0;
CREATE INDEX quarantine_held ON quarantine (received, stream, seq) WHERE state = 2;
CREATE INDEX quarantine_conflicts ON quarantine (station) WHERE reason = 'conflict';

-- The fast path: takes in a batch that goes on where the station's chain ends, in one call and so in one
-- transaction. Returns false, and has written nothing, for every other batch. Each statement names the
-- station: on Citus the call runs where the station's rows are.
CREATE FUNCTION take_letter(
  of_station bytea, of_received bigint, of_records bigint,
  follows bytea, new_head bytea, new_stream bytea, new_next bigint,
  -- The place in the tip's stream where the batch goes on; NULL if it begins a stream.
  on_stream bytea, on_next bigint,
  -- The streams that begin in the batch.
  begins bytea[],
  streams bytea[], firsts bigint[], links bytea[], heads bytea[], ids bytea[], digests bytea[],
  letter bytea, new_about bytea
) RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  number bigint;
BEGIN
  IF cardinality(begins) > 0 THEN
    PERFORM 1 FROM tip WHERE station = of_station FOR UPDATE;
    IF EXISTS (SELECT 1 FROM run WHERE station = of_station AND stream = ANY (begins)) THEN
      RETURN false;
    END IF;
  END IF;
  UPDATE tip SET n = n + 1, records = records + of_records, stream = new_stream, next = new_next,
      head = new_head, last_seen = of_received, about = coalesce(new_about, about)
    WHERE station = of_station AND head = follows AND loose = 0 AND withdrawn_at IS NULL
      AND (on_stream IS NULL OR (stream = on_stream AND next = on_next))
    RETURNING n INTO number;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO run (station, stream, first, fork, n, link, head, loose, received, records, hashes)
    SELECT of_station, r.stream, r.first, 0, number, r.link, r.head, 0, of_received, r.records, r.hashes
    FROM unnest(streams, firsts, links, heads, ids, digests) AS r (stream, first, link, head, records, hashes);
  INSERT INTO mail (station, n, received, reports, body)
    VALUES (of_station, number, of_received, of_records, letter);
  RETURN true;
END
$$;
