// SPDX-License-Identifier: Apache-2.0
#include "cloud/profile.hpp"

namespace machiai::cloud {

namespace {

// Fictional throughout; the eight cards are those of docs/CLOUD.md.
constexpr std::string_view example = R"json({
  "provider": {
    "hours": { "opens": "6:00", "closes": "24:00", "exceptions": [] },
    "maintenance": []
  },
  "subscribers": [
    { "id": "minato", "name": { "ja": "医療法人社団 みなと会", "en": "Minato Medical Corporation" }, "phone": "00-0000-0000",
      "address": "見本県みなと市1-2-3" }
  ],
  "facilities": [
    {
      "id": "minato", "number": 1, "subscriber": "minato",
      "name": { "ja": "みなとクリニック", "en": "Minato Clinic", "reading": "みなとくりにっく" },
      "phone": "00-0000-0000",
      "address": { "postal": "000-0000", "text": "見本県みなと市1-2-3", "access": "みなと駅から歩いて5分" },
      "contract": { "queue": true, "signage": true },
      "rooms": [
        { "id": "1", "name": { "ja": "診察室1", "en": "Room 1", "reading": "しんさつしつ、いち" } },
        { "id": "2", "name": { "ja": "診察室2", "en": "Room 2", "reading": "しんさつしつ、に" } }
      ],
      "services": [
        {
          "id": "naika", "number": 1, "prefix": "", "kinds": ["return", "first"],
          "name": { "ja": "内科", "en": "Internal medicine", "reading": "ないか" },
          "hours": [
            { "session": "morning", "opens": "8:30", "closes": "12:00" },
            { "session": "afternoon", "opens": "14:30", "closes": "18:00" }
          ],
          "booking": { "windows": [{ "opens": "6:00", "closes": "24:00" }], "cap": 0, "draw_seconds": 60 },
          "absence": { "back": 3, "times": 2 }
        },
        {
          "id": "shouni", "number": 2, "prefix": "S", "kinds": ["return", "first"],
          "name": { "ja": "小児科", "en": "Paediatrics", "reading": "しょうにか" },
          "hours": [
            { "session": "morning", "opens": "8:30", "closes": "12:00" },
            { "session": "afternoon", "opens": "14:30", "closes": "18:00" }
          ],
          "booking": { "windows": [{ "opens": "6:00", "closes": "24:00" }], "cap": 60, "draw_seconds": 60 },
          "slots": [
            { "opens": "15:00", "closes": "17:00", "minutes": 30, "places": 4, "days_ahead": 14, "closes_before": 30 }
          ],
          "absence": { "back": 3, "times": 2 }
        }
      ],
      "cards": [
        { "card": "1001", "birth": "1980-01-01" }, { "card": "1002", "birth": "1980-01-02" },
        { "card": "1003", "birth": "1980-01-03" }, { "card": "1004", "birth": "1980-01-04" },
        { "card": "1005", "birth": "1980-01-05" }, { "card": "1006", "birth": "1980-01-06" },
        { "card": "1007", "birth": "1980-01-07" }, { "card": "1008", "birth": "1980-01-08" }
      ]
    },
    {
      "id": "hibari", "number": 2, "subscriber": "minato",
      "name": { "ja": "ひばり診療所", "en": "Hibari Surgery", "reading": "ひばりしんりょうじょ" },
      "phone": "00-0000-0001",
      "address": { "postal": "000-0001", "text": "見本県ひばり町4-5", "access": "" },
      "contract": { "queue": false, "signage": true },
      "services": []
    }
  ]
})json";

} // namespace

std::string_view example_facilities() {
  return example;
}

} // namespace machiai::cloud
