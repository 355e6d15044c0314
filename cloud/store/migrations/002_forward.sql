-- SPDX-License-Identifier: Apache-2.0
-- Requests that the clinic is asked to give a number for, and the clinic's stop of bookings from outside.

ALTER TABLE counter ADD COLUMN stopped boolean NOT NULL DEFAULT false; -- by the clinic, for this date
-- A ticket in state 'asking' has no number yet: the clinic is being asked. Its request's answer is empty.
ALTER TABLE ticket ADD COLUMN ahead integer; -- people ahead when the number was given
CREATE INDEX ticket_asking ON ticket (facility_id, date, service) WHERE state = 'asking';
