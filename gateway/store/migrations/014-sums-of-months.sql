-- Sums of months in UTC, in the groupings of `usage_sums`: all months of a group stand together. Those of before are
-- added in the background from the sums of hours, from the newest back: all from `months_from` on are in them.
CREATE TABLE usage_months (
  kept             INTEGER NOT NULL,
  member_id        INTEGER NOT NULL,
  key_id           INTEGER NOT NULL,
  model            INTEGER NOT NULL,
  provider_id      INTEGER NOT NULL,
  tool             INTEGER NOT NULL,
  month            INTEGER NOT NULL, -- its start, ms
  requests         INTEGER NOT NULL, -- admitted
  refused          INTEGER NOT NULL,
  failed           INTEGER NOT NULL, -- admitted, ended in an error
  input_tokens     INTEGER NOT NULL,
  output_tokens    INTEGER NOT NULL,
  cached_tokens    INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  cost_micros      INTEGER NOT NULL,
  charged_tokens   INTEGER NOT NULL,
  PRIMARY KEY (kept, member_id, key_id, model, provider_id, tool, month)
) STRICT, WITHOUT ROWID;

INSERT INTO settings (key, value)
SELECT 'months_from', CAST((newest + 86399999) / 86400000 * 86400000 AS TEXT) FROM (
  SELECT max(
    ifnull((SELECT max(start) + 3600000 FROM usage_sums WHERE step = 0 AND kept = 0), 0),
    ifnull((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'sums_from'), 0)) AS newest)
WHERE newest > 0;
