-- SPDX-License-Identifier: Apache-2.0
-- The slots to come of one card: there is a limit to them.

CREATE INDEX ticket_card_slot ON ticket (facility_id, card, slot) WHERE card IS NOT NULL AND slot IS NOT NULL;
