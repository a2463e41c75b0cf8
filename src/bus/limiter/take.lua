-- KEYS[1]: the bucket, which holds the moment (in microseconds) at which it will have drained.
-- ARGV: points per second, burst, cost. Answers {allowed, remaining, microseconds until the cost would be allowed}.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local per_second, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local point = 1000000 / per_second
local full = burst * point
local drained = tonumber(redis.call('GET', KEYS[1]) or now)
drained = math.min(math.max(drained, now), now + full)
local next_drained = drained + cost * point
-- Moments are kept in whole microseconds: half of one is not held against anybody.
if next_drained - now <= full + 0.5 then
  if cost > 0 then
    redis.call('SET', KEYS[1], string.format('%.0f', next_drained), 'PX', math.ceil((next_drained - now) / 1000) + 1)
  end
  return {1, math.max(0, math.floor((full - (next_drained - now) + 0.5) / point)), 0}
end
return {0, math.max(0, math.floor((full - (drained - now) + 0.5) / point)), math.ceil(next_drained - now - full)}
