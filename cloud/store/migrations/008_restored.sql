-- SPDX-License-Identifier: Apache-2.0
-- What a restored backup has forgotten (N10): of a service, numbers and places of slots of dates up to `until` may have
-- been given after the backup. A counter of such a date begins without the main series (numbering::begin_date), and
-- places of its slots are held until somebody has settled them with the clinic.

CREATE TABLE restored (
  facility_id integer NOT NULL,
  service text NOT NULL,
  until integer NOT NULL,
  settled boolean NOT NULL DEFAULT false,
  PRIMARY KEY (facility_id, service)
);
