-- Times are milliseconds since 1970 UTC; JSON stands in TEXT. One row per fact, no triggers: what changes together is
-- changed together by the engine's transaction. A column `…_key` holds the text as matching compares it: SQLite itself
-- knows upper and lower case of ASCII only.

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  referral_update TEXT,
  last_entry_received INTEGER
) STRICT;

-- A Salesforce org is bound to one account at a time (RR-04): org_id is unique among the rows that exist,
-- and a disconnect deletes the row.
CREATE TABLE connection (
  account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
  org_id TEXT NOT NULL UNIQUE,
  org_name TEXT NOT NULL,
  edition TEXT NOT NULL,
  is_sandbox INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  username TEXT NOT NULL,
  login_url TEXT NOT NULL,
  instance_url TEXT NOT NULL,
  secret BLOB NOT NULL,
  problem TEXT,
  connected_at INTEGER NOT NULL,
  last_contact INTEGER
) STRICT;

CREATE TABLE authorization (
  state TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  login_url TEXT NOT NULL,
  secret BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE program (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  referral_add TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  program_id TEXT NOT NULL REFERENCES program(id),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT,
  email_key TEXT,
  phone TEXT,
  external_id TEXT,
  referral_code TEXT NOT NULL COLLATE NOCASE,
  custom TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (account_id, referral_code)
) STRICT;
CREATE INDEX member_email ON member (account_id, email_key);
CREATE INDEX member_external ON member (account_id, external_id);

CREATE TABLE referral (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  program_id TEXT NOT NULL REFERENCES program(id),
  member_id TEXT REFERENCES member(id),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT,
  email_key TEXT,
  phone TEXT,
  company TEXT,
  external_id TEXT,
  amount TEXT,
  note TEXT,
  status TEXT NOT NULL,
  ever_qualified INTEGER NOT NULL,
  origin TEXT NOT NULL,
  custom TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX referral_email ON referral (account_id, email_key);
CREATE INDEX referral_external ON referral (account_id, external_id);
CREATE INDEX referral_name ON referral (account_id, name_key);

CREATE TABLE status_history (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  referral_id TEXT NOT NULL REFERENCES referral(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  from_status TEXT,
  to_status TEXT NOT NULL,
  cause TEXT NOT NULL
) STRICT;
CREATE INDEX status_history_referral ON status_history (referral_id, seq);

CREATE TABLE link (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  referral_id TEXT NOT NULL REFERENCES referral(id) ON DELETE CASCADE,
  org_object TEXT NOT NULL,
  org_id TEXT NOT NULL,
  how TEXT NOT NULL,
  echo TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, org_object, org_id, referral_id)
) STRICT;
CREATE INDEX link_referral ON link (referral_id);

-- A place in a stream (name = channel) or in an object's history (name = object).
CREATE TABLE cursor (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  replay_id INTEGER,
  since INTEGER NOT NULL,
  high_water INTEGER NOT NULL,
  must_poll INTEGER NOT NULL,
  PRIMARY KEY (account_id, name)
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  referral_id TEXT NOT NULL REFERENCES referral(id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  outcome TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (state, due_at);

-- Which events have been stored: an event delivered twice meets this key.
CREATE TABLE inbox (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  event_key TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, channel, event_key)
) STRICT;

CREATE TABLE sales_entry (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  org_object TEXT NOT NULL,
  org_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  via TEXT NOT NULL,
  org_time INTEGER,
  modified_by TEXT,
  org_modstamp TEXT,
  fingerprint TEXT,
  received_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  matched_by TEXT,
  referral_id TEXT,
  member_id TEXT,
  echo INTEGER NOT NULL,
  values_json TEXT,
  corrections TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sales_entry_due ON sales_entry (state, due_at);
CREATE INDEX sales_entry_record ON sales_entry (account_id, org_object, org_id, seq);

CREATE TABLE notification (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  entry_id TEXT,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  level TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX log_account ON log (account_id, seq);
