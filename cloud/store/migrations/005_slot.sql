-- SPDX-License-Identifier: Apache-2.0
-- Slot bookings: the moment at which the ticket's slot begins (ms since 1970); its date is the ticket's. It is the
-- ticket's place in the line, as `accepted_at` is a queue booking's.

ALTER TABLE ticket ADD COLUMN slot bigint;
CREATE INDEX ticket_slot ON ticket (facility_id, date, service, slot) WHERE slot IS NOT NULL;
