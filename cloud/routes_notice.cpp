// SPDX-License-Identifier: Apache-2.0
// The notice by e-mail: as a part of a booking, and /v1/tickets/{token}/notice.
#include "cloud/mail.hpp"
#include "cloud/near.hpp"
#include "cloud/routes.hpp"

namespace machiai::cloud {

namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

Result<store::NoticeAsked> read_notice(const json::value& from, std::string_view lang) {
  const json::object* wish = from.if_object();
  if (wish == nullptr) return fail(Error::Code::invalid, "bad_body", "notice");
  const json::value* address = wish->if_contains("email");
  const json::value* near = wish->if_contains("near");
  const json::value* tongue = wish->if_contains("lang");
  store::NoticeAsked asked;
  if (address == nullptr || !address->is_string() || !is_email(std::string(address->get_string())))
    return fail(Error::Code::invalid, "bad_email", "notice");
  asked.address = base::Pii<std::string>(std::string(address->get_string()));
  if (near == nullptr || !near->is_int64() || near->get_int64() < least_near || near->get_int64() > most_near)
    return fail(Error::Code::invalid, "bad_near", "notice");
  asked.near = static_cast<int>(near->get_int64());
  asked.lang = lang;
  if (tongue == nullptr) return asked;
  if (!tongue->is_string() || !is_mail_language(std::string(tongue->get_string())))
    return fail(Error::Code::invalid, "bad_body", "notice");
  asked.lang = std::string(tongue->get_string());
  return asked;
}

Routes::Reply Routes::set_notice(Request& request, const std::string& text) {
  const auto token = parse_token(text, node_.clock.now());
  if (!token) co_return fail(Error::Code::not_found, "unknown_ticket");
  if (!request.is_json()) co_return fail(Error::Code::invalid, "not_json");
  boost::system::error_code error;
  const json::value body = json::parse(request.message.body(), error);
  if (error) co_return fail(Error::Code::invalid, "bad_body");
  auto asked = read_notice(body, request.lang);
  if (!asked) co_return tl::unexpected(asked.error());
  if (!node_.mail) co_return fail(Error::Code::conflict, "mail_off");
  const auto before = co_await look_up(*token, request.lang, true);
  if (!before) co_return tl::unexpected(before.error());
  const std::string state(before->at("state").as_string());
  if (state == "called" || state == "in_room") co_return fail(Error::Code::conflict, "called_already");
  if (token->date != base::civil_date(node_.clock.now())) co_return fail(Error::Code::conflict, "not_today");
  const store::Database::Work<bool> work = [token = *token, asked = *asked, now = node_.clock.now()](
                                               pqxx::connection& connection) -> Result<bool> {
    const auto done = store::set_notice(connection, token, asked, now);
    MACHIAI_TRY(done);
    return true;
  };
  co_return co_await changed_ticket(request, *token, work);
}

Routes::Reply Routes::stop_notice(Request& request, const std::string& text) {
  const auto token = parse_token(text, node_.clock.now());
  if (!token) co_return fail(Error::Code::not_found, "unknown_ticket");
  const auto before = co_await look_up(*token, request.lang, true);
  if (!before) co_return tl::unexpected(before.error());
  const store::Database::Work<bool> work =
      [token = *token, now = node_.clock.now()](pqxx::connection& connection) -> Result<bool> {
    const auto done = store::stop_notice(connection, token, now);
    MACHIAI_TRY(done);
    return true;
  };
  co_return co_await changed_ticket(request, *token, work);
}

Routes::Reply Routes::changed_ticket(Request& request, const Token& token,
                                     const store::Database::Work<bool>& work) {
  const auto done = co_await node_.database.run<bool>(work);
  if (!done) co_return tl::unexpected(done.error());
  node_.changed(token.facility);
  auto view = co_await look_up(token, request.lang, true);
  if (!view) co_return tl::unexpected(view.error());
  Response response = json_response(200, *view);
  response.headers.emplace_back("Cache-Control", "no-store");
  co_return response;
}

} // namespace machiai::cloud
