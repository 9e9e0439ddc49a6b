-- Tool routes: the owner's own, and built-in ones as the owner changed them.
CREATE TABLE presets (
  id            TEXT PRIMARY KEY,
  label         TEXT NOT NULL,
  system_prompt TEXT,
  default_model TEXT,
  parameters    TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;
