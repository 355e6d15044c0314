// SPDX-License-Identifier: Apache-2.0
#include "printer/cups.hpp"

#include "printer/cups_reasons.hpp"

#include <cups/cups.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <memory>
#include <string_view>

namespace machiai::printer {

namespace {

using Code = base::Error::Code;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds call_limit{3000};
constexpr std::chrono::milliseconds connect_limit{2000};

struct CloseHttp {
  void operator()(http_t* http) const { httpClose(http); }
};
struct DeleteIpp {
  void operator()(ipp_t* ipp) const { ippDelete(ipp); }
};
using Http = std::unique_ptr<http_t, CloseHttp>;
using Ipp = std::unique_ptr<ipp_t, DeleteIpp>;

base::Error unreachable(std::string detail) {
  return {Code::device, "printer_unreachable", std::move(detail)};
}

struct Address {
  std::string host; ///< a name, or the path of a socket
  int port = 0;
};

Address address_of(const std::string& server) {
  if (server.empty()) return {cupsServer(), ippPort()};
  if (server.front() == '/') return {server, 0};
  const auto colon = server.rfind(':');
  const bool bare_ipv6 = colon != std::string::npos && server.find(':') != colon && server.front() != '[';
  int port = ippPort();
  if (colon == std::string::npos || bare_ipv6) return {server, port};
  std::from_chars(server.data() + colon + 1, server.data() + server.size(), port);
  std::string host = server.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return {host, port};
}

int give_up(http_t* /*http*/, void* /*data*/) {
  return 0;
}
const char* no_password(const char*, http_t*, const char*, const char*, void*) {
  return nullptr;
}

/// One connection for one call of ours: cupsd may have been restarted since the last one.
class Call {
public:
  explicit Call(const Settings& settings) : settings_(settings), until_(Steady::now() + call_limit) {
    // libcups would ask for a password on the terminal.
    cupsSetPasswordCB2(no_password, nullptr);
    const Address address = address_of(settings.server);
    http_.reset(httpConnect2(address.host.c_str(), address.port, nullptr, AF_UNSPEC,
                             HTTP_ENCRYPTION_IF_REQUESTED, 1, static_cast<int>(connect_limit.count()),
                             nullptr));
  }

  /// A request about our queue, with who asks.
  [[nodiscard]] Ipp request(ipp_op_t operation, int job = 0) const {
    std::array<char, 1024> uri{};
    httpAssembleURIf(HTTP_URI_CODING_ALL, uri.data(), static_cast<int>(uri.size()), "ipp", nullptr,
                     "localhost", 0, "/printers/%s", settings_.queue.c_str());
    Ipp ipp(ippNewRequest(operation));
    ippAddString(ipp.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri.data());
    if (job > 0) ippAddInteger(ipp.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    ippAddString(ipp.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, cupsUser());
    return ipp;
  }

  [[nodiscard]] base::Result<Ipp> send(Ipp ipp, const std::string& resource) {
    if (!ready()) return tl::unexpected(unreachable("connect"));
    return checked(Ipp(cupsDoRequest(http_.get(), ipp.release(), resource.c_str())));
  }

  /// As send(), with a document behind the request. Twice, because cupsd may want to know who we are first.
  [[nodiscard]] base::Result<Ipp> send(const ipp_t* ipp, const std::string& resource,
                                       const std::string& document) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (!ready()) return tl::unexpected(unreachable("connect"));
      auto* raw = const_cast<ipp_t*>(ipp); // cupsSendRequest keeps it and only moves its own read position
      ippSetState(raw, IPP_STATE_IDLE);
      http_status_t status =
          cupsSendRequest(http_.get(), raw, resource.c_str(), ippLength(raw) + document.size());
      if (status == HTTP_STATUS_CONTINUE)
        status = cupsWriteRequestData(http_.get(), document.data(), document.size());
      Ipp answer;
      if (status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK)
        answer.reset(cupsGetResponse(http_.get(), resource.c_str()));
      if (answer || httpGetStatus(http_.get()) != HTTP_STATUS_UNAUTHORIZED) return checked(std::move(answer));
    }
    return base::fail(Code::device, "printer_forbidden");
  }

private:
  /// False when there is no connection or no time left; else the rest of the time is the next wait's limit.
  [[nodiscard]] bool ready() {
    const std::chrono::duration<double> rest = until_ - Steady::now();
    if (!http_ || rest.count() <= 0) return false;
    httpSetTimeout(http_.get(), rest.count(), give_up, nullptr);
    return true;
  }

  [[nodiscard]] static base::Result<Ipp> checked(Ipp answer) {
    const ipp_status_t status = answer ? ippGetStatusCode(answer.get()) : cupsLastError();
    if (answer && status < IPP_STATUS_ERROR_BAD_REQUEST) return answer;
    const std::string detail = ippErrorString(status);
    switch (status) {
    case IPP_STATUS_ERROR_NOT_FOUND: return base::fail(Code::device, "printer_missing", detail);
    case IPP_STATUS_ERROR_NOT_POSSIBLE: return base::fail(Code::conflict, "not_possible", detail);
    case IPP_STATUS_ERROR_FORBIDDEN:
    case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
    case IPP_STATUS_ERROR_NOT_AUTHORIZED:
    case IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED:
      return base::fail(Code::device, "printer_forbidden", detail);
    default: break;
    }
    if (!answer || status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE) return tl::unexpected(unreachable(detail));
    return base::fail(Code::device, "job_refused", detail);
  }

  const Settings& settings_;
  Steady::time_point until_;
  Http http_;
};

constexpr std::array job_attributes{"job-id",
                                    "job-name",
                                    "job-state",
                                    "job-state-reasons",
                                    "time-at-creation",
                                    "time-at-completed",
                                    "job-printer-state-message"};

void ask_for(ipp_t* ipp, const char* const* names, int count) {
  ippAddStrings(ipp, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", count, nullptr, names);
}

std::string_view text_of(ipp_attribute_t* attribute, int at = 0) {
  const char* text = attribute != nullptr ? ippGetString(attribute, at, nullptr) : nullptr;
  return text != nullptr ? std::string_view(text) : std::string_view();
}

std::vector<std::string_view> keywords_of(ipp_attribute_t* attribute) {
  std::vector<std::string_view> out;
  for (int i = 0; i < ippGetCount(attribute); ++i) out.push_back(text_of(attribute, i));
  return out;
}

Job::State job_state_of(int state) {
  switch (state) {
  case IPP_JSTATE_HELD: return Job::State::held;
  case IPP_JSTATE_PROCESSING: return Job::State::processing;
  case IPP_JSTATE_STOPPED: return Job::State::stopped;
  case IPP_JSTATE_CANCELED: return Job::State::cancelled;
  case IPP_JSTATE_ABORTED: return Job::State::aborted;
  case IPP_JSTATE_COMPLETED: return Job::State::completed;
  default: return Job::State::pending;
  }
}

/// Takes one attribute of a job into `job`; the reason waits until all are known.
void read_attribute(ipp_attribute_t* attribute, Job& job, std::string& message) {
  const std::string_view name = ippGetName(attribute);
  if (name == "job-id") job.id = ippGetInteger(attribute, 0);
  if (name == "job-name") job.title = text_of(attribute);
  if (name == "job-state") job.state = job_state_of(ippGetInteger(attribute, 0));
  if (name == "time-at-creation") job.created = base::instant_from_ms(ippGetInteger(attribute, 0) * 1000LL);
  // Not the reason processing-to-stop-point: that one stays for ever on a job its backend cancelled (2.4.2).
  if (name == "time-at-completed") job.stopping = ippGetValueTag(attribute) == IPP_TAG_NOVALUE;
  if (name == "job-printer-state-message") message = text_of(attribute);
  if (name != "job-state-reasons") return;
  for (const std::string_view reason : keywords_of(attribute))
    job.incoming = job.incoming || reason == "job-incoming" || reason == "job-data-insufficient";
}

std::vector<Job> jobs_of(ipp_t* answer) {
  std::vector<Job> jobs;
  bool in_job = false;
  std::string message;
  const auto close = [&] {
    if (in_job) {
      Job& job = jobs.back();
      job.stopping = job.stopping && job.state == Job::State::cancelled;
      job.reason = job_reason(job.state, message);
    }
    in_job = false;
    message.clear();
  };
  for (ipp_attribute_t* attribute = ippFirstAttribute(answer); attribute != nullptr;
       attribute = ippNextAttribute(answer)) {
    if (ippGetGroupTag(attribute) != IPP_TAG_JOB || ippGetName(attribute) == nullptr) {
      close();
      continue;
    }
    if (!in_job) jobs.emplace_back();
    in_job = true;
    read_attribute(attribute, jobs.back(), message);
  }
  close();
  return jobs;
}

} // namespace

CupsQueue::CupsQueue(Settings settings) : settings_(std::move(settings)) {}

tl::expected<int, SubmitError> CupsQueue::submit(const std::string& title, const std::string& pdf,
                                                 int width_mm, int height_mm) {
  Call call(settings_);
  const std::string resource = "/printers/" + settings_.queue;
  const std::string media = fmt::format("custom_{0}x{1}mm_{0}x{1}mm", width_mm, height_mm);
  Ipp create = call.request(IPP_OP_CREATE_JOB);
  ippAddString(create.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr, title.c_str());
  ippAddString(create.get(), IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", nullptr, media.c_str());
  ippAddString(create.get(), IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", nullptr, "none");
  auto created = call.send(std::move(create), resource);
  // Whatever became of it: a job without a document prints nothing.
  if (!created) return tl::unexpected(SubmitError{std::move(created.error()), Outcome::not_sent});
  ipp_attribute_t* id = ippFindAttribute(created->get(), "job-id", IPP_TAG_INTEGER);
  const int job = id != nullptr ? ippGetInteger(id, 0) : 0;
  if (job <= 0)
    return tl::unexpected(SubmitError{{Code::device, "job_refused", "no job-id"}, Outcome::not_sent});

  const Ipp document = call.request(IPP_OP_SEND_DOCUMENT, job);
  ippAddString(document.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "document-name", nullptr, title.c_str());
  ippAddString(document.get(), IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr,
               "application/pdf");
  ippAddBoolean(document.get(), IPP_TAG_OPERATION, "last-document", 1);
  auto sent = call.send(document.get(), resource, pdf);
  if (sent) return job;
  const bool answered = sent.error().reason != "printer_unreachable";
  if (answered) (void)cancel(job); // else the empty job stays until cupsd tires of it
  return tl::unexpected(
      SubmitError{std::move(sent.error()), answered ? Outcome::not_sent : Outcome::unclear});
}

base::Result<Job> CupsQueue::job_state(int id, const std::string& title) {
  Call call(settings_);
  Ipp ask = call.request(IPP_OP_GET_JOB_ATTRIBUTES, id);
  ask_for(ask.get(), job_attributes.data(), static_cast<int>(job_attributes.size()));
  auto answer = call.send(std::move(ask), "/");
  if (!answer && answer.error().reason == "printer_missing")
    return base::fail(Code::not_found, "job_missing");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  for (Job& job : jobs_of(answer->get()))
    if (job.title == title) return std::move(job);
  return base::fail(Code::not_found, "job_missing");
}

base::Result<std::optional<Job>> CupsQueue::find_job(const std::string& title) {
  Call call(settings_);
  Ipp ask = call.request(IPP_OP_GET_JOBS);
  ippAddString(ask.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr, "all");
  ask_for(ask.get(), job_attributes.data(), static_cast<int>(job_attributes.size()));
  auto answer = call.send(std::move(ask), "/");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  std::optional<Job> newest;
  for (Job& job : jobs_of(answer->get()))
    if (job.title == title &&
        (!newest || job.created > newest->created || (job.created == newest->created && job.id > newest->id)))
      newest = std::move(job);
  return newest;
}

base::Status CupsQueue::cancel(int id) {
  Call call(settings_);
  auto answer = call.send(call.request(IPP_OP_CANCEL_JOB, id), "/jobs/");
  if (answer || answer.error().reason == "not_possible") return {};
  return tl::unexpected(std::move(answer.error()));
}

base::Result<PrinterState> CupsQueue::printer_state() {
  constexpr std::array names{"printer-state", "printer-state-reasons", "printer-is-accepting-jobs"};
  Call call(settings_);
  Ipp ask = call.request(IPP_OP_GET_PRINTER_ATTRIBUTES);
  ask_for(ask.get(), names.data(), static_cast<int>(names.size()));
  auto answer = call.send(std::move(ask), "/printers/" + settings_.queue);
  if (!answer) return tl::unexpected(std::move(answer.error()));
  ipp_t* ipp = answer->get();
  PrinterState state;
  ipp_attribute_t* const value = ippFindAttribute(ipp, "printer-state", IPP_TAG_ENUM);
  state.stopped = value != nullptr && ippGetInteger(value, 0) == IPP_PSTATE_STOPPED;
  ipp_attribute_t* const accepting = ippFindAttribute(ipp, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
  state.accepting = accepting == nullptr || ippGetBoolean(accepting, 0) != 0;
  state.reason = printer_reason(keywords_of(ippFindAttribute(ipp, "printer-state-reasons", IPP_TAG_KEYWORD)));
  if (state.reason.empty() && (state.stopped || !state.accepting)) state.reason = "stopped";
  return state;
}

base::Status CupsQueue::resume_queue() {
  Call call(settings_);
  auto answer = call.send(call.request(IPP_OP_RESUME_PRINTER), "/admin/");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  return {};
}

} // namespace machiai::printer
