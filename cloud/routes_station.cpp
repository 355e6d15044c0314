// SPDX-License-Identifier: Apache-2.0
// A clinic's machine: its certificate for a one-time code, the next one for that, and its link.
#include "cloud/routes.hpp"
#include "cloud/store/facilities.hpp"
#include "core/base/text.hpp"

#include <spdlog/spdlog.h>

namespace machiai::cloud {

namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t largest_csr = 8192;

/// The number that the machine had as a station before; none of one that had none. Invalid "bad_body".
Result<std::optional<int>> read_was(const Request& request) {
  boost::system::error_code error;
  const json::value body = json::parse(request.message.body(), error);
  const json::value* was = error ? nullptr : body.as_object().if_contains("station_number");
  if (was == nullptr) return std::nullopt;
  if (!was->is_int64() || was->get_int64() < 0 || was->get_int64() > UINT16_MAX)
    return fail(Error::Code::invalid, "bad_body", "station_number");
  return static_cast<int>(was->get_int64());
}

/// The texts of these names in the body, in their order; all must be there.
Result<std::vector<std::string>> read_asked(const Request& request,
                                            std::initializer_list<const char*> names) {
  if (!request.is_json()) return fail(Error::Code::invalid, "not_json");
  boost::system::error_code error;
  const json::value body = json::parse(request.message.body(), error);
  const json::object* object = error ? nullptr : body.if_object();
  if (object == nullptr) return fail(Error::Code::invalid, "bad_body");
  std::vector<std::string> texts;
  for (const char* name : names) {
    const json::value* value = object->if_contains(name);
    if (value == nullptr || !value->is_string() || value->as_string().size() > largest_csr)
      return fail(Error::Code::invalid, "bad_body", name);
    texts.emplace_back(value->as_string());
  }
  return texts;
}

} // namespace

Routes::Reply Routes::enrol(Request& request, const std::string&) {
  const auto asked = read_asked(request, {"facility", "code", "csr"});
  if (!asked) co_return tl::unexpected(asked.error());
  const auto was = read_was(request);
  if (!was) co_return tl::unexpected(was.error());
  const Place* place = node_.find(std::string_view((*asked)[0]));
  const auto now = node_.clock.now();
  const std::string station = hex_name(random_bytes(6));
  // The request is read before the code is looked at: a wrong one must not use it up.
  auto made = node_.authority.sign((*asked)[2], place == nullptr ? 1 : place->profile->id, station, now);
  if (!made) co_return tl::unexpected(made.error());
  if (place == nullptr) co_return fail(Error::Code::forbidden, "enrol_refused");
  const store::Certified certified{place->profile->id, made->serial, station, made->fingerprint,
                                   made->not_after};
  const store::Database::Work<int> work = [certified, code = plain_code((*asked)[1]), was = *was,
                                           now](pqxx::connection& connection) {
    return store::enrol(connection, code, certified, was, now);
  };
  const auto number = co_await node_.database.run<int>(work);
  if (!number) co_return tl::unexpected(number.error());
  spdlog::info("facility {} enrolled station {}", certified.facility, station);
  Response response = json_response(200, {{"certificate", made->pem},
                                          {"ca", node_.authority.ca()},
                                          {"facility", place->profile->slug},
                                          {"station", station},
                                          {"station_number", *number},
                                          {"link", link_address_}});
  response.headers.emplace_back("Cache-Control", "no-store");
  co_return response;
}

/// Who calls, by a certificate that counts.
auto Routes::known(Request& request) -> boost::asio::awaitable<Result<Known>> {
  const auto shown = node_.authority.shown_by(request.tls, node_.clock.now());
  if (!shown) co_return tl::unexpected(shown.error());
  const store::Database::Work<std::string> work =
      [shown = *shown](pqxx::connection& connection) -> Result<std::string> {
    return store::station_of(connection, shown);
  };
  const auto station = co_await node_.database.run<std::string>(work);
  if (!station) co_return tl::unexpected(station.error());
  co_return Known{*shown, *station};
}

Routes::Reply Routes::renew(Request& request, const std::string&) {
  const auto caller = co_await known(request);
  if (!caller) co_return tl::unexpected(caller.error());
  const auto asked = read_asked(request, {"facility", "csr"});
  if (!asked) co_return tl::unexpected(asked.error());
  const Place* place = node_.find(std::string_view((*asked)[0]));
  if (place == nullptr || place->profile->id != caller->shown.facility)
    co_return fail(Error::Code::forbidden, "certificate_unknown");
  const auto now = node_.clock.now();
  // For whom it is comes from the certificate that was shown; of the request only its key is looked at.
  const auto made = node_.authority.sign((*asked)[1], caller->shown.facility, caller->station, now);
  if (!made) co_return tl::unexpected(made.error());
  const store::Certified certified{caller->shown.facility, made->serial, caller->station, made->fingerprint,
                                   made->not_after};
  const store::Database::Work<bool> work = [shown = caller->shown, certified,
                                            now](pqxx::connection& connection) -> Result<bool> {
    MACHIAI_TRY(store::renew(connection, shown, certified, now));
    return true;
  };
  const auto done = co_await node_.database.run<bool>(work);
  if (!done) co_return tl::unexpected(done.error());
  spdlog::info("facility {} renewed station {}", certified.facility, certified.station);
  Response response = json_response(
      200, {{"certificate", made->pem}, {"facility", place->profile->slug}, {"station", certified.station}});
  response.headers.emplace_back("Cache-Control", "no-store");
  co_return response;
}

Routes::Reply Routes::link(Request& request, const std::string&) {
  const auto caller = co_await known(request);
  if (!caller) co_return tl::unexpected(caller.error());
  if (!request.wants_websocket()) co_return needs_websocket(request);
  Response response;
  response.status = 101;
  response.raw = true;
  response.takeover = [this, who = Station{caller->shown.facility, caller->station, caller->shown}](
                          std::unique_ptr<Stream> stream, HttpMessage upgrade) {
    links_.open(std::move(stream), std::move(upgrade), who);
  };
  co_return response;
}

} // namespace machiai::cloud
