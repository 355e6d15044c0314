// SPDX-License-Identifier: Apache-2.0
// The programme document as values: what may be shown, when, and what takes its place if the clinic does not
// approve it (service terms §20). Its JSON is docs/programme.schema.json, read by core/wire/programme.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::programme {

/// §3-1(5)-(11). The first two are the provider's: they need the clinic's approval (§20-3).
enum class Kind : std::uint8_t { provided, ad, introduction, notice, own, relaxation };

[[nodiscard]] constexpr bool needs_approval(Kind kind) {
  return kind == Kind::provided || kind == Kind::ad;
}
[[nodiscard]] std::string_view kind_name(Kind kind);
[[nodiscard]] std::optional<Kind> kind_of(std::string_view name);

/// Minutes of a day in Japan, [from, to); to = 1440 is 24:00.
struct Hours {
  int from = 0;
  int to = 1440;
  bool operator==(const Hours&) const = default;
};

/// Days of the week as bits, 1 << base::weekday(date); a national holiday counts as `holiday` alone.
using Days = std::uint8_t;
inline constexpr Days every_day = 0xff;
inline constexpr Days holiday = 0x80;

/// When an item may be aired: on these dates, inclusive, and within these hours of them. A play lies whole
/// within one of an item's rights.
struct Right {
  base::Date from{};
  base::Date to{};
  Days days = every_day;
  std::vector<Hours> hours; ///< empty: all day
};

struct Item {
  std::string id;
  Kind kind = Kind::own;
  std::string title, title_en;
  std::string sha256; ///< of the film or picture, hex
  int seconds = 0;
  std::vector<Right> rights; ///< empty: any time; never empty for what needs approval
  std::string sponsor;       ///< of an ad
};

/// What stands for an item where the station draws a scene itself; no item is called so.
inline constexpr std::string_view own_scene = "scene";

struct Choice {
  std::string item;
  int weight = 1; ///< in a weighted order and among ads
};

enum class Order : std::uint8_t { sequence, weighted };
/// Whether the clinic must be open or closed at that minute.
enum class When : std::uint8_t { always, open, closed };

struct Slot {
  std::string id;
  Days days = every_day;
  Hours hours;
  When when = When::always;
  Order order = Order::sequence;
  std::vector<Choice> items;
  int ad_share = 0; ///< percent of the slot's time
  std::vector<Choice> ads;
};

/// On this date only the slots named here are in force; none: nothing but relaxation.
struct Exception {
  base::Date date{};
  std::vector<std::string> slots;
};

struct Programme {
  std::string facility;
  std::string id;
  int version = 1;
  base::Date from{}, to{}; ///< the period, inclusive
  base::Instant deadline{};
  base::Instant issued{};
  std::vector<Item> items;
  std::vector<Slot> slots; ///< where two overlap the earlier one in the document is in force
  std::vector<Exception> exceptions;
  std::vector<std::string> substitute; ///< relaxation items for what is not approved; may be empty
};

/// In this slot, or in all, one item stands where another stood.
struct Swap {
  std::string slot; ///< empty: in every slot
  std::string item;
  std::string with;
  bool operator==(const Swap&) const = default;
};

/// What the clinic decided of one version. Swaps without approval have no effect.
struct Review {
  std::string programme;
  int version = 0;
  std::optional<base::Instant> approved;
  std::string by; ///< a log-in, "cli"; never a patient
  std::vector<Swap> swaps;
};

/// One mistake of a document: where, as a JSON pointer's words ("slots/1/items/0"), and a reason key.
struct Fault {
  std::string where;
  std::string reason;
};

/// Everything that is wrong with it; empty: it can be aired.
[[nodiscard]] std::vector<Fault> check(const Programme& programme);

[[nodiscard]] const Item* find_item(const Programme& programme, std::string_view id);
/// The days this date counts as.
[[nodiscard]] Days days_of(base::Date date);
[[nodiscard]] bool in_period(const Programme& programme, base::Date date);
/// Whether [from, to), seconds of the date, lies within one of the item's rights.
[[nodiscard]] bool may_air(const Item& item, base::Date date, int from, int to);
/// The same with days_of(date) at hand.
[[nodiscard]] bool may_air(const Item& item, base::Date date, Days days, int from, int to);

/// §20-3: whether the clinic approved it, and before the deadline. What a record claims beside that counts
/// for nothing.
[[nodiscard]] bool in_time(const Programme& programme, const Review& review);

/// §20-2: only before the deadline. Errors: conflict "deadline_passed", "approved_already"; those of
/// base::check_text for who approves, of 80 characters at most.
[[nodiscard]] base::Result<Review> approve(const Programme& programme, Review review, std::string by,
                                           base::Instant now);
/// With the item itself a swap of that slot is taken back, without a slot every swap of the item. Errors:
/// conflict "deadline_passed", "approved_already", "ad_for_ad", "no_right" (the other item has none in the
/// period); not_found "unknown_item", "unknown_slot"; invalid "same_item" (there was no swap to take back).
[[nodiscard]] base::Result<Review> swap(const Programme& programme, Review review, Swap swap,
                                        base::Instant now);

} // namespace machiai::programme
