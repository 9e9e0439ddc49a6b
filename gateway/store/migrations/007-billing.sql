-- Payments by Stripe. Keys are in the vault, cards with Stripe; neither is ever here.

-- What the owner set: one row, or none while billing is off.
CREATE TABLE billing_account (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  mode          TEXT NOT NULL CHECK (mode IN ('test', 'live')),
  webhook       INTEGER NOT NULL, -- whether the vault holds a signing secret
  public_url    TEXT,
  invoices      INTEGER NOT NULL,
  portal        TEXT,             -- Stripe's configuration of the portal, where we had to make one
  stored_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE billing_customers (
  member_id   INTEGER PRIMARY KEY REFERENCES members (id),
  reference   TEXT NOT NULL UNIQUE, -- idempotency key of the call that makes it
  customer_id TEXT                  -- Stripe's; NULL until its answer is here
) STRICT;

CREATE TABLE billing_sessions (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  reference      TEXT NOT NULL UNIQUE, -- idempotency key and client_reference_id
  session_id     TEXT UNIQUE,          -- Stripe's; NULL until its answer is here
  payment_id     TEXT,                 -- Stripe's payment intent
  member_id      INTEGER NOT NULL REFERENCES members (id),
  customer_id    TEXT NOT NULL,
  mode           TEXT NOT NULL CHECK (mode IN ('test', 'live')),
  purpose        TEXT NOT NULL CHECK (purpose IN ('topup', 'plan')),
  plan_id        TEXT REFERENCES plans (id),
  amount_micros  INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('creating', 'open', 'processing', 'paid', 'expired', 'failed')),
  reason         TEXT,                 -- why it failed
  refunded_micros INTEGER NOT NULL DEFAULT 0,
  disputed       INTEGER NOT NULL DEFAULT 0,
  created_at     INTEGER NOT NULL,
  settled_at     INTEGER,              -- paid, expired or failed
  looked_at      INTEGER,
  next_look_at   INTEGER,              -- NULL: not followed any more
  failures       INTEGER NOT NULL DEFAULT 0 -- looks in a row that failed
) STRICT;
CREATE INDEX billing_sessions_due ON billing_sessions (next_look_at) WHERE next_look_at IS NOT NULL;
CREATE INDEX billing_sessions_member ON billing_sessions (member_id, id);
CREATE INDEX billing_sessions_payment ON billing_sessions (payment_id) WHERE payment_id IS NOT NULL;

-- The proof that a session was credited: it can be here once.
CREATE TABLE billing_credits (
  session      INTEGER PRIMARY KEY REFERENCES billing_sessions (id),
  ledger_entry INTEGER UNIQUE REFERENCES ledger_entries (id), -- NULL where a plan was paid
  at           INTEGER NOT NULL
) STRICT;

-- Until when a member has paid for a plan. Terms follow one another; those over stay until the next payment.
CREATE TABLE billing_terms (
  member_id INTEGER NOT NULL REFERENCES members (id),
  plan_id   TEXT NOT NULL REFERENCES plans (id),
  starts_at INTEGER NOT NULL,
  ends_at   INTEGER NOT NULL,
  PRIMARY KEY (member_id, plan_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_plans (
  member_id   INTEGER PRIMARY KEY REFERENCES members (id),
  plan_before TEXT NOT NULL REFERENCES plans (id), -- where the member goes back to
  plan_set    TEXT NOT NULL REFERENCES plans (id)  -- where payments put it last; another one now is the owner's choice
) STRICT;
