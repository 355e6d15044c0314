// SPDX-License-Identifier: Apache-2.0
// What a program was given on its command line, of any parser whose options tell their results as CLI11's do.
#pragma once

#include "core/base/text.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace machiai::base {

/// The first option or argument that was given nothing that can be seen, which would silently do the same as
/// leaving it out; empty: none. `meant` are those that mean something so: "VERB NAME", or "NAME" of no verb.
template <class App>
[[nodiscard]] std::string empty_option(const App& app, std::initializer_list<std::string_view> meant = {},
                                       const std::string& verb = {}) {
  for (const auto* option : app.get_options()) {
    const auto& given = option->results();
    const std::string name = option->get_name();
    if (std::any_of(given.begin(), given.end(), [](const std::string& each) { return is_blank(each); }) &&
        std::find(meant.begin(), meant.end(), verb.empty() ? name : verb + " " + name) == meant.end())
      return name;
  }
  for (const auto* below : app.get_subcommands([](const auto*) { return true; })) {
    // A group of options has no name: they are its verb's.
    const std::string within = below->get_name().empty() ? verb : below->get_name();
    if (auto found = empty_option(*below, meant, within); !found.empty()) return found;
  }
  return {};
}

} // namespace machiai::base
