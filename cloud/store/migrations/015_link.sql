-- SPDX-License-Identifier: Apache-2.0
-- The last link that a start of the station was let in by: what an earlier one of the same start still says is nobody's.

ALTER TABLE seat ADD COLUMN link text NOT NULL DEFAULT '';
