-- SPDX-License-Identifier: Apache-2.0
-- A clinic's machine that is lost and replaced (core/numbering/station.hpp): the record of each station stays, and the
-- next one's begins anew beside it.

ALTER TABLE event ADD COLUMN station integer NOT NULL DEFAULT 0;
ALTER TABLE event DROP CONSTRAINT event_pkey, ADD PRIMARY KEY (facility_id, station, seq);
DROP INDEX event_opening;
CREATE INDEX event_opening ON event (facility_id, station, seq) WHERE kind = 'day_opened';

ALTER TABLE certificate ADD COLUMN replaced boolean NOT NULL DEFAULT false; -- of a station that was given up
-- Of a number that an earlier station's kiosk gave, while its patient waits: the next station takes it in as it is.
-- Without it a number that is nobody's outside goes down as void.
ALTER TABLE number ADD COLUMN kind text;
