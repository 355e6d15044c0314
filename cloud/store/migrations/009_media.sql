-- SPDX-License-Identifier: Apache-2.0
-- Files that stations fetch: films and pictures, and the programmes that name them. The bytes lie in the store of files
-- (cloud/files.hpp), under the SHA-256 of their content in hexadecimal digits.

CREATE TABLE media (
  facility_id integer NOT NULL,          -- 0: the provider's, for every facility
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,                    -- as programmes have it
  millis integer NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  added_at bigint NOT NULL,
  PRIMARY KEY (facility_id, sha256)
);

CREATE TABLE programme (
  facility_id integer NOT NULL,
  programme text NOT NULL,
  version integer NOT NULL,
  sha256 text NOT NULL,                  -- of the signed document
  bytes bigint NOT NULL,
  from_date integer NOT NULL,            -- its period, inclusive
  until_date integer NOT NULL,
  deadline bigint NOT NULL,              -- of the clinic's approval
  added_at bigint NOT NULL,
  PRIMARY KEY (facility_id, programme, version)
);
CREATE INDEX programme_until ON programme (until_date);

-- The films that a programme names, each once, and the first date on which it may be shown.
CREATE TABLE programme_film (
  facility_id integer NOT NULL,
  programme text NOT NULL,
  version integer NOT NULL,
  sha256 text NOT NULL,
  item text NOT NULL,
  from_date integer NOT NULL,
  PRIMARY KEY (facility_id, programme, version, sha256)
);
CREATE INDEX programme_film_by ON programme_film (sha256);
