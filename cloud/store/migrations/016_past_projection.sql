-- SPDX-License-Identifier: Apache-2.0
-- What the clinic said last of the date before: its tickets' pages live a day longer.

ALTER TABLE projection ADD COLUMN past_date integer, ADD COLUMN past_document text;
