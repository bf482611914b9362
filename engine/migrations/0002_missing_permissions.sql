-- What the connected user was not allowed when the org was connected: a JSON list of texts for a person.
ALTER TABLE connection ADD COLUMN missing_permissions TEXT NOT NULL DEFAULT '[]';
