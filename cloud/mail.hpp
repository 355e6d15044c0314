// SPDX-License-Identifier: Apache-2.0
// The mail that says "it is nearly your turn": RFC 5322 with its words in the patient's language. It holds
// the clinic's name, the number, the people ahead and the way to the ticket's page; no name, nothing medical.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/pii.hpp"

#include <string>
#include <string_view>

namespace machiai::cloud {

struct Mail {
  std::string from; ///< address
  base::Pii<std::string> to;
  std::string id;   ///< of the notice: the same at each try, so that a repeat can be known
  std::string lang; ///< one of is_mail_language
  std::string clinic;
  std::string phone; ///< may be empty
  std::string number;
  int ahead = 0;
  base::Instant as_of{}; ///< of `ahead`
  base::Instant now{};
  std::string link;
};

/// ja, easy, en, zh, ko, vi, pt: the languages of the service site.
[[nodiscard]] bool is_mail_language(std::string_view lang);
/// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);
/// Headers and body in lines ended by CR LF; none is longer than 76 characters but for an address that is.
[[nodiscard]] std::string message_of(const Mail& mail);

} // namespace machiai::cloud
