// SPDX-License-Identifier: Apache-2.0
#include "core/wire/notices.hpp"

#include "core/base/easy.hpp"

#include <algorithm>
#include <array>

namespace machiai::wire {

namespace {

constexpr std::array<std::string_view, 7> languages{"ja", "easy", "en", "zh", "ko", "vi", "pt"};

/// `{}` is the number of minutes, in Easy Japanese followed by its unit; without one the second set of words
/// is used.
struct Notice {
  std::string_view pattern;
  std::array<std::string_view, 7> timed;
  std::array<std::string_view, 7> plain;
};

/// Shown by the station itself, not from the desk's list.
constexpr Notice phones_rest{
    "phones_rest",
    {},
    {"スマートフォンの 予約と 順番表示は\nいま お休みしています",
     "スマホの よやくと じゅんばんは\nいま つかえません",
     "Booking and queue view on phones\nare not available now", "手机预约和候诊进度\n目前暂停使用",
     "휴대폰 예약과 순서 안내는\n지금 쉬고 있습니다", "Đặt chỗ và xem lượt\ntrên điện thoại tạm ngừng",
     "Reserva e fila pelo celular\nestão em pausa agora"}};

constexpr Notice phones_ended{
    "phones_ended",
    {},
    {"スマートフォンの 予約と 順番表示は\n終了しました", "スマホの よやくと じゅんばんは\nもう つかえません",
     "Booking and queue view on phones\nhave ended", "手机预约和候诊进度\n已停止服务",
     "휴대폰 예약과 순서 안내는\n종료되었습니다", "Đặt chỗ và xem lượt\ntrên điện thoại đã ngừng",
     "Reserva e fila pelo celular\nforam encerradas"}};

constexpr std::array notices{
    phones_rest,
    phones_ended,
    Notice{"delay",
           {"診察が {}分ほど おくれています\nご迷惑を おかけします",
            "しんさつが おそく なって います\n{}{}くらいです すみません",
            "Running about {} minutes late\nThank you for waiting", "看诊约延迟 {} 分钟\n敬请谅解",
            "진료가 약 {}분 늦어지고 있습니다\n양해 부탁드립니다",
            "Khám đang trễ khoảng {} phút\nMong quý vị thông cảm",
            "Atraso de cerca de {} minutos\nAgradecemos a paciência"},
           {"診察が おくれています\nご迷惑を おかけします", "しんさつが おそく なって います\nすみません",
            "Running late\nThank you for waiting", "看诊有所延迟\n敬请谅解",
            "진료가 늦어지고 있습니다\n양해 부탁드립니다", "Khám đang bị trễ\nMong quý vị thông cảm",
            "Estamos com atraso\nAgradecemos a paciência"}},
    Notice{"doctor_late",
           {"医師の到着が {}分ほど おくれます\nおそれいりますが お待ちください",
            "せんせいが おくれて きます\n{}{}くらい まって ください",
            "The doctor will be late\nby about {} minutes", "医生将晚到约 {} 分钟\n请稍候",
            "의사 선생님이 약 {}분 늦습니다\n기다려 주세요",
            "Bác sĩ đến trễ khoảng {} phút\nXin vui lòng đợi",
            "O médico atrasará cerca de\n{} minutos. Aguarde, por favor"},
           {"医師の到着が おくれます\nおそれいりますが お待ちください",
            "せんせいが おくれて きます\nまって ください", "The doctor will be late\nPlease wait",
            "医生将晚到\n请稍候", "의사 선생님이 늦습니다\n기다려 주세요",
            "Bác sĩ sẽ đến trễ\nXin vui lòng đợi", "O médico chegará atrasado\nAguarde, por favor"}},
    Notice{"emergency",
           {"急患のため 診察を 止めています\n{}分ほど お待ちください",
            "きゅうな びょうきの ひとが います\n{}{}くらい まって ください",
            "An emergency: calls pause for\nabout {} minutes", "因有急诊患者\n看诊暂停约 {} 分钟",
            "응급 환자로 약 {}분간\n진료가 멈춥니다", "Có ca cấp cứu: tạm ngừng khám\nkhoảng {} phút",
            "Emergência: pausa de cerca de\n{} minutos"},
           {"急患のため\n診察が 止まっています", "きゅうな びょうきの ひとが います\nまって ください",
            "An emergency: calls are paused\nPlease wait", "因有急诊患者\n看诊暂停",
            "응급 환자로\n진료가 멈추었습니다", "Có ca cấp cứu: tạm ngừng khám\nXin vui lòng đợi",
            "Emergência: chamadas em pausa\nAguarde, por favor"}},
    Notice{"doctor_away",
           {"医師が 席を はずしています\n{}分ほど お待ちください",
            "せんせいは いま いません\n{}{}くらい まって ください",
            "The doctor is away for\nabout {} minutes", "医生暂时离开\n约 {} 分钟后继续",
            "의사 선생님이 약 {}분간\n자리를 비웁니다", "Bác sĩ tạm vắng\nkhoảng {} phút",
            "O médico está ausente por\ncerca de {} minutos"},
           {"医師が 席を はずしています\nもうしばらく お待ちください",
            "せんせいは いま いません\nまって ください", "The doctor is away for a moment\nPlease wait",
            "医生暂时离开\n请稍候", "의사 선생님이 잠시\n자리를 비웠습니다",
            "Bác sĩ tạm vắng\nXin vui lòng đợi", "O médico está ausente\nAguarde, por favor"}},
    Notice{"long_wait",
           {"ただいま 待ち時間は {}分以上です\n外出の方は 受付へ お声がけください",
            "いま {}{}より ながく まちます\nでかける ひとは おしえて ください",
            "The wait is over {} minutes\nTell reception if you go out",
            "现在需等候 {} 分钟以上\n外出请告知前台",
            "현재 {}분 이상 기다립니다\n외출 시 접수처에 알려 주세요",
            "Hiện phải đợi hơn {} phút\nNếu ra ngoài, xin báo lễ tân",
            "A espera passa de {} minutos\nAvise a recepção se sair"},
           {"ただいま 大変 混みあっています\n外出の方は 受付へ お声がけください",
            "いま ひとが おおいです\nでかける ひとは おしえて ください",
            "We are very busy now\nTell reception if you go out", "现在非常拥挤\n外出请告知前台",
            "지금 매우 붐빕니다\n외출 시 접수처에 알려 주세요",
            "Hiện đang rất đông\nNếu ra ngoài, xin báo lễ tân",
            "Estamos muito cheios agora\nAvise a recepção se sair"}},
    Notice{"vaccination_time",
           {"予防接種を 行っています\n{}分ほど 順番が 前後します",
            "{}{}くらい よぼうせっしゅです\nじゅんばんが かわります",
            "Vaccinations now: the order\nmay change for {} minutes",
            "正在接种疫苗\n约 {} 分钟内顺序可能变动", "예방 접종 중입니다\n약 {}분간 순서가 바뀔 수 있습니다",
            "Đang tiêm chủng: thứ tự\ncó thể đổi trong {} phút",
            "Vacinação: a ordem pode mudar\npor {} minutos"},
           {"予防接種を 行っています\n順番が 前後することが あります",
            "いま よぼうせっしゅです\nじゅんばんが かわります", "Vaccinations now\nThe order may change",
            "正在接种疫苗\n顺序可能变动", "예방 접종 중입니다\n순서가 바뀔 수 있습니다",
            "Đang tiêm chủng\nThứ tự có thể thay đổi", "Vacinação em andamento\nA ordem pode mudar"}},
    Notice{"test_time",
           {"これから {}分ほど 検査の方を\n先に ご案内することが あります",
            "けんさの ひとが さきに なります\n{}{}くらいです",
            "Patients for tests may go first\nfor about {} minutes", "检查的患者可能优先\n约 {} 分钟",
            "검사 환자를 약 {}분간\n먼저 안내할 수 있습니다",
            "Người xét nghiệm có thể được\nưu tiên khoảng {} phút",
            "Exames podem ter prioridade\npor cerca de {} minutos"},
           {"検査の方を\n先に ご案内することが あります", "けんさの ひとが さきに なる ことが あります",
            "Patients for tests\nmay be called first", "检查的患者可能优先",
            "검사 환자를\n먼저 안내할 수 있습니다", "Người xét nghiệm\ncó thể được ưu tiên",
            "Pacientes de exames\npodem ser chamados antes"}}};

} // namespace

std::string notice_words(const queue::MessageView& message, std::string_view lang) {
  if (message.pattern == "free") return message.text;
  const auto notice = std::find_if(notices.begin(), notices.end(),
                                   [&](const Notice& each) { return each.pattern == message.pattern; });
  if (notice == notices.end()) return {};
  auto language = std::find(languages.begin(), languages.end(), lang);
  if (language == languages.end()) language = std::find(languages.begin(), languages.end(), "en");
  const auto& words = message.minutes > 0 ? notice->timed : notice->plain;
  std::string text(words[static_cast<std::size_t>(language - languages.begin())]);
  for (const std::string& value :
       {std::to_string(message.minutes), std::string(base::easy_minutes_unit(message.minutes))})
    if (const auto place = text.find("{}"); place != std::string::npos) text.replace(place, 2, value);
  return text;
}

} // namespace machiai::wire
