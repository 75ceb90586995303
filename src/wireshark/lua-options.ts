// Lua: the options of dm1.3 (DM-NOTI-1.3 §6.2).

export const luaOptions = `
local function option_title(format, number)
  local option = format.options[number]
  return option and option.title or "option " .. number
end

local function read_option_value(reading, option, length)
  local offset, name, section = reading.at, option.name, option.section
  local item = { name = name, offset = offset, length = length, meaning = "", section = section }
  if option.value == "text" then
    item.value = take_text(reading, length, name, section)
    reading.values[name] = item.value
    note(reading, item)
    -- The Server-ID is what the device's account has, octet by octet, whatever that is.
    local control, before = stray_control(item.value)
    if control ~= nil and name ~= "serverId" then
      local message = option.title .. " holds the control character " .. control
        .. ", which is no Net-Unicode; kept as it is"
      deviate(reading, name, offset + before, 0, message, "6.2.3")
    end
    return
  end
  local number = take_number(reading, length, name, section)
  item.value = number
  if option.value == "uint" then
    local vendor = number >= mo_words.vendorFrom and mo_words.vendor or mo_words.unnamed
    item.meaning = number == 0 and mo_words.none or mo_indexes[number] or vendor
    reading.values[name] = number
    note(reading, item)
    return
  end
  local bearer = bearers[number + 1]
  item.meaning = bearer or "unknown bearer, left out"
  if bearer ~= nil then reading.values[name] = number end
  note(reading, item)
  if bearer == nil then
    deviate(reading, name, offset, 0, "unknown bearer " .. number .. ", left out", section)
  end
end

local function read_option(reading, position, previous)
  local format, path, offset = reading.format, "options[" .. position .. "]", reading.at
  local head = take_number(reading, 2, path, "6.2")
  local number, length = floor(head / 4096), head % 4096
  local option = format.options[number]
  note(reading, {
    name = "Option-Number", offset = offset, length = 1, bit = 0, bits = 4, value = number,
    meaning = option and option.title or "unknown option, kept raw", section = option and "6.3" or "6.2.1",
  })
  note(reading, {
    name = "Option-Length", offset = offset, length = 2, bit = 4, bits = 12, value = length,
    meaning = octets_of(length), section = "6.2.2",
  })
  if number < previous then
    local detail = option_title(format, number) .. " after " .. option_title(format, previous)
      .. ": options must be in order of their numbers"
    refuse_here(reading, "BAD_VALUE", detail, path .. ".number", "6.2", offset)
  end
  if option == nil then
    local at = reading.at
    local value = take(reading, length, path .. ".value", "6.2.3")
    note(reading, {
      name = "Option-Value", offset = at, length = length, value = value,
      meaning = "unknown option, kept raw", section = "6.3",
    })
    local message = "unknown option " .. number .. " of " .. octets_of(length) .. ", kept raw"
    deviate(reading, path, offset, 0, message, "6.3")
    return number
  end
  if not option.list and reading.values[option.name] ~= nil then
    local detail = option.title .. " must not occur more than once"
    refuse_here(reading, "BAD_VALUE", detail, path .. ".number", option.section, offset)
  end
  if length < option.minimum or length > option.readMaximum then
    local range = option.minimum == option.readMaximum and octets_of(option.minimum)
      or option.minimum .. " to " .. option.readMaximum .. " octets"
    local detail = "is " .. length .. ", but " .. option.title .. " takes " .. range
    refuse_here(reading, "BAD_VALUE", detail, path .. ".length", "6.3", offset, 4)
  end
  read_option_value(reading, option, length)
  return number
end

local function read_dm13(reading)
  local format = reading.format
  local digest_at = #reading.octets - format.digest.octets
  read_header(reading)
  if digest_at < format.size then
    local detail = "needs " .. format.digest.octets .. " octets at the end, "
      .. octets_of(#reading.octets - format.size) .. " follow the header"
    refuse_here(reading, "TRUNCATED", detail, "digest", format.digest.section)
  end
  reading.stop = digest_at
  local count, previous = reading.values.optionCount, 0
  for position = 0, count - 1 do previous = read_option(reading, position, previous) end
  if reading.at < reading.stop then
    local detail = octets_of(reading.stop - reading.at) .. " between the last of " .. count
      .. " options and the digest"
    refuse_here(reading, "TRAILING", detail, "options", "6.4.2")
  end
  for _, option in ipairs(format.options) do
    if option.required and reading.values[option.name] == nil then
      local detail = "no " .. option.title .. " option, which is mandatory"
      refuse_here(reading, "BAD_VALUE", detail, option.name, option.section)
    end
  end
  note_digest(reading, digest_at)
  reading.signed = reading.octets:sub(1, digest_at)
end
`;
