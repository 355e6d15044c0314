// SPDX-License-Identifier: Apache-2.0
// The frames between a clinic's machine and the cloud (GET /v1/link, one WebSocket), as values and as JSON. A
// frame is {"kind": ...}; whatever is not of its kind's shape and size is refused whole.
#pragma once

#include "core/base/result.hpp"
#include "core/numbering/clinic.hpp"
#include "core/numbering/station.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace machiai::wire {

inline constexpr std::size_t largest_link_frame = 256 * 1024; ///< bytes
inline constexpr std::size_t most_link_events = 128;          ///< in one frame
inline constexpr std::size_t most_link_waits = 500;           ///< tickets in one frame
inline constexpr int link_version = 1;

/// An event as the ledger's row has it. The body stays text, so that the chain can be checked anywhere
/// (docs/PROTOCOL.md): hash = SHA-256 over the previous hash and every column.
struct EventLine {
  std::uint64_t seq = 0, group = 0, epoch = 0, request = 0;
  base::Instant at{};
  base::Date date{};
  std::string kind, actor, seat, key;
  std::string body; ///< JSON, core/wire/events; may hold personal data
  std::string hash; ///< 64 hex digits
  bool operator==(const EventLine&) const = default;
};

// Up: from the clinic.
struct LinkHello {
  std::string facility;
  numbering::Hello hello;
};
/// The welcome's lineage is stored; nothing else is sent before.
struct LinkReady {
  std::uint64_t lineage = 0;
};
/// In order and without a gap; the first follows what was acknowledged last.
struct LinkEvents {
  std::vector<EventLine> events;
};
/// The forecast as it stands, for phones: minutes until the call. Replaces what was said before.
struct LinkWaits {
  struct Wait {
    std::string of; ///< a service's or a ticket's id
    queue::WaitRange range;
    bool operator==(const Wait&) const = default;
  };
  base::Date date{};
  std::vector<Wait> services; ///< of one who came now; unknown ones are left out
  std::vector<Wait> tickets;
  bool operator==(const LinkWaits&) const = default;
};

// Down: from the cloud.
struct LinkWelcome {
  numbering::Welcome welcome;
  std::optional<base::Instant> at{}; ///< by the cloud's clock; a cloud of before does not say
};
/// Not served; `prove`: say hello again with the hash at this event (reason "prove_record").
struct LinkTurned {
  std::string reason;
  std::uint64_t prove = 0;
};
struct LinkAck {
  std::uint64_t seq = 0;
};
/// The patient cancelled, or says that they are here; the ticket is the one of the request's key.
struct LinkCancel {
  std::string service;
  base::Date date{};
  std::string key;
};
struct LinkArrive {
  std::string service;
  base::Date date{};
  std::string key;
};
/// A newer version replaces the older; `body` is JSON text of the document's own kind.
struct LinkDocument {
  std::string name;
  std::uint64_t version = 0;
  std::string body;
};

// Both ways.
/// core/numbering's messages; Request and Offer carry what is known of the patient ("booking").
struct LinkSays {
  numbering::About about;
  numbering::Message message;
};
struct LinkPing {
  std::uint64_t id = 0;
};
struct LinkPong {
  std::uint64_t id = 0;
  std::optional<base::Instant> at{}; ///< by the cloud's clock, as in the welcome; the clinic's says nothing
};

using LinkFrame = std::variant<LinkHello, LinkReady, LinkEvents, LinkWaits, LinkWelcome, LinkTurned, LinkAck,
                               LinkCancel, LinkArrive, LinkDocument, LinkSays, LinkPing, LinkPong>;

enum class LinkEnd : std::uint8_t { clinic, cloud };

[[nodiscard]] std::string link_to_json(const LinkFrame& frame);
/// A frame that came from the end `from`. Refused: limit "frame_too_large", invalid "bad_frame" with the
/// field in the detail, not_found "unknown_frame" for a kind that this end does not send.
[[nodiscard]] base::Result<LinkFrame> link_from_json(std::string_view text, LinkEnd from);

} // namespace machiai::wire
