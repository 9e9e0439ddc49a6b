-- Configuration: small tables, held in memory by their owners in gateway/accounts, gateway/catalogue
-- and gateway/quotas.

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  page_size_cap INTEGER NOT NULL,
  history_days  INTEGER NOT NULL,
  price_micros  INTEGER NOT NULL DEFAULT 0 -- a month
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT NOT NULL,
  email          TEXT,
  status         TEXT NOT NULL CHECK (status IN ('pending', 'active', 'disabled', 'suspended')),
  plan_id        TEXT NOT NULL REFERENCES plans (id),
  allowed_models TEXT, -- JSON array; NULL allows all
  allowed_ips    TEXT, -- JSON array of CIDR; NULL allows all
  prepaid        INTEGER NOT NULL DEFAULT 0,
  self_service   INTEGER NOT NULL DEFAULT 1,
  owner          INTEGER NOT NULL DEFAULT 0,
  created_at     INTEGER NOT NULL,
  deleted_at     INTEGER
) STRICT;

CREATE TABLE api_keys (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  member_id  INTEGER NOT NULL REFERENCES members (id),
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('standard', 'subscription', 'pay_per_token')),
  hash       TEXT NOT NULL UNIQUE, -- SHA-256 of the plaintext, hex
  prefix     TEXT NOT NULL,        -- for display
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE ip_blocks (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  cidr       TEXT NOT NULL UNIQUE,
  reason     TEXT,
  expires_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE providers (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  base_url   TEXT NOT NULL,
  enabled    INTEGER NOT NULL DEFAULT 1,
  priority   INTEGER NOT NULL DEFAULT 0,
  headers    TEXT NOT NULL DEFAULT '{}', -- JSON; never a credential
  proxy      TEXT,                       -- without user and password
  ca         TEXT,                       -- PEM
  credential_stored INTEGER NOT NULL DEFAULT 0, -- whether the vault is to be asked for one
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

CREATE TABLE models (
  id         TEXT PRIMARY KEY,
  alias_of   TEXT,
  multiplier REAL NOT NULL DEFAULT 1,
  price      TEXT, -- JSON, micros a million tokens; NULL takes the price catalogue's
  enabled    INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE model_targets (
  model_id       TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE ON UPDATE CASCADE,
  provider_id    INTEGER NOT NULL REFERENCES providers (id),
  upstream_model TEXT NOT NULL,
  priority       INTEGER NOT NULL DEFAULT 0, -- lower is tried first
  weight         INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (model_id, provider_id, upstream_model)
) STRICT, WITHOUT ROWID;

CREATE TABLE limits (
  scope          TEXT NOT NULL CHECK (scope IN ('plan', 'member', 'key')),
  subject_id     TEXT NOT NULL,
  model          TEXT NOT NULL DEFAULT '', -- '' is every model
  metric         TEXT NOT NULL CHECK (metric IN ('requests', 'tokens', 'images', 'cost')),
  window_seconds INTEGER NOT NULL CHECK (window_seconds IN (60, 86400, 2592000)),
  amount         INTEGER NOT NULL,
  PRIMARY KEY (scope, subject_id, model, metric, window_seconds)
) STRICT, WITHOUT ROWID;

-- Balance: append-only, with its running sum.

CREATE TABLE ledger_entries (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  member_id  INTEGER NOT NULL REFERENCES members (id),
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('grant', 'charge', 'refund')),
  tokens     INTEGER NOT NULL DEFAULT 0, -- signed
  micros     INTEGER NOT NULL DEFAULT 0, -- signed
  request    INTEGER,                    -- requests.id of a charge
  note       TEXT
) STRICT;
CREATE INDEX ledger_entries_member ON ledger_entries (member_id, id);

CREATE TABLE balances (
  member_id INTEGER PRIMARY KEY REFERENCES members (id),
  tokens    INTEGER NOT NULL,
  micros    INTEGER NOT NULL
) STRICT;

-- Audit: metadata of requests, never content.

-- Texts that repeat on audit rows (models, tools, addresses, codes), stored once.
CREATE TABLE names (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE requests (
  id               INTEGER PRIMARY KEY, -- in order of admission
  at               INTEGER NOT NULL,
  request_id       BLOB NOT NULL,       -- UUID version 7: holds its own time, so no index is needed
  member_id        INTEGER,
  key_id           INTEGER,
  address          INTEGER NOT NULL,    -- names.id, as are tool, endpoint, model, upstream_model, code
  tool             INTEGER NOT NULL,
  endpoint         INTEGER NOT NULL,
  model            INTEGER,
  provider_id      INTEGER,
  upstream_model   INTEGER,
  attempts         INTEGER NOT NULL DEFAULT 0,
  status           INTEGER NOT NULL DEFAULT 0, -- 0 while it runs
  code             INTEGER,
  streamed         INTEGER NOT NULL DEFAULT 0,
  latency_ms       INTEGER,
  ttfb_ms          INTEGER,
  input_tokens     INTEGER NOT NULL DEFAULT 0,
  output_tokens    INTEGER NOT NULL DEFAULT 0,
  cached_tokens    INTEGER NOT NULL DEFAULT 0,
  reasoning_tokens INTEGER NOT NULL DEFAULT 0,
  images           INTEGER NOT NULL DEFAULT 0,
  estimated        INTEGER NOT NULL DEFAULT 0,
  cost_micros      INTEGER NOT NULL DEFAULT 0,
  multiplier       REAL NOT NULL DEFAULT 1,
  charged_tokens   INTEGER NOT NULL DEFAULT 0,
  counted          INTEGER NOT NULL DEFAULT 0, -- 0 refused, 1 in every window, 2 in the minute window alone
  paid_from        INTEGER NOT NULL DEFAULT 0  -- 0 no balance, 1 prepaid tokens, 2 prepaid money
) STRICT;
CREATE INDEX requests_at ON requests (at);
CREATE INDEX requests_member_at ON requests (member_id, at);
CREATE INDEX requests_running ON requests (id) WHERE status = 0;

-- Only where an attempt failed: a request that went well the first time has none.
CREATE TABLE attempts (
  request        INTEGER NOT NULL,
  number         INTEGER NOT NULL,
  provider_id    INTEGER,
  upstream_model INTEGER NOT NULL, -- names.id
  status         INTEGER,
  reason         INTEGER NOT NULL, -- names.id
  latency_ms     INTEGER NOT NULL,
  PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;

-- Roll-ups of settled requests up to settings.rolled_up_to. Minutes feed the 24 h windows and are kept
-- for 25 hours; hours feed the 30 d windows and the reports and are kept for ever.
CREATE TABLE usage_minutes (
  member_id INTEGER NOT NULL,
  minute    INTEGER NOT NULL, -- ms
  key_id    INTEGER NOT NULL,
  model     INTEGER NOT NULL,
  requests  INTEGER NOT NULL,
  tokens    INTEGER NOT NULL,
  images    INTEGER NOT NULL,
  cost      INTEGER NOT NULL,
  PRIMARY KEY (member_id, minute, key_id, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_hours (
  member_id        INTEGER NOT NULL, -- 0 where nobody was identified
  hour             INTEGER NOT NULL, -- ms
  key_id           INTEGER NOT NULL,
  model            INTEGER NOT NULL,
  provider_id      INTEGER NOT NULL,
  tool             INTEGER NOT NULL,
  counted          INTEGER NOT NULL, -- what the 30 d windows count
  counted_tokens   INTEGER NOT NULL,
  counted_images   INTEGER NOT NULL,
  counted_cost     INTEGER NOT NULL,
  requests         INTEGER NOT NULL, -- admitted
  refused          INTEGER NOT NULL,
  failed           INTEGER NOT NULL, -- admitted, ended in an error
  input_tokens     INTEGER NOT NULL,
  output_tokens    INTEGER NOT NULL,
  cached_tokens    INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  cost_micros      INTEGER NOT NULL,
  charged_tokens   INTEGER NOT NULL,
  PRIMARY KEY (member_id, hour, key_id, model, provider_id, tool)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT NOT NULL,
  before  TEXT, -- JSON without secrets
  after   TEXT
) STRICT;

CREATE TABLE alerts (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  message   TEXT NOT NULL,
  member_id INTEGER,
  key_id    INTEGER,
  address   TEXT,
  seen_at   INTEGER
) STRICT;

CREATE TABLE key_addresses (
  key_id   INTEGER NOT NULL,
  address  INTEGER NOT NULL, -- names.id
  first_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, address)
) STRICT, WITHOUT ROWID;

INSERT INTO plans (id, name, page_size_cap, history_days) VALUES
  ('free', 'Free', 50, 7),
  ('pro', 'Pro', 100, 30),
  ('enterprise', 'Enterprise', 100, 2557);
INSERT INTO limits (scope, subject_id, metric, window_seconds, amount) VALUES
  ('plan', 'free', 'requests', 60, 60),
  ('plan', 'pro', 'requests', 60, 600),
  ('plan', 'enterprise', 'requests', 60, 6000);
INSERT INTO models (id, created_at) VALUES
  ('ntl/echo', unixepoch() * 1000),
  ('quota/fast', unixepoch() * 1000),
  ('quota/balanced', unixepoch() * 1000),
  ('quota/sonnet', unixepoch() * 1000),
  ('quota/sonnet-pro', unixepoch() * 1000),
  ('quota/opus', unixepoch() * 1000),
  ('quota/opus-max', unixepoch() * 1000);
