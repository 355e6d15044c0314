-- SPDX-License-Identifier: Apache-2.0
-- "It is nearly your turn", once, by e-mail. The address is personal data: it is emptied when the mail has gone, and
-- the row is deleted when its day is over.

CREATE TABLE notice (
  facility_id integer NOT NULL,
  date integer NOT NULL,
  token bytea NOT NULL,                  -- of the ticket
  id bytea NOT NULL,                     -- of the mail: the same however often it is tried
  address text NOT NULL,
  lang text NOT NULL,
  near smallint NOT NULL,                -- so many people ahead, or fewer
  state text NOT NULL DEFAULT 'set',     -- set, due, sent, failed, over
  attempts integer NOT NULL DEFAULT 0,
  next_try bigint NOT NULL DEFAULT 0,
  lease text NOT NULL DEFAULT '',        -- the node that is sending it
  lease_until bigint NOT NULL DEFAULT 0, -- after that it is taken for dead
  PRIMARY KEY (facility_id, date, token)
);
CREATE INDEX notice_open ON notice (facility_id, date) WHERE state IN ('set', 'due');
CREATE INDEX notice_due ON notice (next_try) WHERE state = 'due';
CREATE INDEX notice_day ON notice (date);
