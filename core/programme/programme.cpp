// SPDX-License-Identifier: Apache-2.0
#include "core/programme/programme.hpp"

#include "core/base/text.hpp"
#include "core/programme/guards.hpp"
#include "core/programme/holidays.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace machiai::programme {

using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::array kinds{std::pair{Kind::provided, std::string_view{"provided"}},
                           std::pair{Kind::ad, std::string_view{"ad"}},
                           std::pair{Kind::introduction, std::string_view{"introduction"}},
                           std::pair{Kind::notice, std::string_view{"notice"}},
                           std::pair{Kind::own, std::string_view{"own"}},
                           std::pair{Kind::relaxation, std::string_view{"relaxation"}}};

constexpr std::size_t longest_id = 48;
constexpr std::size_t longest_title = 80;
constexpr int shortest_seconds = 3;
constexpr int longest_seconds = 4 * 3600;
constexpr int longest_period = 366; ///< days, the first and the last of them too
constexpr std::size_t most_items = 1000;
constexpr std::size_t most_slots = 200;

bool is_hash(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool are_hours(const Hours& hours) {
  return hours.from >= 0 && hours.from < hours.to && hours.to <= 1440;
}

/// Collects what is wrong with one document.
class Checker {
public:
  explicit Checker(const Programme& programme) : p_(programme) {}

  std::vector<Fault> run() {
    need(base::is_plain_id(p_.id, longest_id), "programme", "bad_id");
    need(base::is_plain_id(p_.facility, longest_id), "facility", "bad_id");
    need(p_.version >= 1, "version", "bad_number");
    need(p_.from <= p_.to && p_.to.days - p_.from.days < longest_period, "period", "bad_period");
    need(p_.items.size() <= most_items, "items", "too_many");
    need(p_.slots.size() <= most_slots, "slots", "too_many");
    items();
    slots();
    for (std::size_t i = 0; i < p_.exceptions.size(); ++i) exception(p_.exceptions[i], at("exceptions", i));
    for (std::size_t i = 0; i < p_.substitute.size(); ++i) {
      const Item* item = find_item(p_, p_.substitute[i]);
      need(item != nullptr, at("substitute", i), "unknown_item");
      // What takes the place of unapproved content must itself be free of every condition.
      need(item == nullptr || (item->kind == Kind::relaxation && item->rights.empty()), at("substitute", i),
           "not_relaxation");
    }
    return std::move(faults_);
  }

private:
  static std::string at(const std::string& where, std::size_t i) { return where + "/" + std::to_string(i); }
  void need(bool holds, std::string where, const char* reason) {
    if (!holds) faults_.push_back({std::move(where), reason});
  }

  void items() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < p_.items.size(); ++i) {
      const Item& item = p_.items[i];
      const std::string where = at("items", i);
      need(base::is_plain_id(item.id, longest_id), where + "/id", "bad_id");
      need(item.id != own_scene, where + "/id", "reserved");
      need(seen.insert(item.id).second, where + "/id", "twice");
      need(base::check_text(item.title, longest_title).has_value(), where + "/title", "bad_text");
      need(base::check_text(item.title_en, longest_title).has_value(), where + "/title_en", "bad_text");
      need(base::check_text(item.sponsor, longest_title).has_value(), where + "/sponsor", "bad_text");
      need(is_hash(item.sha256), where + "/sha256", "bad_hash");
      need(item.seconds >= shortest_seconds && item.seconds <= longest_seconds, where + "/seconds",
           "bad_number");
      need(!needs_approval(item.kind) || !item.rights.empty(), where + "/rights", "no_right");
      need(item.kind != Kind::ad || !item.sponsor.empty(), where + "/sponsor", "no_sponsor");
      for (std::size_t r = 0; r < item.rights.size(); ++r) {
        const Right& right = item.rights[r];
        need(right.from <= right.to, at(where + "/rights", r), "bad_period");
        need(std::all_of(right.hours.begin(), right.hours.end(), are_hours),
             at(where + "/rights", r) + "/hours", "bad_hours");
      }
    }
  }

  void slots() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < p_.slots.size(); ++i) {
      const Slot& slot = p_.slots[i];
      const std::string where = at("slots", i);
      need(base::is_plain_id(slot.id, longest_id), where + "/id", "bad_id");
      need(seen.insert(slot.id).second, where + "/id", "twice");
      need(are_hours(slot.hours), where, "bad_hours");
      need(slot.ad_share >= 0 && slot.ad_share <= 100, where + "/ad_share", "bad_number");
      need(slot.ad_share == 0 || !slot.ads.empty(), where + "/ads", "no_ads");
      choices(slot.items, where + "/items", false);
      choices(slot.ads, where + "/ads", true);
    }
  }

  /// Ads stand among the ads, so that their share can be kept; everything else among the items.
  void choices(const std::vector<Choice>& list, const std::string& where, bool ads) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Item* item = find_item(p_, list[i].item);
      need(item != nullptr, at(where, i), "unknown_item");
      need(item == nullptr || (item->kind == Kind::ad) == ads, at(where, i), ads ? "not_an_ad" : "an_ad");
      need(list[i].weight >= 1 && list[i].weight <= 100, at(where, i) + "/weight", "bad_number");
    }
  }

  void exception(const Exception& exception, const std::string& where) {
    need(in_period(p_, exception.date), where + "/date", "outside_period");
    need(excepted_.insert(exception.date.days).second, where + "/date", "twice");
    for (const std::string& id : exception.slots)
      need(std::any_of(p_.slots.begin(), p_.slots.end(), [&](const Slot& s) { return s.id == id; }),
           where + "/slots", "unknown_slot");
  }

  const Programme& p_;
  std::set<std::int32_t> excepted_;
  std::vector<Fault> faults_;
};

/// The item is shown again where it stood, in this slot or in all.
Result<Review> swapped_back(Review review, const Swap& swap) {
  const auto gone = std::erase_if(review.swaps, [&](const Swap& s) {
    return s.item == swap.item && (swap.slot.empty() || s.slot == swap.slot);
  });
  const bool elsewhere = std::any_of(review.swaps.begin(), review.swaps.end(),
                                     [&](const Swap& s) { return s.item == swap.item && s.slot.empty(); });
  if (elsewhere)
    review.swaps.push_back(swap); // the later one counts, and the other slots keep theirs
  else if (gone == 0)
    return fail(Error::Code::invalid, "same_item");
  return review;
}

base::Status still_open(const Programme& programme, const Review& review, base::Instant now) {
  if (review.approved) return fail(Error::Code::conflict, "approved_already");
  if (now >= programme.deadline) return fail(Error::Code::conflict, "deadline_passed");
  return {};
}

} // namespace

std::string_view kind_name(Kind kind) {
  return std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == kind; })->second;
}

std::optional<Kind> kind_of(std::string_view name) {
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.second == name; });
  return found == kinds.end() ? std::nullopt : std::optional(found->first);
}

std::vector<Fault> check(const Programme& programme) {
  return Checker(programme).run();
}

const Item* find_item(const Programme& programme, std::string_view id) {
  const auto found = std::find_if(programme.items.begin(), programme.items.end(),
                                  [&](const Item& item) { return item.id == id; });
  return found == programme.items.end() ? nullptr : &*found;
}

Days days_of(base::Date date) {
  if (is_holiday(date)) return holiday;
  return static_cast<Days>(1U << static_cast<unsigned>(base::weekday(date)));
}

bool in_period(const Programme& programme, base::Date date) {
  return programme.from <= date && date <= programme.to;
}

bool may_air(const Item& item, base::Date date, int from, int to) {
  return may_air(item, date, days_of(date), from, to);
}

bool may_air(const Item& item, base::Date date, Days days, int from, int to) {
  if (item.rights.empty()) return !needs_approval(item.kind);
  return std::any_of(item.rights.begin(), item.rights.end(), [&](const Right& right) {
    if (date < right.from || right.to < date || (right.days & days) == 0) return false;
    if (right.hours.empty()) return to <= 86'400;
    return std::any_of(right.hours.begin(), right.hours.end(),
                       [&](const Hours& hours) { return hours.from * 60 <= from && to <= hours.to * 60; });
  });
}

bool in_time(const Programme& programme, const Review& review) {
  if (!review.approved) return false;
  return !guard_on(Guard::in_time) || *review.approved < programme.deadline;
}

Result<Review> approve(const Programme& programme, Review review, std::string by, base::Instant now) {
  MACHIAI_TRY(base::check_text(by, longest_title));
  MACHIAI_TRY(still_open(programme, review, now));
  review.programme = programme.id;
  review.version = programme.version;
  review.approved = now;
  review.by = std::move(by);
  return review;
}

Result<Review> swap(const Programme& programme, Review review, Swap swap, base::Instant now) {
  MACHIAI_TRY(still_open(programme, review, now));
  const Item* item = find_item(programme, swap.item);
  const Item* with = find_item(programme, swap.with);
  if (item == nullptr) return fail(Error::Code::not_found, "unknown_item", swap.item);
  if (with == nullptr) return fail(Error::Code::not_found, "unknown_item", swap.with);
  const bool known = swap.slot.empty() || std::any_of(programme.slots.begin(), programme.slots.end(),
                                                      [&](const Slot& s) { return s.id == swap.slot; });
  if (!known) return fail(Error::Code::not_found, "unknown_slot", swap.slot);
  review.programme = programme.id;
  review.version = programme.version;
  if (swap.item == swap.with) return swapped_back(std::move(review), swap);
  // An ad only for an ad: what is sold as a share of time stays one.
  if (with->kind == Kind::ad && item->kind != Kind::ad)
    return fail(Error::Code::conflict, "ad_for_ad", swap.with);
  const bool right =
      with->rights.empty() || std::any_of(with->rights.begin(), with->rights.end(), [&](const Right& r) {
        return r.from <= programme.to && programme.from <= r.to;
      });
  if (!right) return fail(Error::Code::conflict, "no_right", swap.with);
  std::erase_if(review.swaps, [&](const Swap& s) { return s.slot == swap.slot && s.item == swap.item; });
  review.swaps.push_back(std::move(swap));
  return review;
}

} // namespace machiai::programme
