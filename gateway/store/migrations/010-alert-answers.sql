-- Which provider an alert is about, what was answered to it, and what is needed to take the answer back (JSON).
ALTER TABLE alerts ADD COLUMN provider_id INTEGER;
ALTER TABLE alerts ADD COLUMN answer TEXT;
ALTER TABLE alerts ADD COLUMN undo TEXT;
CREATE INDEX alerts_by_key ON alerts (key_id, kind, at) WHERE key_id IS NOT NULL;
CREATE INDEX alerts_by_provider ON alerts (provider_id, kind, at) WHERE provider_id IS NOT NULL;
