-- Sums of `usage_hours` for reports over long spans, by the day and by the hour. Each row is of one grouping: `kept`
-- says which of the five columns count (1 member, 2 key, 4 model, 8 provider, 16 tool); the others are 0.
CREATE TABLE usage_sums (
  step             INTEGER NOT NULL, -- 0 hours, 1 days in UTC
  kept             INTEGER NOT NULL,
  start            INTEGER NOT NULL, -- ms
  member_id        INTEGER NOT NULL,
  key_id           INTEGER NOT NULL,
  model            INTEGER NOT NULL,
  provider_id      INTEGER NOT NULL,
  tool             INTEGER NOT NULL,
  requests         INTEGER NOT NULL, -- admitted
  refused          INTEGER NOT NULL,
  failed           INTEGER NOT NULL, -- admitted, ended in an error
  input_tokens     INTEGER NOT NULL,
  output_tokens    INTEGER NOT NULL,
  cached_tokens    INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  cost_micros      INTEGER NOT NULL,
  charged_tokens   INTEGER NOT NULL,
  PRIMARY KEY (step, kept, start, member_id, key_id, model, provider_id, tool)
) STRICT, WITHOUT ROWID;

-- Where rows of a text, a key or a provider are: by the hour, how many, and between which rows. They spare a search
-- of the audit log the hours that hold nothing of it. They go with their rows.
CREATE TABLE request_hours (
  field    INTEGER NOT NULL, -- 1 key, 2 model, 3 provider, 4 tool, 5 endpoint, 6 address, 7 code, 8 status from 400 on
  value    INTEGER NOT NULL,
  hour     INTEGER NOT NULL, -- ms
  rows     INTEGER NOT NULL,
  first_id INTEGER NOT NULL,
  last_id  INTEGER NOT NULL,
  PRIMARY KEY (field, value, hour)
) STRICT, WITHOUT ROWID;

-- Calls to providers that failed, by the hour. Those of requests that ended so are counted once more.
CREATE TABLE failed_calls (
  hour        INTEGER NOT NULL, -- ms
  provider_id INTEGER NOT NULL,
  failed      INTEGER NOT NULL,
  unanswered  INTEGER NOT NULL, -- the last of their request
  PRIMARY KEY (hour, provider_id)
) STRICT, WITHOUT ROWID;

-- What was there before is added in the background, from the newest back: in `usage_sums` all from this hour on are
-- there, in the other two all rows behind this one. Rows up to that moment are searched without them until then.
INSERT INTO settings (key, value)
SELECT 'sums_from', CAST(newest + 3600000 AS TEXT) FROM (SELECT max(hour) AS newest FROM usage_hours) WHERE newest IS NOT NULL;
INSERT INTO settings (key, value)
SELECT 'located_since', CAST(newest + 1 AS TEXT) FROM (SELECT max(at) AS newest FROM requests) WHERE newest IS NOT NULL;
INSERT INTO settings (key, value)
SELECT 'located_after', value FROM settings WHERE key = 'rolled_up_to' AND EXISTS (SELECT 1 FROM requests);
