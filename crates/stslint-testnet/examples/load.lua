-- What wrk asks of a relay: random domains, each time as another client of a trusted proxy.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  math.randomseed(tonumber(args[1]))
  path, domains, clients = args[2], tonumber(args[3]), tonumber(args[4])
  c200, c429, c503, other = 0, 0, 0, 0
end

function request()
  local target = path
  if domains > 0 then
    target = path .. "d" .. math.random(0, domains - 1) .. ".example.com"
  end
  local number = math.random(0, clients - 1)
  local client = "44." .. math.floor(number / 65536) .. "." .. math.floor(number / 256) % 256 .. "." .. number % 256
  return wrk.format("GET", target, { ["X-Forwarded-For"] = client, ["Accept-Encoding"] = "br" })
end

function response(status)
  if status == 200 then c200 = c200 + 1
  elseif status == 429 then c429 = c429 + 1
  elseif status == 503 then c503 = c503 + 1
  else other = other + 1 end
end

function done(summary, latency, requests)
  local sum = { c200 = 0, c429 = 0, c503 = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name, count in pairs(sum) do sum[name] = count + thread:get(name) end
  end
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), sum.c200, sum.c429, sum.c503, sum.other,
    errors.connect + errors.read + errors.write + errors.timeout))
end
