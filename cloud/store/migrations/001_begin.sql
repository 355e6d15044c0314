-- SPDX-License-Identifier: Apache-2.0
-- Every table leads with facility_id, so that it partitions by it. Instants are milliseconds since 1970 UTC,
-- dates are days since 1970; the program's clock gives both.

CREATE TABLE facility (
  facility_id integer PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  number integer NOT NULL UNIQUE,      -- facility number (§3-1)
  profile text NOT NULL,               -- JSON, see cloud/profile.hpp
  generation integer NOT NULL DEFAULT 1 -- of this database; rises with each restore (N10)
);

-- What holds for all: facility 0.
CREATE TABLE setting (
  facility_id integer NOT NULL,
  name text NOT NULL,
  document text NOT NULL,
  PRIMARY KEY (facility_id, name)
);

-- Who gives the numbers of a service on a date, and how far.
CREATE TABLE counter (
  facility_id integer NOT NULL,
  date integer NOT NULL,
  service text NOT NULL,
  epoch bigint NOT NULL DEFAULT 1,
  owner boolean NOT NULL DEFAULT true,  -- the cloud owns the main series
  high integer NOT NULL DEFAULT 0,      -- highest main number known, given or void
  generation integer NOT NULL DEFAULT 1, -- of the cloud when the date began
  web_high integer NOT NULL DEFAULT 0,  -- of the web series of this generation
  granting bigint NOT NULL DEFAULT 0,   -- epoch granted to the clinic and not known to have arrived
  trusted boolean NOT NULL DEFAULT true,
  given integer NOT NULL DEFAULT 0,     -- numbers of the date
  live integer NOT NULL DEFAULT 0,      -- of them, not cancelled
  paused boolean NOT NULL DEFAULT false,
  draw_until bigint,                    -- requests are collected until then
  draw_seed bigint,                     -- set when drawn, so that the draw can be checked
  PRIMARY KEY (facility_id, date, service)
);
CREATE INDEX counter_to_draw ON counter (facility_id, draw_until) WHERE draw_until IS NOT NULL AND draw_seed IS NULL;

-- Append-only: one row a number for ever (N1, N3).
CREATE TABLE number (
  facility_id integer NOT NULL,
  date integer NOT NULL,
  service text NOT NULL,
  series text NOT NULL,                 -- 'M', or 'W' and the generation
  n integer NOT NULL,
  key text,                             -- of the request; null: void
  place smallint NOT NULL DEFAULT 0,    -- in the request
  reason text,                          -- why it is void
  accepted_at bigint NOT NULL,
  adopted boolean NOT NULL DEFAULT false, -- the clinic's record has it
  PRIMARY KEY (facility_id, date, service, series, n)
);

-- Idempotency: what was asked and what was answered.
CREATE TABLE request (
  facility_id integer NOT NULL,
  key text NOT NULL,
  body bytea NOT NULL,                  -- SHA-256
  answer text NOT NULL,                 -- JSON
  drawing boolean NOT NULL,
  date integer NOT NULL,
  PRIMARY KEY (facility_id, key)
);

CREATE TABLE ticket (
  facility_id integer NOT NULL,
  date integer NOT NULL,
  token bytea NOT NULL,                 -- the 16 random bytes
  service text NOT NULL,
  kind text NOT NULL,
  request text NOT NULL,
  place smallint NOT NULL,
  series text,
  n integer,                            -- null: being drawn, or not drawn
  state text NOT NULL,
  arrival text NOT NULL DEFAULT 'none',
  told text,                            -- the state that the clinic's record gave it last
  card bytea,                           -- keyed hash of the card: one live place a line
  accepted_at bigint NOT NULL,
  PRIMARY KEY (facility_id, date, token)
);
CREATE INDEX ticket_card ON ticket (facility_id, date, service, card) WHERE card IS NOT NULL;

-- The only table with personal data.
CREATE TABLE person (
  facility_id integer NOT NULL,
  date integer NOT NULL,
  token bytea NOT NULL,
  card text NOT NULL,
  birth text NOT NULL,
  name text NOT NULL,
  phone text NOT NULL,
  delete_on integer NOT NULL,
  PRIMARY KEY (facility_id, date, token)
);

-- Which cards there are: keyed hashes of card and birth date together; neither can be read or tried alone.
CREATE TABLE card (
  facility_id integer NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (facility_id, mac)
);

-- Wrong pairs of card and birth date.
CREATE TABLE budget (
  facility_id integer PRIMARY KEY,
  forgotten_at bigint NOT NULL
);

CREATE TABLE code (
  facility_id integer NOT NULL,
  hash bytea NOT NULL,                  -- SHA-256 of the code
  until bigint NOT NULL,
  used_at bigint,
  PRIMARY KEY (facility_id, hash)
);

CREATE TABLE certificate (
  facility_id integer NOT NULL,
  serial text NOT NULL,
  station text NOT NULL,
  fingerprint bytea NOT NULL,
  not_after bigint NOT NULL,
  revoked_at bigint,
  PRIMARY KEY (facility_id, serial)
);

-- Which machine is the clinic's station (core/numbering/station.hpp).
CREATE TABLE seat (
  facility_id integer PRIMARY KEY,
  station integer NOT NULL DEFAULT 0,
  lineage bigint NOT NULL DEFAULT 0,
  known bigint NOT NULL DEFAULT 0,
  nonce text NOT NULL DEFAULT '',
  heard bigint NOT NULL DEFAULT 0,
  acked bigint NOT NULL DEFAULT 0,      -- its events are here up to this one
  hash text NOT NULL DEFAULT ''
);

-- The clinic's ledger as it came up: append-only, without personal data.
CREATE TABLE event (
  facility_id integer NOT NULL,
  seq bigint NOT NULL,
  group_seq bigint NOT NULL,
  epoch bigint NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  at bigint NOT NULL,
  date integer NOT NULL,
  body text NOT NULL,
  hash text NOT NULL,                   -- of the ledger's row, body included
  PRIMARY KEY (facility_id, seq)
);
CREATE INDEX event_opening ON event (facility_id, seq) WHERE kind = 'day_opened';

-- The clinic's day as last told: what the public routes show.
CREATE TABLE projection (
  facility_id integer PRIMARY KEY,
  date integer NOT NULL,
  document text NOT NULL,
  as_of bigint NOT NULL
);
