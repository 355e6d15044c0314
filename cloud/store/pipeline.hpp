// SPDX-License-Identifier: Apache-2.0
// A transaction that goes to PostgreSQL in two ways there and back: what it begins with, and what it ends
// with. libpq's pipeline does that (PostgreSQL 15, 34.5), which libpqxx 6 has not got.
#pragma once

#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <memory>
#include <string>
#include <vector>

namespace machiai::cloud::store {

/// Rows of one statement, read as those of pqxx::result are.
class Answer {
public:
  class Field {
  public:
    Field(const PGresult* result, int row, int column) : result_(result), row_(row), column_(column) {}
    [[nodiscard]] bool is_null() const { return PQgetisnull(result_, row_, column_) != 0; }
    [[nodiscard]] const char* c_str() const { return PQgetvalue(result_, row_, column_); }
    template <class T> [[nodiscard]] T as() const {
      T value{};
      pqxx::from_string(c_str(), value);
      return value;
    }

  private:
    const PGresult* result_;
    int row_;
    int column_;
  };
  class Row {
  public:
    Row(const PGresult* result, int row) : result_(result), row_(row) {}
    [[nodiscard]] Field operator[](int column) const { return {result_, row_, column}; }

  private:
    const PGresult* result_;
    int row_;
  };

  explicit Answer(PGresult* result) : result_(result) {}
  [[nodiscard]] int size() const { return PQntuples(result_.get()); }
  [[nodiscard]] Row operator[](int row) const { return {result_.get(), row}; }
  [[nodiscard]] PGresult* raw() const { return result_.get(); }

private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

/// A prepared statement with its parameters.
struct Said {
  std::string name;
  std::vector<std::string> values;
};

/// Between its beginning and its end it is a transaction as any other; what was not ended is rolled back.
/// Throws what libpqxx does.
class PipedTransaction final : public pqxx::dbtransaction {
public:
  explicit PipedTransaction(pqxx::connection& connection);
  ~PipedTransaction() override;
  PipedTransaction(const PipedTransaction&) = delete;
  PipedTransaction& operator=(const PipedTransaction&) = delete;

  /// To be called first: nothing was sent before.
  [[nodiscard]] std::vector<Answer> begin_with(const std::vector<Said>& said);
  void commit_with(const Said& last);

private:
  void do_begin() override {}  ///< begin_with() does
  void do_commit() override {} ///< commit_with() has
  std::vector<Answer> send(const char* before, const std::vector<Said>& said, const char* after);

  pqxx::connection& connection_;
};

} // namespace machiai::cloud::store
