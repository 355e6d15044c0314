// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/outside.hpp"

#include "core/wire/acceptance.hpp"
#include "sync/plan.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace machiai::daemon {

namespace {

/// Numbers change with every patient; the file need not follow each of them.
constexpr std::chrono::seconds keep_at_most_every{60};

std::filesystem::path file_of(const store::Home& home) {
  return home.cloud() / "acceptance.json";
}

} // namespace

void Outside::load() {
  const auto text = store::read_file(file_of(home_));
  const auto view = text ? wire::acceptance_from_text(*text) : tl::unexpected(text.error());
  if (!view) return;
  view_ = *view;
  station_.outside_changed(*view_);
}

void Outside::told(std::string_view body) {
  auto view = wire::acceptance_from_text(body);
  if (!view)
    return spdlog::warn("link: what is taken from outside was not told right: {}", view.error().detail);
  view_ = std::move(*view);
  view_->at = clock_.now(); // by this machine's clock, as everything that the desk shows
  view_->current = true;
  const auto age = view_->at - kept_;
  if (age >= keep_at_most_every || age < age.zero()) keep();
  station_.outside_changed(*view_);
}

void Outside::link_changed(bool up) {
  if (up || !view_ || !view_->current) return;
  // A link that has died was silent for so long before it was given up.
  view_->at = std::max(view_->at, clock_.now() - sync::given_up_after);
  view_->current = false;
  keep();
  station_.outside_changed(*view_);
}

/// A disk that does not take it costs nothing but this after a restart.
void Outside::keep() {
  kept_ = view_->at;
  (void)files_.post([path = file_of(home_), text = wire::acceptance_document_of(*view_).body] {
    if (const auto kept = store::write_file(path, text + "\n", false); !kept)
      spdlog::info("link: what is taken from outside could not be kept: {}", kept.error().reason);
  });
}

} // namespace machiai::daemon
