// SPDX-License-Identifier: Apache-2.0
#include "core/wire/messages.hpp"

#include <algorithm>
#include <array>

namespace machiai::wire {

namespace {

struct Phrase {
  std::string_view reason;
  std::string_view ja;
  std::string_view en;
};

constexpr std::array phrases{
    Phrase{"absent", "その番号は 不在です。戻られたら「もどす」を押してください。",
           "That patient is marked absent. Use \"back\" when they have returned."},
    Phrase{"already_called", "その番号は ほかの部屋で お呼びしました。次の方を お呼びください。",
           "That patient has already been called by someone else. Please call the next one."},
    Phrase{"ambiguous_ticket", "同じ番号の方が ほかの受付にもいます。受付を えらんでください。",
           "More than one counter has that number. Name the ticket by its id."},
    Phrase{"bad_argument", "入力の内容が 正しくありません。",
           "An argument is missing or not of the right kind."},
    Phrase{"bad_frame", "通信の内容が 正しくありません。", "That message could not be read."},
    Phrase{"bad_key", "操作の識別キーが 正しくありません。",
           "The key must be 1 to 64 printable ASCII characters."},
    Phrase{"bad_text", "使えない文字が 入っています。文字を 確かめてください。",
           "The text contains characters that cannot be used (control or direction marks)."},
    Phrase{"cap_reached", "本日の受付は いっぱいになりました。", "Today's numbers are all taken."},
    Phrase{"clock_unsure", "この機械の時計が ずれています。時刻の設定を 確かめてください。",
           "The clock of this machine is not to be trusted. Please check its time."},
    Phrase{"closed", "いまは 受付時間外です。受付を はじめてから お使いください。",
           "The counter is closed. Open it first."},
    Phrase{"cups_missing", "印刷のしくみ(CUPS)に つながりません。機械の電源を 確かめてください。",
           "The print service does not answer. Check that it runs."},
    Phrase{"disk_full",
           "保存する場所が いっぱいです。不要なファイルを 消してください。番号は 出していません。",
           "The disk is full. Free some space; no number was given."},
    Phrase{"finished", "その番号は もう終わっています。", "That ticket is already finished."},
    Phrase{"forbidden", "この画面からは できない操作です。", "This seat may not do that."},
    Phrase{"hub_unreachable", "受付の機械に つながりません。電源と配線を 確かめてください。",
           "The clinic's machine (machiaid) does not answer. Is it running?"},
    Phrase{"key_reused", "同じ操作キーで 別の内容が 送られました。もう一度 はじめから操作してください。",
           "This key was used before for something else."},
    Phrase{"name_too_long", "文字が 長すぎます。短くしてください。", "The text is too long."},
    Phrase{"nobody_waiting", "お待ちの方は いません。", "Nobody is waiting."},
    Phrase{"no_font", "表示用の書体が 見つかりません。", "A font is missing (fonts-morisawa-bizud-gothic)."},
    Phrase{"no_printer", "プリンターが 設定されていません。番号は 画面で お伝えします。",
           "No printer is set up; the number is shown on the screen."},
    Phrase{"no_slip", "印刷する番号票が ありません。", "There is no slip to print."},
    Phrase{"no_speaker", "スピーカーが 見つかりません。音の出る機器を 確かめてください。",
           "No speaker was found. Check the sound output."},
    Phrase{"no_voice", "音声のしくみが 見つかりません。チャイムだけで お知らせします。",
           "The voice is not installed; calls are announced by the chime alone."},
    Phrase{"not_called", "その番号は まだ お呼びしていません。", "That ticket has not been called."},
    Phrase{"not_on_hold", "その番号は 保留に なっていません。", "That ticket is not on hold."},
    Phrase{"not_waiting", "その番号は 待っている状態では ありません。", "That ticket is not waiting."},
    Phrase{"nothing_to_undo", "元に戻せる操作が ありません(10秒以内の操作だけ 戻せます)。",
           "There is nothing to undo (only the last 10 seconds can be undone)."},
    Phrase{"on_hold", "その番号は 保留中です。", "That ticket is on hold."},
    Phrase{"overloaded", "操作が 重なっています。少し待って もう一度お願いします。",
           "Too many requests at once. Please try again in a moment."},
    Phrase{"paper_out", "用紙が ありません。新しい用紙を 入れてください。", "The printer is out of paper."},
    Phrase{"door_open", "プリンターの ふたが 開いています。", "The printer's door is open."},
    Phrase{"jam", "用紙が つまっています。", "Paper is jammed in the printer."},
    Phrase{"job_refused", "プリンターが 用紙の大きさを 受けつけません。設定を 確かめてください。",
           "The printer refused the slip. Check its paper size."},
    Phrase{"print_lost", "印刷できたか 分かりません。番号票を 確かめて、なければ 再発行してください。",
           "It is not known whether the slip came out. Reprint it if it did not."},
    Phrase{"printer_missing", "設定されたプリンターが 見つかりません。",
           "The printer that is set up was not found."},
    Phrase{"printer_stopped", "プリンターが 止まっています。", "The printer is stopped."},
    Phrase{"printer_timeout", "プリンターから 返事が ありません。電源と用紙を 確かめてください。",
           "The printer did not finish in time. Check power and paper."},
    Phrase{"printer_unreachable", "プリンターに つながりません。電源と配線を 確かめてください。",
           "The printer cannot be reached. Check power and cable."},
    Phrase{"room_not_for_service", "その部屋では この受付の方を お呼びできません。",
           "That room does not serve this counter."},
    Phrase{"same_ticket", "同じ番号の前へは 動かせません。", "A ticket cannot be moved in front of itself."},
    Phrase{"storage", "記録できませんでした。番号は 出していません。受付係が 紙で お受けください。",
           "It could not be recorded, so nothing was done. Use the paper list until it is mended."},
    Phrase{"storage_read_only", "記録する場所が 書きこめなくなっています。番号は 出していません。",
           "The disk is read-only, so nothing was done."},
    Phrase{"too_old", "印刷に 時間が かかりすぎたため 取りやめました。必要なら 再発行してください。",
           "The slip was given up because it would have come out too late."},
    Phrase{"too_large", "送られた内容が 大きすぎます。", "That message is too large."},
    Phrase{"unknown_command", "その操作は ありません。", "There is no such command."},
    Phrase{"unknown_kind", "その区分は ありません。", "There is no such kind of visit at this counter."},
    Phrase{"unknown_room", "その部屋は ありません。", "There is no such room."},
    Phrase{"unknown_service", "その受付は ありません。", "There is no such service."},
    Phrase{"unknown_ticket", "その番号は 今日の受付に ありません。", "There is no such ticket today."},
};

} // namespace

std::string message(std::string_view reason, std::string_view lang) {
  const auto found = std::find_if(phrases.begin(), phrases.end(),
                                  [&](const Phrase& phrase) { return phrase.reason == reason; });
  const bool japanese = lang == "ja";
  if (found == phrases.end())
    return japanese ? "うまくいきませんでした。受付の責任者に お知らせください。"
                    : "That did not work. Please tell the person in charge.";
  return std::string(japanese ? found->ja : found->en);
}

} // namespace machiai::wire
