-- SPDX-License-Identifier: Apache-2.0
-- Numbers of the cap that the clinic holds on this date for those who come themselves; null: as its booking rules say.

ALTER TABLE counter ADD COLUMN walk_ins integer;
