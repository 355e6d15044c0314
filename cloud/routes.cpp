// SPDX-License-Identifier: Apache-2.0
#include "cloud/routes.hpp"

#include "cloud/store/restored.hpp"
#include "cloud/store/schema.hpp"
#include "core/booking/slots.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace machiai::cloud {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view for_a_moment = "public, max-age=2";
constexpr std::string_view for_one = "private, no-cache";
constexpr std::size_t longest_part = 64;

/// The part of the path that stands for the last {name}; none when it is another path.
std::optional<std::string> match(std::string_view pattern, const std::vector<std::string>& path) {
  std::string argument;
  std::size_t at = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(part.size());
    if (at >= path.size()) return std::nullopt;
    if (part.front() == '{') {
      if (path[at].empty() || path[at].size() > longest_part) return std::nullopt;
      argument = path[at];
    } else if (path[at] != part) {
      return std::nullopt;
    }
    ++at;
  }
  return at == path.size() ? std::optional(argument) : std::nullopt;
}

Error unknown_ticket() {
  return {Error::Code::not_found, "unknown_ticket", {}};
}

Response file_response(const Request& request, const SiteFile& file, std::string cache) {
  const bool packed = !file.packed.empty() && request.takes_gzip();
  Response response = with_etag(request, packed ? file.packed : file.body,
                                packed ? file.packed_etag : file.etag, std::move(cache));
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (packed && response.status == 200) response.headers.emplace_back("Content-Encoding", "gzip");
  response.type = file.type;
  secure_page(response, request);
  return response;
}

} // namespace

const std::vector<Routes::Way>& Routes::ways() {
  static const std::vector<Way> all{
      {{"GET", "/v1/facilities/{facility}"}, &Routes::facility},
      {{"GET", "/v1/facilities/{facility}/status"}, &Routes::status},
      {{"GET", "/v1/facilities/{facility}/numbers/{ticket}"}, &Routes::number},
      {{"GET", "/v1/facilities/{facility}/services/{service}/slots"}, &Routes::slots},
      {{"POST", "/v1/facilities/{facility}/bookings"}, &Routes::book, true},
      {{"GET", "/v1/tickets/{token}"}, &Routes::ticket},
      {{"POST", "/v1/tickets/{token}/cancel"}, &Routes::cancel},
      {{"POST", "/v1/tickets/{token}/arrive"}, &Routes::arrive},
      {{"PUT", "/v1/tickets/{token}/notice"}, &Routes::set_notice, true},
      {{"DELETE", "/v1/tickets/{token}/notice"}, &Routes::stop_notice},
      {{"GET", "/v1/live"}, &Routes::live},
      {{"POST", "/v1/enrol"}, &Routes::enrol, true},
      {{"POST", "/v1/renew"}, &Routes::renew, true},
      {{"GET", "/v1/link"}, &Routes::link},
      {{"GET", "/v1/media/{sha256}"}, &Routes::media},
      {{"GET", "/f/{facility}"}, &Routes::facility_page},
      {{"GET", "/t/{token}"}, &Routes::ticket_page},
      {{"GET", "/openapi.yaml"}, &Routes::openapi},
      {{"GET", "/healthz"}, &Routes::healthz},
  };
  return all;
}

const std::vector<Routes::Route>& Routes::all() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> list;
    for (const Way& each : ways()) list.push_back(each.route);
    return list;
  }();
  return routes;
}

asio::awaitable<Response> Routes::answer(Request& request) {
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  const Way* way = nullptr;
  std::string argument;
  std::string allowed;
  for (const Way& each : ways()) {
    const auto matched = match(each.route.path, request.path);
    if (!matched) continue;
    allowed += (allowed.empty() ? "" : ", ") + std::string(each.route.method);
    if (each.route.method != method) continue;
    way = &each;
    argument = *matched;
  }
  if (request.limited && !(way != nullptr && way->costly ? bookings_ : requests_).take(request.address))
    co_return refusal({Error::Code::limit, "too_many_requests", {}}, request.lang);
  if (way == nullptr && !allowed.empty()) {
    Response response = refusal({Error::Code::invalid, "bad_method", {}}, request.lang);
    response.headers.emplace_back("Allow", allowed);
    co_return response;
  }
  if (way == nullptr) {
    std::string path;
    for (const std::string& part : request.path) path += "/" + part;
    if (const SiteFile* file = method == "GET" ? site_.find(path) : nullptr)
      co_return file_response(request, *file,
                              path.rfind("/assets/", 0) == 0 ? "public, max-age=31536000, immutable"
                                                             : "no-cache");
    co_return refusal({Error::Code::not_found, "unknown_path", {}}, request.lang);
  }
  auto told = co_await (this->*way->act)(request, argument);
  if (told) co_return std::move(*told);
  co_return refusal(told.error(), request.lang);
}

Routes::Reply Routes::facility(Request& request, const std::string& name) {
  Place* place = node_.find(std::string_view(name));
  if (place == nullptr) co_return fail(Error::Code::not_found, "unknown_facility");
  const auto day = co_await node_.day(*place, false);
  if (!day) co_return tl::unexpected(day.error());
  const Cached& text = node_.page(*place, request.lang);
  Response response = with_etag(request, text.body, text.etag, std::string(for_a_moment));
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  co_return response;
}

Routes::Reply Routes::status(Request& request, const std::string& name) {
  Place* place = node_.find(std::string_view(name));
  if (place == nullptr) co_return fail(Error::Code::not_found, "unknown_facility");
  const auto day = co_await node_.day(*place, false);
  if (!day) co_return tl::unexpected(day.error());
  const Cached& text = node_.status(*place, request.lang);
  Response response = with_etag(request, text.body, text.etag, std::string(for_a_moment));
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  co_return response;
}

Routes::Reply Routes::number(Request& request, const std::string& ticket) {
  Place* place = node_.find(std::string_view(request.path[facility_part]));
  if (place == nullptr) co_return fail(Error::Code::not_found, "unknown_facility");
  const auto day = co_await node_.day(*place, false);
  if (!day) co_return tl::unexpected(day.error());
  const auto view = number_view(node_.scene(*place, **day, request.lang), ticket);
  if (!view) co_return tl::unexpected(unknown_ticket());
  std::string body = json::serialize(*view);
  std::string etag = etag_of(body);
  Response response = with_etag(request, std::move(body), std::move(etag), std::string(for_a_moment));
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  co_return response;
}

asio::awaitable<Result<json::object>> Routes::look_up(const Token& token, std::string_view lang, bool fresh) {
  const auto today = base::civil_date(node_.clock.now());
  // A token lives until the end of the day after its date; that of a slot is of a day to come.
  const Place* place = node_.find(token.facility);
  if (place == nullptr || token.date.days > today.days + booking::most_days_ahead ||
      token.date.days < today.days - 1)
    co_return tl::unexpected(unknown_ticket());
  auto found = co_await look(token, lang, fresh);
  // Only a restore makes the database forget: who tries tokens elsewhere costs it no more than before.
  if (found || found.error().reason != "unknown_ticket" || place->profile->generation == 1) co_return found;
  const store::Database::Work<bool> work = [token](pqxx::connection& connection) -> Result<bool> {
    return store::remember(connection, token);
  };
  const auto remembered = co_await node_.database.run<bool>(work);
  if (!remembered) co_return tl::unexpected(remembered.error());
  if (!*remembered) co_return found;
  node_.changed(token.facility);
  co_return co_await look(token, lang, true);
}

asio::awaitable<Result<json::object>> Routes::look(const Token& token, std::string_view lang, bool fresh) {
  Place* place = node_.find(token.facility);
  const auto today = base::civil_date(node_.clock.now());
  if (token.date != today) {
    const store::Database::Work<store::Day> work =
        [token](pqxx::connection& connection) -> Result<store::Day> {
      return store::load_day(connection, token.facility, token.date);
    };
    auto other = co_await node_.database.run<store::Day>(work);
    if (!other) co_return tl::unexpected(other.error());
    auto view = ticket_view(node_.scene(*place, *other, lang), token);
    const bool early = view && token.date > today && view->at("slot").is_null();
    if (!view || early) co_return tl::unexpected(unknown_ticket());
    co_return std::move(*view);
  }
  for (const bool again : {false, true}) {
    const auto day = co_await node_.day(*place, fresh || again);
    if (!day) co_return tl::unexpected(day.error());
    if (auto view = ticket_view(node_.scene(*place, **day, lang), token)) co_return std::move(*view);
  }
  co_return tl::unexpected(unknown_ticket());
}

Routes::Reply Routes::ticket(Request& request, const std::string& text) {
  const auto token = parse_token(text, node_.clock.now());
  if (!token) co_return tl::unexpected(unknown_ticket());
  auto view = co_await look_up(*token, request.lang, false);
  if (!view) co_return tl::unexpected(view.error());
  std::string body = json::serialize(*view);
  std::string etag = etag_of(body);
  co_return with_etag(request, std::move(body), std::move(etag), std::string(for_one));
}

Routes::Reply Routes::change(Request& request, const std::string& text,
                             base::Status (*act)(pqxx::connection&, const Token&)) {
  const auto token = parse_token(text, node_.clock.now());
  if (!token) co_return tl::unexpected(unknown_ticket());
  auto before = co_await look_up(*token, request.lang, true);
  if (!before) co_return tl::unexpected(before.error());
  const std::string state(before->at("state").as_string());
  if (state == "called" || state == "in_room") {
    if (act == store::cancel) co_return fail(Error::Code::conflict, "called_already");
  } else if ((state == "done" || state == "no_show" || state == "void" || state == "not_drawn")) {
    co_return fail(Error::Code::conflict, "ticket_over");
  } else if (act == store::arrive && (state == "absent" || state == "hold")) {
    // As at the kiosk: the reception puts them into the line again.
    co_return fail(Error::Code::conflict, state == "absent" ? "missed_call" : "on_hold");
  }
  const base::Date today = base::civil_date(node_.clock.now());
  if (token->date < today || (act == store::arrive && token->date != today))
    co_return fail(Error::Code::conflict, "not_today");
  const store::Database::Work<bool> work = [act,
                                            token = *token](pqxx::connection& connection) -> Result<bool> {
    const auto outcome = act(connection, token);
    MACHIAI_TRY(outcome);
    return true;
  };
  co_return co_await changed_ticket(request, *token, work);
}

Routes::Reply Routes::cancel(Request& request, const std::string& token) {
  co_return co_await change(request, token, &store::cancel);
}

Routes::Reply Routes::arrive(Request& request, const std::string& token) {
  co_return co_await change(request, token, &store::arrive);
}

Routes::Reply Routes::live(Request& request, const std::string&) {
  const std::string facility = request.argument("facility");
  const std::string text = request.argument("token");
  const std::string number = request.argument("number");
  if (facility.empty() == text.empty() || (facility.empty() && !number.empty()))
    co_return fail(Error::Code::invalid, "bad_argument");
  if (!request.wants_websocket()) co_return needs_websocket(request);
  Place* place = nullptr;
  if (!text.empty()) {
    const auto token = parse_token(text, node_.clock.now());
    if (!token) co_return tl::unexpected(unknown_ticket());
    const auto view = co_await look_up(*token, request.lang, false);
    if (!view) co_return tl::unexpected(view.error());
    place = node_.find(token->facility);
  } else {
    place = node_.find(std::string_view(facility));
    if (place == nullptr) co_return fail(Error::Code::not_found, "unknown_facility");
  }
  if (!number.empty()) {
    const auto day = co_await node_.day(*place, false);
    if (!day) co_return tl::unexpected(day.error());
    if (!number_view(node_.scene(*place, **day, request.lang), number))
      co_return tl::unexpected(unknown_ticket());
  }
  Response response;
  response.status = 101;
  const std::string accept = accept_key(request.header(http::field::sec_websocket_key));
  if (accept.empty()) co_return fail(Error::Code::invalid, "bad_argument");
  response.headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", accept}};
  response.takeover = [this, place, text, number,
                       english = request.lang == "en"](std::unique_ptr<Stream> stream, const HttpMessage&) {
    auto viewer = std::make_shared<Viewer>(place->viewers, std::move(stream));
    viewer->token = text;
    viewer->number = number;
    viewer->english = english;
    node_.watch(*place, viewer);
  };
  co_return response;
}

Routes::Reply Routes::facility_page(Request& request, const std::string& name) {
  const bool known = node_.find(std::string_view(name)) != nullptr;
  // The page of all: who has it from another clinic's address is told all the same.
  if (!known) request.message.erase(http::field::if_none_match);
  Response response = file_response(request, site_.page(), "no-cache");
  if (!known && response.status == 200) response.status = 404;
  co_return response;
}

Routes::Reply Routes::ticket_page(Request& request, const std::string&) {
  co_return file_response(request, site_.page(), "no-cache");
}

Routes::Reply Routes::openapi(Request& request, const std::string&) {
  static const std::string etag = etag_of(openapi_document());
  Response response = with_etag(request, std::string(openapi_document()), etag, "public, max-age=300");
  response.type = "application/yaml";
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  co_return response;
}

Routes::Reply Routes::healthz(Request&, const std::string&) {
  const bool up = node_.database.up();
  const int schema = up ? store::migrations().back().number : 0;
  Response response =
      json_response(up ? 200 : 503, {{"ok", up}, {"version", MACHIAI_VERSION}, {"schema", schema}});
  response.headers.emplace_back("Cache-Control", "no-store");
  co_return response;
}

} // namespace machiai::cloud
