// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/pipeline.hpp"

#include <string_view>

namespace machiai::cloud::store {

namespace {

/// libpqxx gives libpq's connection to its large objects alone.
struct Handle : pqxx::largeobject {
  static PGconn* of(const pqxx::dbtransaction& transaction) { return raw_connection(transaction); }
};

/// Statements on their way; one that failed keeps those behind it from being done.
class Pipe {
public:
  explicit Pipe(PGconn* line) : line_(line) {
    if (PQenterPipelineMode(line_) != 1) throw pqxx::broken_connection(PQerrorMessage(line_));
  }
  ~Pipe() { PQexitPipelineMode(line_); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void say(const char* text) {
    sent(PQsendQueryParams(line_, text, 0, nullptr, nullptr, nullptr, nullptr, 0));
  }

  void say(const Said& said) {
    std::vector<const char*> values;
    for (const std::string& each : said.values) values.push_back(each.c_str());
    sent(PQsendQueryPrepared(line_, said.name.c_str(), static_cast<int>(values.size()), values.data(),
                             nullptr, nullptr, 0));
  }

  /// One answer for each that was said; throws what the first failed by.
  std::vector<Answer> hear() {
    if (PQpipelineSync(line_) != 1) throw pqxx::broken_connection(PQerrorMessage(line_));
    std::vector<Answer> all;
    for (int each = 0; each < said_; ++each) {
      all.emplace_back(PQgetResult(line_));
      PQclear(PQgetResult(line_)); // the end of that one
    }
    PQclear(PQgetResult(line_)); // of the whole
    for (const Answer& each : all) {
      const ExecStatusType status = PQresultStatus(each.raw());
      if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) continue;
      const char* state = PQresultErrorField(each.raw(), PG_DIAG_SQLSTATE);
      if (PQstatus(line_) != CONNECTION_OK || state == nullptr)
        throw pqxx::broken_connection("a pipeline broke");
      if (std::string_view(state) == "40P01") throw pqxx::deadlock_detected("in a pipeline");
      throw pqxx::sql_error("in a pipeline", "", state);
    }
    return all;
  }

private:
  void sent(int done) {
    if (done != 1) throw pqxx::broken_connection(PQerrorMessage(line_));
    ++said_;
  }

  PGconn* line_;
  int said_ = 0;
};

} // namespace

PipedTransaction::PipedTransaction(pqxx::connection& connection)
    : namedclass("piped"), pqxx::dbtransaction(connection), connection_(connection) {
  Begin();
}

PipedTransaction::~PipedTransaction() {
  End();
}

std::vector<Answer> PipedTransaction::send(const char* before, const std::vector<Said>& said,
                                           const char* after) {
  for (const Said& each : said) connection_.prepare_now(each.name);
  Pipe pipe(Handle::of(*this));
  if (before != nullptr) pipe.say(before);
  for (const Said& each : said) pipe.say(each);
  if (after != nullptr) pipe.say(after);
  return pipe.hear();
}

std::vector<Answer> PipedTransaction::begin_with(const std::vector<Said>& said) {
  auto answers = send("BEGIN", said, nullptr);
  answers.erase(answers.begin());
  return answers;
}

void PipedTransaction::commit_with(const Said& last) {
  const auto answers = send(nullptr, {last}, "COMMIT");
  // Of a transaction that has failed already PostgreSQL says so here alone.
  if (std::string_view(PQcmdStatus(answers.back().raw())) != "COMMIT")
    throw pqxx::sql_error("rolled back", "", "25P02");
  commit();
}

} // namespace machiai::cloud::store
