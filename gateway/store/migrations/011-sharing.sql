-- How the gateway is shared with other computers. Of the authority the certificate alone: its key is in the vault.
CREATE TABLE sharing (
  key   TEXT PRIMARY KEY, -- settings, authority, password
  value TEXT NOT NULL     -- JSON; of a password its hash
) STRICT, WITHOUT ROWID;

-- Passkeys by which the owner signs in from other computers.
CREATE TABLE passkeys (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  credential_id TEXT NOT NULL UNIQUE, -- base64url
  rp_id         TEXT NOT NULL,        -- host name it was made for
  public_key    BLOB NOT NULL,        -- COSE
  counter       INTEGER NOT NULL,
  transports    TEXT NOT NULL,        -- JSON
  name          TEXT NOT NULL,
  created_at    INTEGER NOT NULL,     -- ms
  last_used_at  INTEGER               -- ms
) STRICT;
