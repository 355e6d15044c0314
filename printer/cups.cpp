// SPDX-License-Identifier: Apache-2.0
#include "printer/cups.hpp"

#include "printer/cups_reasons.hpp"
#include "printer/ipp.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace machiai::printer {

namespace {

using Code = base::Error::Code;
using ipp::Call;
using ipp::Message;

constexpr std::chrono::milliseconds call_limit{3000};

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

ipp::Target target_of(const Settings& settings) {
  const Address address = address_of(settings.server);
  std::array<char, 1024> uri{};
  httpAssembleURIf(HTTP_URI_CODING_ALL, uri.data(), static_cast<int>(uri.size()), "ipp", nullptr, "localhost",
                   0, "/printers/%s", settings.queue.c_str());
  return {address.host, address.port, false, uri.data()};
}

Call call_to(const Settings& settings) {
  return {target_of(settings), call_limit};
}

} // namespace

CupsQueue::CupsQueue(Settings settings) : settings_(std::move(settings)) {}

tl::expected<int, SubmitError> CupsQueue::submit(const std::string& title, const std::string& pdf,
                                                 int width_mm, int height_mm) {
  Call call = call_to(settings_);
  const std::string resource = "/printers/" + settings_.queue;
  const std::string media = fmt::format("custom_{0}x{1}mm_{0}x{1}mm", width_mm, height_mm);
  Message create = call.request(IPP_OP_CREATE_JOB);
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

  const Message document = call.request(IPP_OP_SEND_DOCUMENT, job);
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
  Call call = call_to(settings_);
  Message ask = call.request(IPP_OP_GET_JOB_ATTRIBUTES, id);
  ipp::ask_for_jobs(ask.get());
  auto answer = call.send(std::move(ask), "/");
  if (!answer && answer.error().reason == "printer_missing")
    return base::fail(Code::not_found, "job_missing");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  for (Job& job : ipp::jobs_of(answer->get()))
    if (job.title == title) return settled(std::move(job));
  return base::fail(Code::not_found, "job_missing");
}

/// cupsd 2.4.2 dates a job's end at the cancel and leaves processing-to-stop-point on it for ever; but as
/// long as one of its processes lives, the queue works.
Job CupsQueue::settled(Job job) {
  if (!job.stopping) return job;
  const auto queue = printer_state();
  job.stopping = !queue || queue->working;
  return job;
}

base::Result<std::optional<Job>> CupsQueue::find_job(const std::string& title) {
  Call call = call_to(settings_);
  Message ask = call.request(IPP_OP_GET_JOBS);
  ippAddString(ask.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr, "all");
  ipp::ask_for_jobs(ask.get());
  auto answer = call.send(std::move(ask), "/");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  std::optional<Job> newest;
  for (Job& job : ipp::jobs_of(answer->get()))
    if (job.title == title &&
        (!newest || job.created > newest->created || (job.created == newest->created && job.id > newest->id)))
      newest = std::move(job);
  if (newest) newest = settled(std::move(*newest));
  return newest;
}

base::Status CupsQueue::cancel(int id) {
  Call call = call_to(settings_);
  auto answer = call.send(call.request(IPP_OP_CANCEL_JOB, id), "/jobs/");
  if (answer || answer.error().reason == "not_possible") return {};
  return tl::unexpected(std::move(answer.error()));
}

base::Status CupsQueue::forget(int id) {
  Call call = call_to(settings_);
  Message ask = call.request(IPP_OP_CANCEL_JOB, id);
  ippAddBoolean(ask.get(), IPP_TAG_OPERATION, "purge-job", 1);
  auto answer = call.send(std::move(ask), "/jobs/");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  return {};
}

base::Result<std::vector<Job>> CupsQueue::open_jobs() {
  Call call = call_to(settings_);
  Message ask = call.request(IPP_OP_GET_JOBS);
  ippAddString(ask.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr, "not-completed");
  ipp::ask_for_jobs(ask.get());
  auto answer = call.send(std::move(ask), "/");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  return ipp::jobs_of(answer->get());
}

base::Result<PrinterState> CupsQueue::printer_state() {
  Call call = call_to(settings_);
  Message ask = call.request(IPP_OP_GET_PRINTER_ATTRIBUTES);
  ipp::ask_for(ask.get(),
               {"printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri"});
  auto answer = call.send(std::move(ask), "/printers/" + settings_.queue);
  if (!answer) return tl::unexpected(std::move(answer.error()));
  ipp_t* const ipp = answer->get();
  PrinterState state;
  ipp_attribute_t* const value = ippFindAttribute(ipp, "printer-state", IPP_TAG_ENUM);
  state.stopped = value != nullptr && ippGetInteger(value, 0) == IPP_PSTATE_STOPPED;
  state.working = value != nullptr && ippGetInteger(value, 0) == IPP_PSTATE_PROCESSING;
  ipp_attribute_t* const accepting = ippFindAttribute(ipp, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
  state.accepting = accepting == nullptr || ippGetBoolean(accepting, 0) != 0;
  state.device = ipp::text_of(ippFindAttribute(ipp, "device-uri", IPP_TAG_URI));
  state.reason =
      printer_reason(ipp::keywords_of(ippFindAttribute(ipp, "printer-state-reasons", IPP_TAG_KEYWORD)));
  if (state.reason.empty() && (state.stopped || !state.accepting)) state.reason = "stopped";
  return state;
}

base::Status CupsQueue::resume_queue() {
  Call call = call_to(settings_);
  auto answer = call.send(call.request(IPP_OP_RESUME_PRINTER), "/admin/");
  if (!answer) return tl::unexpected(std::move(answer.error()));
  return {};
}

} // namespace machiai::printer
