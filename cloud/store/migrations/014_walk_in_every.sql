-- SPDX-License-Identifier: Apache-2.0
-- Of so many places of the line one is kept on this date for those who come themselves; null: as its booking rules say.

ALTER TABLE counter ADD COLUMN walk_in_every integer;
