// Lua: reading forward through octets, the header rows, and the parts of the MD5 forms.

export const luaReader = `
-- A reading collects items: one for each field, with its offset and length, the bit it begins at and the number of its
-- bits unless it is whole octets, its value (a number, or octets), what it means, and its section. Deviations are
-- what is unusual and let pass; each hangs on an item.
for _, format in ipairs(formats) do
  local total = 0
  for _, row in ipairs(format.header) do total = total + row.bits end
  format.size = total / 8
  format.size = floor(format.size)
end

-- Ends a reading: the octets break a rule.
local function refuse(doc, code, detail, path, offset, bit, section)
  error({ doc = doc, code = code, detail = detail, path = path, offset = offset, bit = bit, section = section }, 0)
end

-- What is wrong, in one line.
local function in_words(failure)
  return (failure.path == "" and "" or failure.path .. ": ")
    .. failure.detail .. " (byte " .. failure.offset
    .. (failure.bit == 0 and "" or ", bit " .. failure.bit) .. "; " .. failure.doc
    .. (failure.section == "" and "" or " §" .. failure.section) .. ")"
end

local function note(reading, item)
  item.section = reading.format.doc .. " §" .. item.section
  item.deviations = {}
  reading.items[#reading.items + 1] = item
  return item
end

local function deviate(reading, field, offset, bit, message, section)
  local item = reading.items[#reading.items]
  item.deviations[#item.deviations + 1] = {
    field = field, offset = offset, bit = bit, message = message,
    section = reading.format.doc .. " §" .. section,
  }
end

local function refuse_here(reading, code, detail, path, section, offset, bit)
  refuse(reading.format.doc, code, detail, path, offset or reading.at, bit or 0, section)
end

-- The next length octets.
local function take(reading, length, path, section)
  local left = reading.stop - reading.at
  if length > left then
    refuse_here(reading, "TRUNCATED", "needs " .. length .. " octets, " .. left .. " left", path, section)
  end
  reading.at = reading.at + length
  return reading.octets:sub(reading.at - length + 1, reading.at)
end

local function take_number(reading, size, path, section)
  return read_bits(take(reading, size, path, section), 0, size * 8)
end

local function take_text(reading, length, path, section)
  local offset = reading.at
  local text = take(reading, length, path, section)
  if not is_utf8(text) then refuse_here(reading, "BAD_VALUE", "not valid UTF-8", path, section, offset) end
  return text
end

local function number_in_words(words, number)
  if words == nil then return "" end
  if words.kind == "time" then return os.date("!%Y-%m-%dT%H:%M:%SZ", number) end
  if number == 0 and words.zero ~= nil then return words.zero end
  if words.kind == "hex" then return words.before .. string.format("%X", number) .. words.after end
  return number .. " " .. (number == 1 and words.one or words.many)
end

-- What a number in a header row means.
local function row_meaning(form, number)
  if form.kind == "number" then return number_in_words(form.words, number) end
  if form.kind == "flag" then return number == 1 and form.whenSet or form.whenClear end
  if form.kind == "choice" then
    return form.names[number + 1] or "reserved value, read as " .. form.names[1]
  end
  if number == form.wanted then return form.word end
  return form.forgiving and "reserved bits that are set" or "must be " .. form.wanted
end

local function row_is_wrong(form, number)
  if form.kind == "number" then return number < form.minimum end
  return form.kind == "fixed" and number ~= form.wanted and not form.forgiving
end

local function row_deviation(form, number)
  if form.kind == "choice" and form.names[number + 1] == nil then
    return "reserved value " .. number .. ", read as " .. form.names[1]
  end
  if form.kind == "fixed" and number ~= form.wanted then
    return "reserved bits are " .. number .. ", not " .. form.wanted
  end
end

local function read_header(reading)
  local format, start, bit_at = reading.format, reading.at, 0
  local available = math.min(format.size, #reading.octets - start) * 8
  for _, row in ipairs(format.header) do
    local offset, bit = start + floor(bit_at / 8), bit_at % 8
    if bit_at + row.bits > available then
      local detail = "needs " .. row.bits .. " bits, " .. (available - bit_at) .. " left"
      refuse_here(reading, "TRUNCATED", detail, row.name, row.section, offset, bit)
    end
    local number = read_bits(reading.octets, start * 8 + bit_at, row.bits)
    local whole = bit == 0 and row.bits % 8 == 0
    note(reading, {
      name = row.name, offset = offset, length = floor((bit + row.bits + 7) / 8),
      bit = not whole and bit or nil, bits = not whole and row.bits or nil,
      value = number, meaning = row_meaning(row.form, number), section = row.section,
    })
    if row_is_wrong(row.form, number) then
      local detail = "is " .. number .. ", " .. row.rule
      refuse_here(reading, "BAD_VALUE", detail, row.name, row.section, offset, bit)
    end
    local unusual = row_deviation(row.form, number)
    if unusual ~= nil then deviate(reading, row.name, offset, bit, unusual, row.section) end
    reading.values[row.name] = number
    bit_at = bit_at + row.bits
  end
  reading.at = start + format.size
end

local function note_digest(reading, offset)
  local digest = reading.format.digest
  reading.digest = reading.octets:sub(offset + 1, offset + digest.octets)
  note(reading, {
    name = "digest", offset = offset, length = digest.octets, value = reading.digest,
    meaning = digest.meaning, section = digest.section,
  })
end

local function read_part(reading, part)
  local length, field = reading.stop - reading.at, part.lengthField
  if field ~= nil then
    local offset = reading.at
    length = take_number(reading, field.octets, field.name, field.section)
    note(reading, {
      name = field.name, offset = offset, length = field.octets, value = length,
      meaning = octets_of(length), section = field.section,
    })
    if length < part.minimum then
      refuse_here(reading, "BAD_VALUE", "must not be 0", field.name, field.section, offset)
    end
  elseif length == 0 then
    return
  end
  local offset, value, meaning = reading.at, nil, ""
  if part.value == "text" then
    value = take_text(reading, length, part.name, part.section)
  else
    value = take(reading, length, part.name, part.section)
    if value:find("^[ -~]+$") then meaning = quoted(value) end
  end
  reading.values[part.name] = value
  note(reading, {
    name = part.name, offset = offset, length = length, value = value, meaning = meaning,
    section = part.section,
  })
end

local function read_md5_form(reading)
  take(reading, reading.format.digest.octets, "digest", reading.format.digest.section)
  note_digest(reading, 0)
  read_header(reading)
  for _, part in ipairs(reading.format.parts) do
    if part.presentFlag == nil or reading.values[part.presentFlag] == 1 then read_part(reading, part) end
  end
  local left = reading.stop - reading.at
  if left > 0 then refuse_here(reading, "TRAILING", left .. " octets left over", "", "6.1") end
  reading.signed = reading.octets:sub(reading.format.digest.octets + 1)
end
`;
