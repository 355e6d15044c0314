// SPDX-License-Identifier: Apache-2.0
// Holds requests and answers against docs/openapi.yaml.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { parse } from "yaml";

const path = fileURLToPath(new URL("../../docs/openapi.yaml", import.meta.url));
const document = parse(readFileSync(path, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: "openapi", ...document });

const operations = new Map();
for (const [route, item] of Object.entries(document.paths))
  for (const [method, operation] of Object.entries(item))
    if (operation.operationId) operations.set(operation.operationId, { route, method, operation });

const pointer = (...parts) => `openapi#/${parts.map((part) => encodeURIComponent(String(part).replace(/~/g, "~0").replace(/\//g, "~1"))).join("/")}`;

function schemaOf(id, what) {
  const found = operations.get(id);
  if (!found) throw new Error(`the document has no operation ${id}`);
  const base = ["paths", found.route, found.method];
  if (what === "request") return pointer(...base, "requestBody", "content", "application/json", "schema");
  const answer = found.operation.responses[what];
  if (!answer) throw new Error(`${id} does not answer ${what}`);
  if (answer.$ref) return pointer("components", "responses", answer.$ref.split("/").pop(), "content", "application/json", "schema");
  return pointer(...base, "responses", what, "content", "application/json", "schema");
}

/// Throws when `value` is not what the document says of that answer ("request": of the request).
export function conforms(id, what, value) {
  const validate = ajv.compile({ $ref: schemaOf(id, what) });
  if (!validate(value)) throw new Error(`${id} ${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`);
}

/// Every reason that the text of the document names in backticks.
export const reasons = () => new Set([...readFileSync(path, "utf8").matchAll(/`([a-z]+(?:_[a-z]+)+|drawing|storage|maintenance|suspended|ended)`/g)].map((m) => m[1]));
