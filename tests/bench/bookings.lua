-- SPDX-License-Identifier: Apache-2.0
-- wrk's script: each request books one first visit at one of 100 facilities, with a key of its own.
local serial = 0
local mark = 0

function setup(thread)
  mark = mark + 1
  thread:set("mark", mark)
end

function init(args)
  math.randomseed(os.time() + mark * 7919)
  run = string.format("%08x", math.random(0, 2147483647))
end

function request()
  serial = serial + 1
  local facility = math.random(1, 100)
  local headers = { ["Content-Type"] = "application/json",
                    ["Idempotency-Key"] = string.format("%s-%d-%010d", run, mark, serial) }
  local body = '{"service":"naika","kind":"first","people":[{"name":"見本 花子","phone":"00-0000-0000"}]}'
  return wrk.format("POST", "/v1/facilities/" .. facility .. "/bookings", headers, body)
end
