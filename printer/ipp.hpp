// SPDX-License-Identifier: Apache-2.0
// IPP requests over libcups, to cupsd and to the device behind a queue. Errors are as in cups.hpp.
#pragma once

#include "core/base/result.hpp"
#include "printer/cups.hpp"

#include <cups/cups.h>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::printer::ipp {

struct DeleteIpp {
  void operator()(ipp_t* ipp) const { ippDelete(ipp); }
};
using Message = std::unique_ptr<ipp_t, DeleteIpp>;

/// Whom to ask, and about which printer.
struct Target {
  std::string host; ///< a name, or the path of a socket
  int port = 0;
  bool encrypted = false;
  std::string uri; ///< printer-uri of the requests
};

/// One connection for one call of ours: the other side may have been restarted since the last one.
class Call {
public:
  /// All requests of this call together end within `limit`.
  Call(const Target& target, std::chrono::milliseconds limit);

  /// A request about the target's printer, with who asks.
  [[nodiscard]] Message request(ipp_op_t operation, int job = 0) const;
  [[nodiscard]] base::Result<Message> send(Message message, const std::string& resource);
  /// As above, with a document behind the request.
  [[nodiscard]] base::Result<Message> send(const ipp_t* message, const std::string& resource,
                                           const std::string& document);
  [[nodiscard]] bool connected() const { return http_ != nullptr; }

private:
  struct CloseHttp {
    void operator()(http_t* http) const { httpClose(http); }
  };
  [[nodiscard]] bool ready();

  std::string uri_;
  std::chrono::steady_clock::time_point until_;
  std::unique_ptr<http_t, CloseHttp> http_;
};

void ask_for(ipp_t* request, std::initializer_list<const char*> attributes);
/// What jobs_of() reads.
void ask_for_jobs(ipp_t* request);
[[nodiscard]] std::vector<Job> jobs_of(ipp_t* answer);
[[nodiscard]] std::string_view text_of(ipp_attribute_t* attribute, int at = 0);
[[nodiscard]] std::vector<std::string_view> keywords_of(ipp_attribute_t* attribute);

} // namespace machiai::printer::ipp
