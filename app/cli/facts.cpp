// SPDX-License-Identifier: Apache-2.0
#include "app/cli/facts.hpp"

#include "core/store/contract.hpp"
#include "core/store/halt.hpp"
#include "core/store/ledger.hpp"
#include "core/store/media.hpp"
#include "core/store/programmes.hpp"
#include "core/store/seen_time.hpp"

#include <memory>

namespace machiai::cli {

using base::Result;

namespace {

Result<std::vector<programme::Hours>> hours_today(const store::Home& home, const queue::Clinic& clinic,
                                                  base::Date today) {
  std::error_code error;
  if (!std::filesystem::exists(home.ledger(), error)) return store::open_hours(clinic, today);
  auto ledger = store::Ledger::open_to_read(home.ledger().string(), clinic);
  MACHIAI_TRY(ledger);
  const auto loaded = ledger->load();
  MACHIAI_TRY(loaded);
  return store::open_hours(clinic, loaded->day, today);
}

} // namespace

Result<Here> films_here(const store::Home& home, const store::StationSettings& settings, base::Instant now) {
  std::error_code error;
  // A question makes no shelf and no key.
  if (!std::filesystem::exists(home.media(), error)) return [](std::string_view) { return false; };
  auto shelf = store::MediaShelf::open(home, std::uint64_t(settings.media_quota_gb) << 30, true);
  MACHIAI_TRY(shelf);
  return [now, kept = std::make_shared<const store::MediaShelf>(std::move(*shelf))](std::string_view sha256) {
    return kept->ready(sha256, now);
  };
}

Result<programme::Facts> facts_now(const store::Home& home, const store::StationSettings& settings,
                                   base::Instant now) {
  const base::Date today = base::civil_date(now);
  programme::Facts facts = store::under_contract({}, store::load_contract(home), now);
  auto open = hours_today(home, settings.clinic, today);
  MACHIAI_TRY(open);
  facts.open = std::move(*open);
  const auto recorded = store::latest_recorded(home);
  MACHIAI_TRY(recorded);
  facts.clock_trusted = store::is_believable(now) && !(*recorded && store::is_behind(now, recorded->value()));
  store::Halt halt(home);
  halt.load();
  facts.paused = halt.paused(today);
  auto here = films_here(home, settings, now);
  MACHIAI_TRY(here);
  facts.ready = [here = std::move(*here)](const programme::Item& item) { return here(item.sha256); };
  return facts;
}

programme::Facts planned_facts(const store::Home& home, const queue::Clinic& clinic, base::Instant at) {
  programme::Facts facts;
  facts.open = store::open_hours(clinic, base::civil_date(at));
  return store::under_contract(std::move(facts), store::load_contract(home), at);
}

} // namespace machiai::cli
