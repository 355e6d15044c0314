// SPDX-License-Identifier: Apache-2.0
// Questions about notices and their answers, as machiai-notice takes and gives them.
#pragma once

#include "notice/page.hpp"

#include <boost/json.hpp>

namespace machiai::notice {

/// {"ask":"templates"} -> {"templates":[{template,title,fields:[...],portrait}]}
/// {"ask":"check",...} -> {"holds":true,"faults":[{field,reason,over,fits,shape,message}]}, of both shapes
/// {"ask":"may",...}   -> {"holds":true}, or the refusal of the first fault, for a screen that is lying
/// {"ask":"render",...,"width","height","out"} -> {"file","width","height"}
/// where ... is "template", "lang" and "fields"; "own" is a directory of further templates, "words" the
/// language of what is said. A refusal is {"error":{code,reason,message,detail}}.
[[nodiscard]] boost::json::object answer(const boost::json::object& question);

/// "「本文」が 12字 長すぎます（40字まで）"
[[nodiscard]] std::string in_words(const Form& form, const Fault& fault, const QString& lang);

} // namespace machiai::notice
