-- SPDX-License-Identifier: Apache-2.0
-- When one who books now would be through by the clinic's own forecast, and when the clinic said so (ms since 1970).
-- `paused` is whether bookings have stopped because of it.

ALTER TABLE counter ADD COLUMN predicted_end bigint, ADD COLUMN predicted_at bigint;
