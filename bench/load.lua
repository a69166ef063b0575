-- Many clients at once, each with sentences of its own. With a running service:
--
--     wrk --threads 1 --connections 64 --duration 60s --timeout 120s --script bench/load.lua http://127.0.0.1:8080
--
-- Tells what was answered and how long it took; answers of 200 that are no translation count as bad.

local sentences = 4000
local nouns = {"Der Umsatz", "Der Gewinn", "Die Nachfrage", "Der Absatz", "Die Produktion", "Der Bestand"}

local function text(n)
    return string.format('{"text":"%s stieg im Jahr %d um %d,%d Prozent auf %d Millionen Euro, teilte das Unternehmen mit."}',
        nouns[n % #nouns + 1], 1980 + n % 45, n % 40 + 1, n % 10, 100 + n)
end

local n = 0
request = function()
    n = n + 1
    return wrk.format("POST", "/v1/translate", {["Content-Type"] = "application/json"}, text((n * 7919) % sentences))
end

local threads = {}
setup = function(thread) table.insert(threads, thread) end

statuses, bad = "", 0
local counts = {}
response = function(status, _, body)
    counts[status] = (counts[status] or 0) + 1
    if status == 200 and not string.find(body, '"translations"', 1, true) then bad = bad + 1 end
    statuses = ""
    for code, count in pairs(counts) do statuses = statuses .. string.format(" %d: %d", code, count) end
end

done = function(summary, latency)
    for _, thread in ipairs(threads) do
        print(string.format("answers by status:%s; bad: %d", thread:get("statuses"), thread:get("bad")))
    end
    local e = summary.errors
    print(string.format("errors: connect %d, read %d, write %d, timeout %d", e.connect, e.read, e.write, e.timeout))
    for _, share in ipairs({50, 90, 99, 100}) do
        print(string.format("p%d %.0f ms", share, latency:percentile(share) / 1000))
    end
end
