// SPDX-License-Identifier: Apache-2.0
// Files for the stations: programmes and films by their content, from addresses that were signed for one
// facility.
#include "cloud/files.hpp"
#include "cloud/grant.hpp"
#include "cloud/range.hpp"
#include "cloud/routes.hpp"

#include <utility>

namespace machiai::cloud {

namespace http = boost::beast::http;
using base::Error;
using base::fail;

namespace {

/// Each has a piece of its file in memory; beyond that stations wait their turn, and others are not slowed
/// down.
constexpr long most_sending = 256;
constexpr long most_to_one = 16; ///< facility: one whose address went astray keeps nobody else from theirs

void describe(Response& response, const std::string& etag) {
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Accept-Ranges", "bytes");
  response.headers.emplace_back("Cache-Control", "private, no-transform");
}

} // namespace

Routes::Reply Routes::media(Request& request, const std::string& sha256) {
  const std::string facility = request.argument("for"), until = request.argument("until"),
                    sign = request.argument("sign");
  if (node_.media.key.empty()) co_return fail(Error::Code::forbidden, "media_refused");
  const auto grant = granted(node_.media.key, {sha256, facility, until, sign}, node_.clock.now());
  if (!grant) co_return tl::unexpected(grant.error());
  auto file = open_content(node_.media.dir, grant->sha256);
  if (!file) co_return tl::unexpected(file.error());
  const auto size = file->size();
  if (!size) co_return tl::unexpected(size.error());
  const std::string etag = "\"" + grant->sha256 + "\"";
  Response response;
  response.type = "application/octet-stream";
  if (has_already(request.header(http::field::if_none_match), etag)) {
    response.status = 304;
    describe(response, etag);
    co_return response;
  }
  // Of ranges only GET knows (RFC 9110, 14.2).
  const bool get = request.method == "GET";
  const Ranged ranged = range_of(get ? request.header(http::field::range) : std::string_view{},
                                 request.header(http::field::if_range), etag, *size);
  if (ranged.part == Part::beyond) {
    response = refusal({Error::Code::invalid, "range_beyond", {}}, request.lang);
    response.headers.emplace_back("Content-Range", content_range(ranged, *size));
    co_return response;
  }
  std::shared_ptr<void>& to_it = sending_to_[grant->facility];
  if (!to_it) to_it = std::make_shared<char>();
  if (get && (sending_.use_count() > most_sending || to_it.use_count() > most_to_one))
    co_return fail(Error::Code::limit, "too_many_downloads");
  if (ranged.part == Part::piece) {
    response.status = 206;
    response.headers.emplace_back("Content-Range", content_range(ranged, *size));
  }
  describe(response, etag);
  auto places = std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(sending_, to_it);
  response.file =
      std::make_shared<FileBody>(FileBody{std::move(*file), ranged.first, ranged.length, std::move(places)});
  co_return response;
}

} // namespace machiai::cloud
