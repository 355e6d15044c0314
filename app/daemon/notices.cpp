// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/notices.hpp"

#include "core/wire/commands.hpp"
#include "media/draw.hpp"

#include <boost/asio/post.hpp>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;

namespace {

json::object question_of(const hub::Request& request, const store::Home& home, const std::string& words) {
  json::object asked{{"ask", "may"}, {"own", home.templates().string()}, {"words", words}};
  for (const char* name : {"template", "lang", "fields"})
    if (const json::value* given = request.args.if_contains(name)) asked[name] = *given;
  return asked;
}

} // namespace

void Notices::show(const hub::Caller& caller, hub::Request request, hub::Respond respond) {
  auto question = question_of(request, home_, caller.lang);
  const bool taken =
      reader_.post([this, caller, respond, request = std::move(request), question = std::move(question)] {
        auto answer = media::ask_notice(question);
        if (!answer) answer = hub::refusal(caller, answer.error());
        boost::asio::post(loop_, [this, caller, respond, request, answer = std::move(*answer)]() mutable {
          if (answer.contains("error")) return respond(std::move(answer));
          inner_.handle(caller, std::move(request), std::move(respond));
        });
      });
  if (!taken) respond(hub::refusal(caller, {Error::Code::limit, "overloaded", {}}));
}

} // namespace machiai::daemon
