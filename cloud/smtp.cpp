// SPDX-License-Identifier: Apache-2.0
#include "cloud/smtp.hpp"

#include "cloud/mail.hpp"
#include "net/to.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace machiai::cloud {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::size_t longest_answer = 8 * 1024;

/// An answer of the server; code 0: none came.
struct Answer {
  int code = 0;
  bool starttls = false; ///< one of its lines says so
  bool plain = false;    ///< ways to log in
  bool login = false;

  [[nodiscard]] bool positive() const { return code >= 200 && code < 400; }
  [[nodiscard]] bool for_good() const { return code >= 500 && code < 600; }
};

template <class Stream> class Talk {
public:
  explicit Talk(Stream& stream) : stream_(stream) {}

  asio::awaitable<Answer> hear() {
    Answer answer;
    for (std::size_t heard = 0; heard < longest_answer;) {
      error_code error;
      const std::size_t size = co_await asio::async_read_until(
          stream_, asio::dynamic_buffer(buffer_, longest_answer), "\r\n", net::to(error));
      if (error || size < 5) co_return Answer{};
      const std::string line = buffer_.substr(0, size - 2);
      buffer_.erase(0, size);
      heard += size;
      if (!digits(line)) co_return Answer{};
      answer.code = std::stoi(line.substr(0, 3));
      note(answer, line.substr(std::min<std::size_t>(line.size(), 4)));
      if (line.size() == 3 || line[3] != '-') co_return answer;
    }
    co_return Answer{};
  }

  asio::awaitable<Answer> say(std::string line) {
    line += "\r\n";
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(line), net::to(error));
    if (error) co_return Answer{};
    co_return co_await hear();
  }

  /// Without waiting for the goodbye: what was taken over is to be written down now.
  asio::awaitable<void> leave() {
    static const std::string quit = "QUIT\r\n";
    error_code ignored;
    co_await asio::async_write(stream_, asio::buffer(quit), net::to(ignored));
  }

  /// Something came that nobody asked for: before TLS that is somebody else's.
  [[nodiscard]] bool unread() const { return !buffer_.empty(); }

private:
  static bool digits(const std::string& line) {
    for (std::size_t at = 0; at < 3; ++at)
      if (line.size() <= at || std::isdigit(static_cast<unsigned char>(line[at])) == 0) return false;
    return true;
  }
  static void note(Answer& answer, std::string offer) {
    std::transform(offer.begin(), offer.end(), offer.begin(), [](unsigned char each) {
      return each == '=' ? ' '
                         : static_cast<char>(std::toupper(each)); // "AUTH=PLAIN", as some still write it
    });
    std::istringstream words(offer);
    std::string word;
    words >> word;
    answer.starttls = answer.starttls || word == "STARTTLS";
    if (word != "AUTH") return;
    while (words >> word) {
      answer.plain = answer.plain || word == "PLAIN";
      answer.login = answer.login || word == "LOGIN";
    }
  }

  Stream& stream_;
  std::string buffer_;
};

/// A line that begins with a dot gets another one; the end is a dot alone.
std::string stuffed(const std::string& message) {
  std::string data;
  bool begins = true;
  for (const char each : message) {
    if (begins && each == '.') data += '.';
    data += each;
    begins = each == '\n';
  }
  return data + ".";
}

Posted trouble(const char* where, const Answer& answer, bool theirs) {
  spdlog::warn("the mail server did not take a notice or the log-in ({}: {})", where, answer.code);
  return theirs && answer.for_good() ? Posted::refused : Posted::later;
}

struct Letter {
  const std::string& from;
  const base::Pii<std::string>& to;
  const std::string& message;
};

template <class Stream> asio::awaitable<Posted> hand_over(Talk<Stream>& talk, const Letter& letter) {
  constexpr int log_in_first = 530;
  Answer answer = co_await talk.say("MAIL FROM:<" + letter.from + ">");
  if (answer.code == log_in_first) {
    trouble("MAIL", answer, false);
    co_return Posted::shut_out;
  }
  if (!answer.positive()) co_return trouble("MAIL", answer, false);
  answer = co_await talk.say("RCPT TO:<" + letter.to.reveal() + ">");
  if (!answer.positive()) co_return trouble("RCPT", answer, true);
  answer = co_await talk.say("DATA");
  if (answer.code != 354) co_return trouble("DATA", answer, true);
  answer = co_await talk.say(stuffed(letter.message));
  if (!answer.positive()) co_return trouble("end of DATA", answer, true);
  co_await talk.leave();
  co_return Posted::accepted;
}

/// Over TLS only: the caller has seen to it.
template <class Stream>
asio::awaitable<Posted> show(Talk<Stream>& talk, const Answer& offered, const SmtpLogin& login) {
  const std::string& password = login.password.reveal();
  const std::string both = std::string(1, '\0') + login.user + std::string(1, '\0') + password;
  Answer answer;
  if (offered.plain) {
    answer = co_await talk.say("AUTH PLAIN " + base64(both));
  } else if (offered.login) {
    answer = co_await talk.say("AUTH LOGIN");
    if (answer.code == 334) answer = co_await talk.say(base64(login.user));
    if (answer.code == 334) answer = co_await talk.say(base64(password));
  } else {
    trouble("no log-in by PLAIN or LOGIN", {}, false);
    co_return Posted::shut_out;
  }
  constexpr int taken = 235;
  if (answer.code == taken) co_return Posted::accepted;
  trouble("AUTH", answer, false);
  co_return answer.for_good() ? Posted::shut_out : Posted::later;
}

/// After the greeting, to its end; without a letter as far as the log-in.
template <class Stream>
asio::awaitable<Posted> deliver(Talk<Stream>& talk, const Answer& offered, const SmtpLogin* login,
                                const Letter* letter) {
  if (login != nullptr) {
    const Posted in = co_await show(talk, offered, *login);
    if (in != Posted::accepted) co_return in;
  }
  if (letter != nullptr) co_return co_await hand_over(talk, *letter);
  co_await talk.leave();
  co_return Posted::accepted;
}

std::string greeting(const Tcp::endpoint& own) {
  const std::string address = own.address().to_string();
  return "EHLO [" + std::string(own.address().is_v6() ? "IPv6:" : "") + address.substr(0, address.find('%')) +
         "]";
}

asio::awaitable<Posted> over_tls(boost::beast::tcp_stream& socket, const Tcp::endpoint& own,
                                 const SmtpServer& server, const Letter* letter) {
  error_code error;
  asio::ssl::context trust(asio::ssl::context::tls_client);
  trust.set_default_verify_paths(error);
  asio::ssl::stream<boost::beast::tcp_stream&> secure(socket, trust);
  SSL_set_min_proto_version(secure.native_handle(), TLS1_2_VERSION);
  secure.set_verify_mode(asio::ssl::verify_peer);
  secure.set_verify_callback(asio::ssl::host_name_verification(server.host));
  SSL_set_tlsext_host_name(secure.native_handle(), server.host.c_str());
  co_await secure.async_handshake(asio::ssl::stream_base::client, net::to(error));
  if (error) co_return trouble("TLS", {}, false);
  Talk<asio::ssl::stream<boost::beast::tcp_stream&>> talk(secure);
  Answer answer;
  if (server.tls == SmtpTls::at_once) {
    answer = co_await talk.hear();
    if (!answer.positive()) co_return trouble("greeting", answer, false);
  }
  answer = co_await talk.say(greeting(own));
  if (!answer.positive()) co_return trouble("EHLO", answer, false);
  co_return co_await deliver(talk, answer, server.login ? &*server.login : nullptr, letter);
}

asio::awaitable<Posted> converse(asio::io_context& loop, const SmtpServer& server, const Letter* letter) {
  error_code error;
  Tcp::resolver resolver(loop);
  const auto found =
      co_await resolver.async_resolve(server.host, std::to_string(server.port), net::to(error));
  if (error) co_return trouble("name", {}, false);
  boost::beast::tcp_stream socket(loop);
  socket.expires_after(smtp_patience); // for all that follows
  co_await socket.async_connect(found, net::to(error));
  if (error) co_return trouble("connection", {}, false);
  const Tcp::endpoint own = socket.socket().local_endpoint(error);
  const Tcp::endpoint theirs = socket.socket().remote_endpoint(error);
  if (error) co_return trouble("connection", {}, false);
  if (server.tls == SmtpTls::at_once) co_return co_await over_tls(socket, own, server, letter);
  Talk<boost::beast::tcp_stream> talk(socket);
  Answer answer = co_await talk.hear();
  if (!answer.positive()) co_return trouble("greeting", answer, false);
  answer = co_await talk.say(greeting(own));
  if (!answer.positive()) co_return trouble("EHLO", answer, false);
  const bool needed = server.tls == SmtpTls::needed || server.login;
  if (!needed && (!answer.starttls || theirs.address().is_loopback()))
    co_return co_await deliver(talk, answer, nullptr, letter);
  answer = co_await talk.say("STARTTLS");
  if (!answer.positive() || talk.unread()) co_return trouble("STARTTLS", answer, false);
  co_return co_await over_tls(socket, own, server, letter);
}

} // namespace

std::optional<SmtpLogin> login_of(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string user;
  std::string password;
  std::string more;
  const auto line = [&lines](std::string& into) {
    std::getline(lines, into);
    if (!into.empty() && into.back() == '\r') into.pop_back();
    return !into.empty() && std::none_of(into.begin(), into.end(),
                                         [](unsigned char each) { return each < 0x20 || each == 0x7f; });
  };
  if (!line(user) || !line(password) || std::getline(lines, more)) return std::nullopt;
  return SmtpLogin{user, base::Pii<std::string>(password)};
}

asio::awaitable<Posted> post(asio::io_context& loop, const SmtpServer& server, const std::string& from,
                             const base::Pii<std::string>& to, const std::string& message) {
  const Letter letter{from, to, message};
  co_return co_await converse(loop, server, &letter);
}

asio::awaitable<Posted> log_in(asio::io_context& loop, const SmtpServer& server) {
  co_return co_await converse(loop, server, nullptr);
}

} // namespace machiai::cloud
