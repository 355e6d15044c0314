// SPDX-License-Identifier: Apache-2.0
#include "media/draw.hpp"

#include "media/child.hpp"

#include <filesystem>

namespace machiai::media {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

constexpr std::chrono::milliseconds drawing_limit{8'000};
constexpr std::size_t most_answered = std::size_t{1} << 20;
constexpr std::uint64_t largest_picture = std::uint64_t{64} << 20;

} // namespace

base::Result<json::object> ask_notice(const json::object& question) {
  std::error_code error;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  Command command;
  command.words = {(here / "machiai-notice").string(), json::serialize(question)};
  command.limit = drawing_limit;
  command.largest_file = largest_picture;
  const auto ended = run_and_read(std::move(command), most_answered);
  if (!ended) return fail(Error::Code::device, "no_renderer", ended.error().reason);
  boost::system::error_code bad;
  const json::value answer = json::parse(ended->second, bad);
  if (bad || !answer.is_object())
    return fail(Error::Code::device, "no_renderer", std::to_string(ended->first.status));
  return answer.as_object();
}

} // namespace machiai::media
