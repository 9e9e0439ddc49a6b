-- Who asked to join by the page /join. The member itself is in members, with the status pending until the owner decides.

CREATE TABLE join_requests (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  member_id      INTEGER NOT NULL UNIQUE REFERENCES members (id),
  secret_hash    TEXT NOT NULL UNIQUE, -- SHA-256 of what the browser that asked holds, hex
  name           TEXT NOT NULL,        -- as it was asked for
  purpose        TEXT,
  address        TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'collected', 'unanswered', 'uncollected')),
  created_at     INTEGER NOT NULL,
  decided_at     INTEGER,
  until          INTEGER NOT NULL,     -- ms: when a waiting or an approved one lapses
  words          TEXT,                 -- the owner's, with a refusal
  key_name       TEXT,                 -- the key to make when it is fetched; it does not exist before
  key_kind       TEXT CHECK (key_kind IN ('standard', 'subscription', 'pay_per_token')),
  key_expires_at INTEGER,
  key_id         INTEGER REFERENCES api_keys (id)
) STRICT;
