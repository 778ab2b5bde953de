-- How many passed, counted in the transaction that files them: the board reads sums, and counts no passages.
-- `span` is 60 or 3600 seconds, and `at` is where one begins. `subject` is a region's digits, a station
-- (`s` and its id), or a community and a checkpoint (`420106001001/` and its id). No row names a resident.
--
-- `share` is drawn by each office process: so two of them never wait for one row, and a sum adds up a few.
CREATE TABLE tallies (
  share bytea NOT NULL,
  span integer NOT NULL,
  subject text NOT NULL,
  at bigint NOT NULL,
  passed bigint NOT NULL,
  let_through bigint NOT NULL,
  turned_away bigint NOT NULL,
  stopped bigint NOT NULL,
  unjudged bigint NOT NULL,
  invalid bigint NOT NULL,
  PRIMARY KEY (span, subject, at, share)
  -- Half a page stays free: a row that changes with every batch changes in its place.
) WITH (fillfactor = 50);
-- Old ones are deleted.
CREATE INDEX tallies_at ON tallies (span, at);

-- What a collector recorded in an hour at a checkpoint of a community.
CREATE TABLE work_hours (
  share bytea NOT NULL,
  community text NOT NULL,
  at bigint NOT NULL,
  collector bytea NOT NULL,
  checkpoint bytea NOT NULL,
  direction smallint NOT NULL,
  passed bigint NOT NULL,
  let_through bigint NOT NULL,
  turned_away bigint NOT NULL,
  stopped bigint NOT NULL,
  unjudged bigint NOT NULL,
  invalid bigint NOT NULL,
  PRIMARY KEY (community, at, collector, checkpoint, direction, share)
) WITH (fillfactor = 50);
CREATE INDEX work_hours_at ON work_hours (at);

-- Collectors' work is read by station and days.
CREATE INDEX shifts_of_station ON shifts (station, at);
CREATE INDEX health_reports_of_station ON health_reports (station, at);
