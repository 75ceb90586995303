// Lua: which format octets have (spec-notes ruling 7), and the Base64 that textual carriers may bring (ruling 8).

export const luaFormats = `
-- Reads octets as one format. A reading that ends early has its failure.
local function read_as(format, octets)
  local reading = { format = format, octets = octets, at = 0, stop = #octets, items = {}, values = {} }
  local read = #format.options > 0 and read_dm13 or read_md5_form
  local done, failure = pcall(read, reading)
  if not done then
    if type(failure) ~= "table" then error(failure, 0) end
    reading.failure = failure
  end
  return reading
end

-- The likelier format first: dm1.3 has its version in front, the others have it behind their digest.
local by_likelihood = {}
for _, format in ipairs(formats) do
  table.insert(by_likelihood, format.digest.at == "end" and 1 or #by_likelihood + 1, format)
end

local function version_of(format, octets)
  local row, from = format.header[1], format.digest.at == "start" and format.digest.octets * 8 or 0
  if from + row.bits > #octets * 8 then return nil end
  return read_bits(octets, from, row.bits)
end

local function has_version(format, octets)
  return version_of(format, octets) == format.header[1].form.wanted
end

-- The version that the MD5 forms have, its row, and what it may be, as part of a sentence.
local function md5_version(octets)
  local version, row, doc, known, digest
  local names = {}
  for _, format in ipairs(formats) do
    if format.digest.at == "start" then
      version, known = version_of(format, octets), format
      if row == nil then row, doc, digest = format.header[1], format.doc, format.digest.octets end
      names[#names + 1] = format.header[1].form.wanted .. " (" .. format.format .. ")"
    end
  end
  return version, table.concat(names, " or "), digest, doc, row.section
end

-- The formats to try, or nil and why the octets are none. code is the number of the content type, where one is known.
local function possible_formats(octets, code)
  local found, newest = {}, nil
  for _, format in ipairs(by_likelihood) do
    if format.digest.at == "end" then
      newest = format
      if format.code == code then return { format } end
    end
    if (code == nil or format.code == code) and has_version(format, octets) then found[#found + 1] = format end
  end
  if #found > 0 then return found end
  local version, known, digest, doc, section = md5_version(octets)
  if version == nil then
    local detail = octets_of(#octets) .. " end before the version that follows the digest"
    return nil, { doc = doc, code = "TRUNCATED", detail = detail, path = "version", offset = #octets, bit = 0, section = section }
  end
  if code ~= nil then
    local detail = "is " .. version .. ", must be " .. known
    return nil, { doc = doc, code = "BAD_VALUE", detail = detail, path = "version", offset = digest, bit = 0, section = section }
  end
  local row = newest.header[1]
  local detail = "no known format: the first four bits are " .. version_of(newest, octets) .. ", not "
    .. row.form.wanted .. " (" .. newest.format .. "), and byte " .. digest .. " begins version " .. version
    .. ", not " .. known
  return nil, { doc = newest.doc, code = "BAD_VALUE", detail = detail, path = "version", offset = 0, bit = 0, section = "6" }
end

-- Reads a notification as the decoder does: of two readings that hold, the one whose digest holds under key, else the
-- likelier one. Gives a reading, or one with a failure alone.
local function read_notification(octets, code, key)
  local candidates, failure = possible_formats(octets, code)
  if candidates == nil then return { items = {}, values = {}, octets = octets, failure = failure } end
  local whole, last = {}, nil
  for _, format in ipairs(candidates) do
    local reading = read_as(format, octets)
    if reading.failure == nil then whole[#whole + 1] = reading else last = reading end
  end
  if #whole == 0 then return last end
  local chosen = whole[1]
  for _, reading in ipairs(whole) do
    reading.verdict = key ~= nil and holds_under(reading, key) or nil
    if reading.verdict ~= nil and chosen.verdict == nil then chosen = reading end
  end
  if chosen.verdict == nil and #whole > 1 then chosen.also = whole[2].format.format end
  return chosen
end

local function reads(octets)
  return read_notification(octets).failure == nil
end

-- What a body stands for that is nothing but Base64 of a notification, and none itself; else nil.
local function unwrapped(body)
  if #body < 24 or #body > 32768 then return nil end
  local text = body:match("^%s*(.-)%s*$")
  if #text % 4 ~= 0 or not text:find("^[A-Za-z0-9+/]+=?=?$") then return nil end
  local plain = from_base64(text)
  if plain == nil or not reads(plain) or reads(body) then return nil end
  return plain
end

-- The octets that a preference for a nonce stands for: hex behind 0x, else Base64. Nil for an empty or unreadable one.
local function nonce_of(text)
  text = text:match("^%s*(.-)%s*$")
  if text == "" then return nil end
  local digits = text:match("^0[xX](.*)$")
  if digits ~= nil then return from_hex(digits) end
  return from_base64(text)
end

-- Outside Wireshark this file is a module that reads.
if Proto == nil then
  return {
    read = read_notification, unwrapped = unwrapped, in_words = in_words, md5 = md5, sha256 = sha256,
    to_hex = to_hex, from_hex = from_hex, nonce_of = nonce_of, quoted = quoted,
  }
end
`;
