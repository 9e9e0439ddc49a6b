-- What refused a request, and how that stood then. They go with their rows.
CREATE TABLE limit_refusals (
  request        INTEGER PRIMARY KEY,
  scope          TEXT NOT NULL,
  subject_id     TEXT NOT NULL,
  model          INTEGER,          -- names.id; NULL for all models
  metric         TEXT NOT NULL,
  window_seconds INTEGER NOT NULL,
  amount         INTEGER NOT NULL,
  used           INTEGER NOT NULL,
  needed         INTEGER NOT NULL,
  passes_at      INTEGER           -- NULL: the request alone is larger than the limit
) STRICT;

CREATE TABLE balance_refusals (
  request       INTEGER PRIMARY KEY,
  tokens        INTEGER NOT NULL,
  micros        INTEGER NOT NULL,
  held_tokens   INTEGER NOT NULL, -- by other requests that ran
  held_micros   INTEGER NOT NULL,
  needed_tokens INTEGER NOT NULL,
  needed_micros INTEGER NOT NULL
) STRICT;
