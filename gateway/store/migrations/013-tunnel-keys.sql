-- Whether the key may come through the owner's public tunnel.
ALTER TABLE api_keys ADD COLUMN tunnel INTEGER NOT NULL DEFAULT 0;
