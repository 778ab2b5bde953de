-- How many passed, counted in the transaction that files them: the board reads sums, and counts no passages.
-- `span` is 60 or 3600 seconds, and `at` is where one begins. `subject` is a region's digits, a station
-- (`s` and its id), or a community and a checkpoint (`420106001001/` and its id). No row names a resident.
CREATE TABLE tallies (
  span INTEGER NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  let_through INTEGER NOT NULL,
  turned_away INTEGER NOT NULL,
  stopped INTEGER NOT NULL,
  unjudged INTEGER NOT NULL,
  invalid INTEGER NOT NULL,
  PRIMARY KEY (span, subject, at)
) WITHOUT ROWID, STRICT;
-- Old ones are deleted.
CREATE INDEX tallies_at ON tallies (span, at);

-- What a collector recorded in an hour at a checkpoint of a community.
CREATE TABLE work_hours (
  community TEXT NOT NULL,
  at INTEGER NOT NULL,
  collector BLOB NOT NULL CHECK (length(collector) = 8),
  checkpoint BLOB NOT NULL CHECK (length(checkpoint) = 8),
  direction INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  let_through INTEGER NOT NULL,
  turned_away INTEGER NOT NULL,
  stopped INTEGER NOT NULL,
  unjudged INTEGER NOT NULL,
  invalid INTEGER NOT NULL,
  PRIMARY KEY (community, at, collector, checkpoint, direction)
) WITHOUT ROWID, STRICT;
CREATE INDEX work_hours_at ON work_hours (at);

-- Collectors' work is read by station and days.
CREATE INDEX shifts_of_station ON shifts (station, at);
CREATE INDEX health_reports_of_station ON health_reports (station, at);
