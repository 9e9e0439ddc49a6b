-- The owner's edits of what is known of a model: JSON; NULL edits nothing.
ALTER TABLE models ADD COLUMN facts TEXT;

-- What providers' own model listings told, where they told anything.
CREATE TABLE listed_models (
  provider_id    INTEGER NOT NULL REFERENCES providers (id),
  upstream_model TEXT NOT NULL,
  facts          TEXT NOT NULL, -- JSON
  PRIMARY KEY (provider_id, upstream_model)
) STRICT, WITHOUT ROWID;

CREATE TABLE model_listings (
  provider_id INTEGER PRIMARY KEY REFERENCES providers (id),
  listed_at   INTEGER NOT NULL
) STRICT;
