-- SPDX-License-Identifier: Apache-2.0
-- What is deleted for its age is found by it (cloud/store/forget).

CREATE INDEX person_age ON person (delete_on);
CREATE INDEX person_date ON person (date);
CREATE INDEX request_date ON request (date);
CREATE INDEX ticket_card_date ON ticket (date) WHERE card IS NOT NULL;
