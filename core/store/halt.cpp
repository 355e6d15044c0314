// SPDX-License-Identifier: Apache-2.0
#include "core/store/halt.hpp"

#include "core/store/rows.hpp"

#include <boost/json.hpp>

namespace machiai::store {

namespace json = boost::json;

void Halt::load() {
  const auto text = read_file(home_.halt());
  boost::system::error_code bad;
  const json::value parsed = text ? json::parse(*text, bad) : json::value{};
  if (bad || !parsed.is_object()) return;
  paused_ = base::parse_iso_date(text_of(parsed.as_object(), "paused"));
  muted_ = base::parse_iso_date(text_of(parsed.as_object(), "muted"));
}

base::Status Halt::set(std::string_view what, base::Date today) {
  auto paused = paused_, muted = muted_;
  if (what == "pause")
    paused = today;
  else if (what == "resume")
    paused.reset();
  else if (what == "mute")
    muted = today;
  else if (what == "unmute")
    muted.reset();
  else
    return base::fail(base::Error::Code::invalid, "bad_argument", "action");
  const json::object state{{"paused", paused ? base::iso_date(*paused) : ""},
                           {"muted", muted ? base::iso_date(*muted) : ""}};
  MACHIAI_TRY(write_file(home_.halt(), json::serialize(state) + "\n", false));
  paused_ = paused;
  muted_ = muted;
  return {};
}

} // namespace machiai::store
