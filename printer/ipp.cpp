// SPDX-License-Identifier: Apache-2.0
#include "printer/ipp.hpp"

#include "printer/cups_reasons.hpp"

#include <algorithm>
#include <array>

namespace machiai::printer::ipp {

namespace {

using Code = base::Error::Code;
using Steady = std::chrono::steady_clock;

base::Error unreachable(std::string detail) {
  return {Code::device, "printer_unreachable", std::move(detail)};
}

int give_up(http_t* /*http*/, void* /*data*/) {
  return 0;
}
const char* no_password(const char*, http_t*, const char*, const char*, void*) {
  return nullptr;
}

base::Result<Message> checked(Message answer) {
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
  if (name == "job-printer-state-message") message = text_of(attribute);
  if (name == "job-printer-state-reasons")
    for (const std::string_view reason : keywords_of(attribute))
      job.forgotten = job.forgotten || reason.starts_with("cups-ipp-missing-job-history");
  if (name != "job-state-reasons") return;
  for (const std::string_view reason : keywords_of(attribute)) {
    job.incoming = job.incoming || reason == "job-incoming" || reason == "job-data-insufficient";
    job.stopping = job.stopping || reason == "processing-to-stop-point";
  }
}

} // namespace

Call::Call(const Target& target, std::chrono::milliseconds limit)
    : uri_(target.uri), until_(Steady::now() + limit) {
  constexpr std::chrono::milliseconds connect_limit{2000};
  // libcups would ask for a password on the terminal.
  cupsSetPasswordCB2(no_password, nullptr);
  http_.reset(httpConnect2(target.host.c_str(), target.port, nullptr, AF_UNSPEC,
                           target.encrypted ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED, 1,
                           static_cast<int>(std::min(limit, connect_limit).count()), nullptr));
}

Message Call::request(ipp_op_t operation, int job) const {
  Message ipp(ippNewRequest(operation));
  // What a backend has no keyword for it says in words, in the language of the job: we read those.
  if (ipp_attribute_t* language =
          ippFindAttribute(ipp.get(), "attributes-natural-language", IPP_TAG_LANGUAGE))
    ippSetString(ipp.get(), &language, 0, "en");
  ippAddString(ipp.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri_.c_str());
  if (job > 0) ippAddInteger(ipp.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
  ippAddString(ipp.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, cupsUser());
  return ipp;
}

base::Result<Message> Call::send(Message message, const std::string& resource) {
  if (!ready()) return tl::unexpected(unreachable("connect"));
  return checked(Message(cupsDoRequest(http_.get(), message.release(), resource.c_str())));
}

// More than once, because cupsd may want to know who we are first.
base::Result<Message> Call::send(const ipp_t* message, const std::string& resource,
                                 const std::string& document) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (!ready()) return tl::unexpected(unreachable("connect"));
    auto* raw = const_cast<ipp_t*>(message); // cupsSendRequest keeps it and only moves its own read position
    ippSetState(raw, IPP_STATE_IDLE);
    http_status_t status =
        cupsSendRequest(http_.get(), raw, resource.c_str(), ippLength(raw) + document.size());
    if (status == HTTP_STATUS_CONTINUE)
      status = cupsWriteRequestData(http_.get(), document.data(), document.size());
    Message answer;
    if (status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK)
      answer.reset(cupsGetResponse(http_.get(), resource.c_str()));
    if (answer || httpGetStatus(http_.get()) != HTTP_STATUS_UNAUTHORIZED) return checked(std::move(answer));
  }
  return base::fail(Code::device, "printer_forbidden");
}

/// False when there is no connection or no time left; else the rest of the time is the next wait's limit.
bool Call::ready() {
  const std::chrono::duration<double> rest = until_ - Steady::now();
  if (!http_ || rest.count() <= 0) return false;
  httpSetTimeout(http_.get(), rest.count(), give_up, nullptr);
  return true;
}

void ask_for(ipp_t* request, std::initializer_list<const char*> attributes) {
  ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                static_cast<int>(attributes.size()), nullptr, attributes.begin());
}

void ask_for_jobs(ipp_t* request) {
  ask_for(request, {"job-id", "job-name", "job-state", "job-state-reasons", "time-at-creation",
                    "job-printer-state-message", "job-printer-state-reasons"});
}

std::string_view text_of(ipp_attribute_t* attribute, int at) {
  const char* text = attribute != nullptr ? ippGetString(attribute, at, nullptr) : nullptr;
  return text != nullptr ? std::string_view(text) : std::string_view();
}

std::vector<std::string_view> keywords_of(ipp_attribute_t* attribute) {
  std::vector<std::string_view> out;
  for (int i = 0; i < ippGetCount(attribute); ++i) out.push_back(text_of(attribute, i));
  return out;
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
      if (job.state == Job::State::processing) job.trouble = running_trouble(message);
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

} // namespace machiai::printer::ipp
