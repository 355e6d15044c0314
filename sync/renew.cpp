// SPDX-License-Identifier: Apache-2.0
#include "sync/renew.hpp"

#include "sync/enrol.hpp"
#include "sync/post.hpp"

namespace machiai::sync {

namespace asio = boost::asio;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

Address address_of(const LinkSettings& link) {
  return {link.host, link.port, "/v1/renew"};
}

json::object body_of(const LinkSettings& link, const Wish& wish) {
  return {{"facility", link.facility}, {"csr", wish.csr}};
}

const json::object* object_in(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

Result<Pair> read_answer(const LinkSettings& link, const Wish& wish, const Result<Answer>& answer) {
  MACHIAI_TRY(answer);
  if (answer->status == 401 || answer->status == 403) {
    // Another certificate mends all but this one.
    const json::object* error = object_in(answer->body, "error");
    const json::value* reason = error == nullptr ? nullptr : error->if_contains("reason");
    const bool replaced = reason != nullptr && *reason == json::value("station_replaced");
    return fail(Error::Code::forbidden, replaced ? "station_replaced" : "certificate_refused");
  }
  if (answer->status == 429) return fail(Error::Code::limit, "renewed_too_often");
  const json::value* certificate = answer->body.if_contains("certificate");
  if (answer->status != 200 || certificate == nullptr || !certificate->is_string())
    return fail(Error::Code::device, "cloud_unreachable");
  Pair pair{wish.key, std::string(certificate->as_string())};
  const auto life = check_pair(pair, link.ca);
  MACHIAI_TRY(life);
  const auto present = check_pair({link.key, link.certificate}, link.ca);
  MACHIAI_TRY(present);
  if (!same_subject(pair.certificate, link.certificate) || life->until <= present->until)
    return fail(Error::Code::storage, "bad_enrolment", "answer");
  return pair;
}

} // namespace

asio::awaitable<Result<Pair>> ask_renewal(LinkSettings link) {
  const auto tls = client_context(link);
  if (!tls) co_return tl::unexpected(tls.error());
  const auto wish = make_wish(link.facility);
  if (!wish) co_return tl::unexpected(wish.error());
  const auto answer = co_await post(address_of(link), body_of(link, *wish), *tls, true);
  co_return read_answer(link, *wish, answer);
}

Result<Renewed> renew(const store::Home& home) {
  const auto enrolled = load_enrolled(home);
  MACHIAI_TRY(enrolled);
  if (!*enrolled) return fail(Error::Code::not_found, "not_enrolled");
  const LinkSettings& link = (*enrolled)->link;
  const auto tls = client_context(link);
  MACHIAI_TRY(tls);
  const auto wish = make_wish(link.facility);
  MACHIAI_TRY(wish);
  const auto pair = read_answer(link, *wish, post_now(address_of(link), body_of(link, *wish), *tls, true));
  MACHIAI_TRY(pair);
  MACHIAI_TRY(keep_next(home, *pair));
  const auto life = check_pair(*pair, link.ca);
  MACHIAI_TRY(life);
  return Renewed{link.facility, life->until};
}

} // namespace machiai::sync
