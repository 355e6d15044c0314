-- SPDX-License-Identifier: Apache-2.0
-- Subscribers (契約者, §3-1(13)): who has agreed with the provider. Each facility is one's, at any time. There are few of
-- them, and they are read beside every facility: a table of reference, as `setting` of facility 0 is.

CREATE TABLE subscriber (
  subscriber_id integer PRIMARY KEY,     -- the subscriber's number
  slug text NOT NULL UNIQUE,
  document text NOT NULL,                -- JSON: name {ja, en}, phone, address
  added_at bigint NOT NULL
);

-- Facilities of before: each is its own subscriber's until somebody says otherwise.
INSERT INTO subscriber (subscriber_id, slug, document, added_at)
  SELECT row_number() OVER (ORDER BY number), slug, json_build_object('name', profile::json -> 'name')::text, 0 FROM facility;
ALTER TABLE facility ADD COLUMN subscriber_id integer REFERENCES subscriber, ADD COLUMN subscribed_at bigint NOT NULL DEFAULT 0;
UPDATE facility SET subscriber_id = s.subscriber_id FROM subscriber s WHERE s.slug = facility.slug;
ALTER TABLE facility ALTER COLUMN subscriber_id SET NOT NULL;
CREATE INDEX facility_subscriber ON facility (subscriber_id);
