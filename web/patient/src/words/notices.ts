// SPDX-License-Identifier: Apache-2.0
// The clinic's temporary messages: the same words as core/wire/notices.cpp, so that the board and the phone say the
// same. `.n` counts minutes. A pattern that is not here is shown as the clinic wrote it.
import type { Table } from "../lang";

export const notices = {
  "delay.n": [
    "診察が {n}分ほど おくれています\nご迷惑を おかけします", "しんさつが おそく なって います\n{n}ぷんくらいです すみません",
    "Running about {n} minutes late\nThank you for waiting", "看诊约延迟 {n} 分钟\n敬请谅解",
    "진료가 약 {n}분 늦어지고 있습니다\n양해 부탁드립니다", "Khám đang trễ khoảng {n} phút\nMong quý vị thông cảm",
    "Atraso de cerca de {n} minutos\nAgradecemos a paciência"],
  "delay": [
    "診察が おくれています\nご迷惑を おかけします", "しんさつが おそく なって います\nすみません", "Running late\nThank you for waiting",
    "看诊有所延迟\n敬请谅解", "진료가 늦어지고 있습니다\n양해 부탁드립니다", "Khám đang bị trễ\nMong quý vị thông cảm",
    "Estamos com atraso\nAgradecemos a paciência"],
  "doctor_late.n": [
    "医師の到着が {n}分ほど おくれます\nおそれいりますが お待ちください", "せんせいが おくれて きます\n{n}ぷんくらい まって ください",
    "The doctor will be late\nby about {n} minutes", "医生将晚到约 {n} 分钟\n请稍候",
    "의사 선생님이 약 {n}분 늦습니다\n기다려 주세요", "Bác sĩ đến trễ khoảng {n} phút\nXin vui lòng đợi",
    "O médico atrasará cerca de\n{n} minutos. Aguarde, por favor"],
  "doctor_late": [
    "医師の到着が おくれます\nおそれいりますが お待ちください", "せんせいが おくれて きます\nまって ください", "The doctor will be late\nPlease wait",
    "医生将晚到\n请稍候", "의사 선생님이 늦습니다\n기다려 주세요", "Bác sĩ sẽ đến trễ\nXin vui lòng đợi",
    "O médico chegará atrasado\nAguarde, por favor"],
  "emergency.n": [
    "急患のため 診察を 止めています\n{n}分ほど お待ちください", "きゅうな びょうきの ひとが います\n{n}ぷんくらい まって ください",
    "An emergency: calls pause for\nabout {n} minutes", "因有急诊患者\n看诊暂停约 {n} 分钟", "응급 환자로 약 {n}분간\n진료가 멈춥니다",
    "Có ca cấp cứu: tạm ngừng khám\nkhoảng {n} phút", "Emergência: pausa de cerca de\n{n} minutos"],
  "emergency": [
    "急患のため\n診察が 止まっています", "きゅうな びょうきの ひとが います\nまって ください", "An emergency: calls are paused\nPlease wait",
    "因有急诊患者\n看诊暂停", "응급 환자로\n진료가 멈추었습니다", "Có ca cấp cứu: tạm ngừng khám\nXin vui lòng đợi",
    "Emergência: chamadas em pausa\nAguarde, por favor"],
  "doctor_away.n": [
    "医師が 席を はずしています\n{n}分ほど お待ちください", "せんせいは いま いません\n{n}ぷんくらい まって ください",
    "The doctor is away for\nabout {n} minutes", "医生暂时离开\n约 {n} 分钟后继续", "의사 선생님이 약 {n}분간\n자리를 비웁니다",
    "Bác sĩ tạm vắng\nkhoảng {n} phút", "O médico está ausente por\ncerca de {n} minutos"],
  "doctor_away": [
    "医師が 席を はずしています\nもうしばらく お待ちください", "せんせいは いま いません\nまって ください",
    "The doctor is away for a moment\nPlease wait", "医生暂时离开\n请稍候", "의사 선생님이 잠시\n자리를 비웠습니다",
    "Bác sĩ tạm vắng\nXin vui lòng đợi", "O médico está ausente\nAguarde, por favor"],
  "long_wait.n": [
    "ただいま 待ち時間は {n}分以上です\n外出の方は 受付へ お声がけください", "いま {n}ぷんより ながく まちます\nでかける ひとは おしえて ください",
    "The wait is over {n} minutes\nTell reception if you go out", "现在需等候 {n} 分钟以上\n外出请告知前台",
    "현재 {n}분 이상 기다립니다\n외출 시 접수처에 알려 주세요", "Hiện phải đợi hơn {n} phút\nNếu ra ngoài, xin báo lễ tân",
    "A espera passa de {n} minutos\nAvise a recepção se sair"],
  "long_wait": [
    "ただいま 大変 混みあっています\n外出の方は 受付へ お声がけください", "いま ひとが おおいです\nでかける ひとは おしえて ください",
    "We are very busy now\nTell reception if you go out", "现在非常拥挤\n外出请告知前台", "지금 매우 붐빕니다\n외출 시 접수처에 알려 주세요",
    "Hiện đang rất đông\nNếu ra ngoài, xin báo lễ tân", "Estamos muito cheios agora\nAvise a recepção se sair"],
  "vaccination_time.n": [
    "予防接種を 行っています\n{n}分ほど 順番が 前後します", "{n}ぷんくらい よぼうせっしゅです\nじゅんばんが かわります",
    "Vaccinations now: the order\nmay change for {n} minutes", "正在接种疫苗\n约 {n} 分钟内顺序可能变动",
    "예방 접종 중입니다\n약 {n}분간 순서가 바뀔 수 있습니다", "Đang tiêm chủng: thứ tự\ncó thể đổi trong {n} phút",
    "Vacinação: a ordem pode mudar\npor {n} minutos"],
  "vaccination_time": [
    "予防接種を 行っています\n順番が 前後することが あります", "いま よぼうせっしゅです\nじゅんばんが かわります", "Vaccinations now\nThe order may change",
    "正在接种疫苗\n顺序可能变动", "예방 접종 중입니다\n순서가 바뀔 수 있습니다", "Đang tiêm chủng\nThứ tự có thể thay đổi",
    "Vacinação em andamento\nA ordem pode mudar"],
  "test_time.n": [
    "これから {n}分ほど 検査の方を\n先に ご案内することが あります", "けんさの ひとが さきに なります\n{n}ぷんくらいです",
    "Patients for tests may go first\nfor about {n} minutes", "检查的患者可能优先\n约 {n} 分钟",
    "검사 환자를 약 {n}분간\n먼저 안내할 수 있습니다", "Người xét nghiệm có thể được\nưu tiên khoảng {n} phút",
    "Exames podem ter prioridade\npor cerca de {n} minutos"],
  "test_time": [
    "検査の方を\n先に ご案内することが あります", "けんさの ひとが さきに なる ことが あります", "Patients for tests\nmay be called first",
    "检查的患者可能优先", "검사 환자를\n먼저 안내할 수 있습니다", "Người xét nghiệm\ncó thể được ưu tiên",
    "Pacientes de exames\npodem ser chamados antes"],
} satisfies Table;
