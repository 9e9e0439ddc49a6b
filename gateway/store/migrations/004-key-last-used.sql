-- When a request last came with a key, admitted or refused, and from where, as far as requests are rolled up.
ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
ALTER TABLE api_keys ADD COLUMN last_address INTEGER; -- names.id

-- Keys of before: their last hour, and in it the last row, where rows are still kept.
UPDATE api_keys SET last_used_at =
  (SELECT max(hour) FROM usage_hours u WHERE u.member_id = api_keys.member_id AND u.key_id = api_keys.id);
UPDATE api_keys SET last_used_at = last.at, last_address = last.address
FROM (
  SELECT k.id AS key_id, max(r.id), r.at, r.address
  FROM api_keys k JOIN requests r ON r.member_id = k.member_id AND r.key_id = k.id
    AND r.at >= k.last_used_at AND r.at < k.last_used_at + 3600000
  GROUP BY k.id
) AS last
WHERE last.key_id = api_keys.id;

-- Sums of everybody's requests by the minute, so that a day can be compared with the one before up to the same
-- minute, in every time zone. Kept for 49 hours.
CREATE TABLE total_minutes (
  minute      INTEGER PRIMARY KEY, -- ms
  requests    INTEGER NOT NULL,    -- admitted
  refused     INTEGER NOT NULL,
  failed      INTEGER NOT NULL,    -- admitted, ended in an error
  tokens      INTEGER NOT NULL,
  cost_micros INTEGER NOT NULL
) STRICT;
INSERT INTO total_minutes (minute, requests, refused, failed, tokens, cost_micros)
SELECT at / 60000 * 60000, sum(counted > 0), sum(counted = 0), sum(counted > 0 AND status >= 400),
  sum(input_tokens + output_tokens), sum(cost_micros)
FROM requests INDEXED BY requests_at
WHERE at >= (unixepoch() - 49 * 3600) * 1000
  AND id <= ifnull((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'rolled_up_to'), 0)
GROUP BY 1;
