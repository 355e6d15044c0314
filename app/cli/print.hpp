// SPDX-License-Identifier: Apache-2.0
// Answers as a person reads them in a terminal; --json prints them as they came.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace machiai::cli {

/// A field as text; empty when it is missing or null.
[[nodiscard]] std::string text(const boost::json::object& body, const char* name);
/// The text, or "?" where it could mislead a reader or his terminal.
[[nodiscard]] std::string harmless(std::string text);
/// A refusal's message, with its detail where that is a place, a file's name or a field's, never a patient's.
[[nodiscard]] std::string refusal_in_words(const boost::json::object& error);
/// The answer of `verb`; `lang` ("ja" or "en") is that of what is out of order.
[[nodiscard]] std::string in_words(const std::string& verb, const boost::json::object& body,
                                   std::string_view lang);

} // namespace machiai::cli
