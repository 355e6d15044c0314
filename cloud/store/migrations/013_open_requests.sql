-- SPDX-License-Identifier: Apache-2.0
-- What the clinic is asked and told of requests without a number is one look at each breath (cloud/store/breath).

CREATE INDEX ticket_open ON ticket (facility_id, date, service) WHERE state = 'asking' OR (state = 'void' AND n IS NULL AND told IS NULL);
DROP INDEX ticket_asking; -- a part of it
