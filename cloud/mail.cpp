// SPDX-License-Identifier: Apache-2.0
#include "cloud/mail.hpp"

#include "cloud/token.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace machiai::cloud {

namespace {

/// Words of one language. {clinic}, {number}, {ahead}, {time}, {link}, {phone} are filled in.
struct Words {
  std::string_view lang;
  std::string_view tag; ///< for Content-Language
  std::string_view subject;
  std::string_view head;
  std::string_view ahead; ///< people ahead
  std::string_view next;  ///< nobody ahead
  std::string_view come;
  std::string_view page;
  std::string_view foot;
  std::string_view phone; ///< when the clinic has one
};

constexpr std::array languages{
    Words{"ja", "ja", "【{clinic}】まもなく順番です（{number}番）",
          "{clinic}からのお知らせです。\n\n受付番号 {number}番の方へ",
          "{time}現在、お呼びする順番が前の方は、あと{ahead}人です。", "{time}現在、次にお呼びする順番です。",
          "まもなくお呼びします。まだお越しでない場合は、受付までお越しください。",
          "いまの順番は、次のページでご覧いただけます。\n{link}"
          "\n\n診察の都合により、順番が前後することがあります。",
          "このお知らせは、ご登録により1回だけお送りするものです。\nメールアドレスは送信後に削除し、この後お"
          "送りすることはありません。\n配信停止のお手続きは必要ありません。\nお心当たりのないときは、お手数で"
          "すがこのメールを削除してください。\nこのメールにご返信いただいても、お答えできません。",
          "お問い合わせ: {clinic} {phone}"},
    Words{"easy", "ja", "【{clinic}】もうすぐ あなたの ばんです（{number}ばん）",
          "{clinic}からの おしらせです。\n\n{number}ばんの ひとへ",
          "{time}に、あなたの まえの ひとは {ahead}にんです。", "{time}に、つぎは あなたの ばんです。",
          "もうすぐ よびます。まだ きて いない ひとは、うけつけに きて ください。",
          "いまの じゅんばんは、この ページで みる ことが できます。\n{link}\n\nじゅんばんは かわる ことが "
          "あります。",
          "この メールは 1かいだけ おくります。\nメールアドレスは おくった あとで けします。もう "
          "おくりません。\nとめる ための てつづきは いりません。\nしらない メールの ときは、けして "
          "ください。\nこの メールに へんじを しても、こたえる ことが できません。",
          "でんわ: {clinic} {phone}"},
    Words{"en", "en", "[{clinic}] It is nearly your turn (number {number})",
          "{clinic}\n\nTo the holder of number {number}",
          "People before you in the line: {ahead} (as of {time}).", "You are next (as of {time}).",
          "You will be called soon. If you are not here yet, please come to\nthe reception.",
          "This page shows where you stand now:\n{link}\n\nThe order may change.",
          "You asked for this notice; it is sent once. Your address is deleted\nafter it has been sent, and "
          "no further mail comes. There is nothing\nyou need to do to stop it. If you did not ask for it, "
          "please delete\nthis mail. Replies are not read.",
          "Questions: {clinic}, {phone}"},
    Words{"zh", "zh-Hans", "【{clinic}】即将轮到您（{number}号）", "{clinic}通知\n\n{number}号，您好：",
          "截至{time}，您前面还有{ahead}人。", "截至{time}，下一位就是您。",
          "很快就会叫到您。如果还没有到，请到前台来。",
          "当前排队情况请看以下页面：\n{link}\n\n因看诊情况，顺序可能有变动。",
          "本通知应您的登记只发送一次。邮件地址在发送后删除，\n之后不会再发送邮件，无需办理退订。\n如果不是您"
          "登记的，请删除本邮件。\n请勿回复本邮件。",
          "咨询：{clinic} {phone}"},
    Words{"ko", "ko", "[{clinic}] 곧 순서입니다 ({number}번)",
          "{clinic}에서 알려 드립니다.\n\n{number}번 분께", "{time} 현재 앞 순서인 분은 {ahead}명입니다.",
          "{time} 현재 다음 차례입니다.", "곧 불러 드립니다. 아직 오시지 않았으면 접수처로 와 주세요.",
          "현재 순서는 아래 페이지에서 볼 수 있습니다.\n{link}\n\n진료 사정에 따라 순서가 바뀔 수 있습니다.",
          "이 안내는 신청하신 분께 한 번만 보냅니다.\n메일 주소는 보낸 뒤 삭제하며 더 이상 메일을 보내지 "
          "않습니다.\n수신 거부 절차는 필요 없습니다.\n신청한 적이 없으면 이 메일을 삭제해 주세요.\n이 "
          "메일에는 회신할 수 없습니다.",
          "문의: {clinic} {phone}"},
    Words{"vi", "vi", "[{clinic}] Sắp đến lượt bạn (số {number})",
          "Thông báo của {clinic}\n\nGửi người giữ số {number}",
          "Lúc {time}, phía trước bạn còn {ahead} người.", "Lúc {time}, bạn là người tiếp theo.",
          "Bạn sắp được gọi. Nếu chưa đến, xin đến quầy lễ tân.",
          "Xem thứ tự hiện tại tại trang này:\n{link}\n\nThứ tự có thể thay đổi.",
          "Thông báo này chỉ gửi một lần theo đăng ký của bạn.\nĐịa chỉ email được xóa sau khi gửi và sẽ "
          "không có thư nào nữa.\nBạn không cần làm gì để dừng.\nNếu bạn không đăng ký, xin xóa thư "
          "này.\nXin đừng trả lời thư này.",
          "Liên hệ: {clinic} {phone}"},
    Words{"pt", "pt-BR", "[{clinic}] Está quase na sua vez (senha {number})",
          "{clinic}\n\nPara quem tem a senha {number}", "Pessoas antes de você na fila: {ahead} (às {time}).",
          "Você é o próximo (às {time}).",
          "Você será chamado em breve. Se ainda não chegou, venha à recepção.",
          "Veja a fila agora nesta página:\n{link}\n\nA ordem pode mudar.",
          "Este aviso foi pedido por você e é enviado uma única vez.\nSeu endereço é apagado após o envio, e "
          "não haverá outros\ne-mails. Não é preciso fazer nada para cancelar.\nSe você não o pediu, apague "
          "este e-mail.\nNão responda a este e-mail.",
          "Dúvidas: {clinic}, {phone}"},
};

using Filling = std::vector<std::pair<std::string_view, std::string>>;

std::string fill(std::string_view text, const Filling& with) {
  std::string filled;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(with.begin(), with.end(), [&](const auto& each) {
      return text.substr(at, each.first.size()) == each.first;
    });
    if (found == with.end()) {
      filled += text[at++];
    } else {
      filled += found->second;
      at += found->first.size();
    }
  }
  return filled;
}

/// RFC 2047: cut between letters, one word a line, and no line longer than 76 characters.
std::string encoded(std::string_view text) {
  constexpr std::size_t most = 39; // bytes: 64 characters, and the name of the field before them
  std::string words;
  while (!text.empty()) {
    std::size_t size = std::min(most, text.size());
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
      --size;
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return words;
}

/// "Thu, 26 Nov 2026 09:15:02 +0900"
std::string date_text(base::Instant now) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string iso = base::iso_instant(now); // 2026-11-26T09:15:02.120+09:00
  const auto month = static_cast<std::size_t>(std::stoi(iso.substr(5, 2)) - 1);
  return std::string(days[static_cast<std::size_t>(base::weekday(base::civil_date(now)))]) + ", " +
         iso.substr(8, 2) + " " + months[month] + " " + iso.substr(0, 4) + " " + iso.substr(11, 8) + " +0900";
}

const Words& words_of(std::string_view lang) {
  const auto found =
      std::find_if(languages.begin(), languages.end(), [&](const Words& each) { return each.lang == lang; });
  return found == languages.end() ? languages.front() : *found;
}

std::string body_of(const Words& words, const Mail& mail, const Filling& with) {
  std::string text = fill(words.head, with) + "\n\n" +
                     fill(mail.ahead == 0 ? words.next : words.ahead, with) + "\n" + fill(words.come, with) +
                     "\n\n" + fill(words.page, with) + "\n\n--\n" + fill(words.foot, with) + "\n";
  if (!mail.phone.empty()) text += fill(words.phone, with) + "\n";
  std::string lines;
  for (const char each : text) lines += each == '\n' ? std::string("\r\n") : std::string(1, each);
  return lines;
}

} // namespace

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // it ends its text with a zero
  auto* out = reinterpret_cast<unsigned char*>(text.data());
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(out, in, static_cast<int>(bytes.size()))));
  return text;
}

bool is_mail_language(std::string_view lang) {
  return std::any_of(languages.begin(), languages.end(),
                     [&](const Words& each) { return each.lang == lang; });
}

std::string message_of(const Mail& mail) {
  const Words& words = words_of(mail.lang);
  const Filling with{{"{clinic}", mail.clinic},
                     {"{number}", mail.number},
                     {"{ahead}", std::to_string(mail.ahead)},
                     {"{time}", base::clock_text(mail.as_of)},
                     {"{link}", mail.link},
                     {"{phone}", mail.phone}};
  std::string text = "Date: " + date_text(mail.now) + "\r\nFrom: " + encoded(mail.clinic) + "\r\n <" +
                     mail.from + ">\r\nTo: <" + mail.to.reveal() +
                     ">\r\nSubject: " + encoded(fill(words.subject, with)) + "\r\nMessage-ID: <" +
                     hex_name(mail.id) + mail.from.substr(mail.from.find('@')) +
                     ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Language: ";
  text.append(words.tag);
  text += "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const std::string body = base64(body_of(words, mail, with));
  constexpr std::size_t line = 76;
  for (std::size_t at = 0; at < body.size(); at += line) text += body.substr(at, line) + "\r\n";
  return text;
}

} // namespace machiai::cloud
