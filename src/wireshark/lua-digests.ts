// Lua: MD5 (RFC 1321) and SHA-256 (FIPS 180-4), and the digests that the formats have.

export const luaDigests = String.raw`
-- Lua 5.2 has a library for bits, later versions have operators, which 5.2 cannot even read.
local bits = bit32 or load([[
  return {
    band = function(a, b) return a & b end,
    bor = function(a, b) return a | b end,
    bxor = function(a, b) return a ~ b end,
    bnot = function(a) return ~a & 0xffffffff end,
    lrotate = function(a, n) return ((a << n) | (a >> (32 - n))) & 0xffffffff end,
    rshift = function(a, n) return a >> n end,
  }
]])()
local band, bor, bxor, bnot, lrotate = bits.band, bits.bor, bits.bxor, bits.bnot, bits.lrotate

-- A message with its padding, its length behind it in eight octets; little is the order of MD5.
local function padded(message, little)
  local zeros = (55 - #message) % 64
  local length, octets = #message * 8, {}
  for at = 1, 8 do
    octets[little and at or 9 - at] = string.char(length % 256)
    length = floor(length / 256)
  end
  return message .. "\128" .. string.rep("\0", zeros) .. table.concat(octets)
end

-- 32-bit words as octets.
local function words_to_octets(words, little)
  local out = {}
  for _, word in ipairs(words) do
    local a, b, c, d = floor(word / 16777216), floor(word / 65536) % 256, floor(word / 256) % 256, word % 256
    out[#out + 1] = little and string.char(d, c, b, a) or string.char(a, b, c, d)
  end
  return table.concat(out)
end

local md5_sines, md5_turns = {}, { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } }
for step = 1, 64 do md5_sines[step] = floor(math.abs(math.sin(step)) * 4294967296) end

local function md5(message)
  local text = padded(message, true)
  local state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 }
  for start = 1, #text, 64 do
    local block = {}
    for at = 0, 15 do
      local a, b, c, d = text:byte(start + 4 * at, start + 4 * at + 3)
      block[at] = a + b * 256 + c * 65536 + d * 16777216
    end
    local a, b, c, d = state[1], state[2], state[3], state[4]
    for step = 0, 63 do
      local round = floor(step / 16)
      local mixed, place
      if round == 0 then mixed, place = bor(band(b, c), band(bnot(b), d)), step
      elseif round == 1 then mixed, place = bor(band(d, b), band(bnot(d), c)), (5 * step + 1) % 16
      elseif round == 2 then mixed, place = bxor(bxor(b, c), d), (3 * step + 5) % 16
      else mixed, place = bxor(c, bor(b, bnot(d))), (7 * step) % 16 end
      local sum = (a + mixed + md5_sines[step + 1] + block[place]) % 4294967296
      a, d, c, b = d, c, b, (b + lrotate(sum, md5_turns[round + 1][step % 4 + 1])) % 4294967296
    end
    for at, word in ipairs({ a, b, c, d }) do state[at] = (state[at] + word) % 4294967296 end
  end
  return words_to_octets(state, true)
end

-- Fractions of the roots of the first primes.
local sha256_constants, sha256_start = {}, {}
do
  local candidate = 2
  while #sha256_constants < 64 do
    local prime = true
    for divisor = 2, floor(math.sqrt(candidate)) do
      if candidate % divisor == 0 then prime = false end
    end
    if prime then
      local cube, square = candidate ^ (1 / 3), math.sqrt(candidate)
      sha256_constants[#sha256_constants + 1] = floor((cube - floor(cube)) * 4294967296)
      if #sha256_start < 8 then sha256_start[#sha256_start + 1] = floor((square - floor(square)) * 4294967296) end
    end
    candidate = candidate + 1
  end
end

local function turned(word, a, b, c)
  return bxor(bxor(lrotate(word, 32 - a), lrotate(word, 32 - b)), lrotate(word, 32 - c))
end

local function sha256(message)
  local text = padded(message, false)
  local state = { (table.unpack or unpack)(sha256_start) }
  for start = 1, #text, 64 do
    local w = {}
    for at = 1, 16 do
      local a, b, c, d = text:byte(start + 4 * at - 4, start + 4 * at - 1)
      w[at] = a * 16777216 + b * 65536 + c * 256 + d
    end
    for at = 17, 64 do
      local early, late = w[at - 15], w[at - 2]
      local s0 = bxor(bxor(lrotate(early, 25), lrotate(early, 14)), bits.rshift(early, 3))
      local s1 = bxor(bxor(lrotate(late, 15), lrotate(late, 13)), bits.rshift(late, 10))
      w[at] = (w[at - 16] + s0 + w[at - 7] + s1) % 4294967296
    end
    local a, b, c, d, e, f, g, h = (table.unpack or unpack)(state)
    for step = 1, 64 do
      local choice = bxor(band(e, f), band(bnot(e), g))
      local first = (h + turned(e, 6, 11, 25) + choice + sha256_constants[step] + w[step]) % 4294967296
      local majority = bxor(bxor(band(a, b), band(a, c)), band(b, c))
      local second = turned(a, 2, 13, 22) + majority
      h, g, f, e, d, c, b, a = g, f, e, (d + first) % 4294967296, c, b, a, (first + second) % 4294967296
    end
    for at, word in ipairs({ a, b, c, d, e, f, g, h }) do state[at] = (state[at] + word) % 4294967296 end
  end
  return words_to_octets(state, false)
end

local zero_nonce = string.char((table.unpack or unpack)(default_nonce))

-- Whether the digest of a reading holds: "given" or "default", the nonce that it holds under, or nil.
-- key has the secret, and where they are known the nonce and the identifier that is hashed for the Server-ID.
local function holds_under(reading, key)
  if reading.format.digest.at == "end" then
    local header = reading.format.size
    local signed = key.secret .. ":" .. reading.signed:sub(1, header) .. ":" .. reading.signed:sub(header + 1)
    return sha256(signed) == reading.digest and "given" or nil
  end
  local credential = to_base64(md5((key.identifier or reading.values.serverId) .. ":" .. key.secret))
  local trigger = to_base64(md5(reading.signed))
  local function holds(nonce)
    return md5(credential .. ":" .. nonce .. ":" .. trigger) == reading.digest
  end
  if key.nonce ~= nil and holds(key.nonce) then return "given" end
  if holds(zero_nonce) then return "default" end
end
`;
