// Lua: numbers, bits and texts out of octets. Runs on Lua 5.2 and on 5.3 and 5.4, where numbers may be integers.

export const luaOctets = String.raw`
-- Powers of two by doubling, which keeps them integers where there are integers.
local power = { [0] = 1 }
for exponent = 1, 32 do power[exponent] = power[exponent - 1] * 2 end

local floor = math.floor

-- count bits from the bit number from on, the most significant first; both count from 0.
local function read_bits(octets, from, count)
  local value, at = 0, from
  while at < from + count do
    local now = math.min(8 - at % 8, from + count - at)
    local octet = octets:byte(floor(at / 8) + 1)
    value = value * power[now] + floor(octet / power[8 - at % 8 - now]) % power[now]
    at = at + now
  end
  return value
end

local function to_hex(octets)
  return (octets:gsub(".", function(octet) return string.format("%02x", octet:byte()) end))
end

-- The octets of pairs of hex digits, or nil.
local function from_hex(text)
  if #text % 2 ~= 0 or text:find("[^%x]") then return nil end
  return (text:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end))
end

local base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local base64_values = {}
for at = 1, 64 do base64_values[base64_digits:byte(at)] = at - 1 end

local function to_base64(octets)
  local out = {}
  for at = 1, #octets, 3 do
    local a, b, c = octets:byte(at, at + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    local digits = {}
    for place = 1, 4 do
      local value = floor(bits / power[24 - 6 * place]) % 64 + 1
      digits[place] = base64_digits:sub(value, value)
    end
    if b == nil then digits[3] = "=" end
    if c == nil then digits[4] = "=" end
    out[#out + 1] = table.concat(digits)
  end
  return table.concat(out)
end

-- The octets of Base64, where white space is skipped and padding may be missing, or nil.
local function from_base64(text)
  text = text:gsub("[\t-\r ]", "")
  local digits, padding = text:match("^([A-Za-z0-9+/]*)(=*)$")
  if digits == nil or #digits % 4 == 1 or #padding > 2 then return nil end
  if #padding > 0 and (#digits + #padding) % 4 ~= 0 then return nil end
  local out, held, bits = {}, 0, 0
  for at = 1, #digits do
    held = held * 64 + base64_values[digits:byte(at)]
    bits = bits + 6
    if bits >= 8 then
      bits = bits - 8
      out[#out + 1] = string.char(floor(held / power[bits]) % 256)
      held = held % power[bits]
    end
  end
  return table.concat(out)
end

-- Whether octets are UTF-8: no overlong forms, no halves of surrogate pairs, nothing beyond U+10FFFF.
local function is_utf8(text)
  local at = 1
  while at <= #text do
    local first = text:byte(at)
    local more, low, high = 0, 0x80, 0xbf
    if first >= 0xc2 and first <= 0xdf then more = 1
    elseif first >= 0xe0 and first <= 0xef then more = 2
    elseif first >= 0xf0 and first <= 0xf4 then more = 3
    elseif first >= 0x80 then return false end
    if first == 0xe0 then low = 0xa0 elseif first == 0xf0 then low = 0x90 end
    if first == 0xed then high = 0x9f elseif first == 0xf4 then high = 0x8f end
    for next = 1, more do
      local octet = text:byte(at + next)
      if octet == nil or octet < low or octet > high then return false end
      low, high = 0x80, 0xbf
    end
    at = at + more + 1
  end
  return true
end

-- Name and offset of the first control character that is not part of a CR LF, as Net-Unicode has them; or nil.
local function stray_control(text)
  local at = 1
  while at <= #text do
    local octet, next = text:byte(at, at + 1)
    if octet == 13 and next == 10 then
      at = at + 2
    elseif octet < 32 or octet == 127 then
      return string.format("U+%04X", octet), at - 1
    elseif octet == 0xc2 and next ~= nil and next < 0xa0 then
      return string.format("U+%04X", next), at - 1
    else
      at = at + 1
    end
  end
end

-- A text as JSON has it, so that it stays on one line.
local escapes = { [8] = "\\b", [9] = "\\t", [10] = "\\n", [12] = "\\f", [13] = "\\r", [34] = '\\"', [92] = "\\\\" }
local function quoted(text)
  local inner = text:gsub('[\0-\31"\\]', function(character)
    return escapes[character:byte()] or string.format("\\u%04x", character:byte())
  end)
  return '"' .. inner .. '"'
end

local function octets_of(count)
  return count .. " octet" .. (count == 1 and "" or "s")
end
`;
