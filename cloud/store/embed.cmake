# SPDX-License-Identifier: Apache-2.0
# Writes OUT with every file of SQL (in their order) as a migration of its number.
file(GLOB files ${SQL}/*.sql)
list(SORT files)
set(code "// SPDX-License-Identifier: Apache-2.0\n#include \"cloud/store/schema.hpp\"\n\nnamespace machiai::cloud::store {\n\nconst std::vector<Migration>& migrations() {\n  static const std::vector<Migration> all{\n")
foreach(file ${files})
  get_filename_component(name ${file} NAME)
  string(REGEX MATCH "^[0-9]+" number ${name})
  math(EXPR number "${number} + 0")
  file(READ ${file} text)
  string(APPEND code "      {${number}, R\"sql(${text})sql\"},\n")
endforeach()
string(APPEND code "  };\n  return all;\n}\n\n} // namespace machiai::cloud::store\n")
file(WRITE ${OUT} "${code}")
