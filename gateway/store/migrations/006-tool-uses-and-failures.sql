-- When each client tool last came with a key that is known. The roll-up keeps it, as it does for keys.
CREATE TABLE tool_uses (
  tool         INTEGER PRIMARY KEY, -- names.id
  last_used_at INTEGER NOT NULL
) STRICT;

INSERT INTO tool_uses (tool, last_used_at) SELECT tool, max(hour) FROM usage_hours WHERE key_id > 0 GROUP BY tool;

-- What was refused or failed is rare and often looked for.
CREATE INDEX requests_failures ON requests (at) WHERE status >= 400;
