// Lua: the dissector itself, and where Wireshark calls it.

export const luaDissector = `
local wsp_content_type = Field.new("wsp.header.content_type")

-- The number of the content type that WSP has for this body, or nil when it has a name or there is no WSP.
local function code_of_wsp(match)
  local fields = { wsp_content_type() }
  local last = fields[#fields]
  if last == nil or match == nil or last.value ~= match then return nil end
  local octets = last.range:bytes():raw()
  local first, second = octets:byte(1, 2)
  if first == nil then return nil end
  if first >= 128 then return first - 128 end
  if first == 31 then return nil end
  if first < 31 and second ~= nil and second >= 128 then return second - 128 end
end

local function code_of(match)
  local placeholder = match ~= nil and match:match("^<Unknown media type identifier 0x(%x+)>$")
  if placeholder then return tonumber(placeholder, 16) end
  return code_of_wsp(match)
end

local function preference(text)
  return text ~= nil and text ~= "" and text or nil
end

-- The key of the preferences, or nil without a secret; and whether the nonce there cannot be read.
local function key_of_preferences()
  local prefs = package0.prefs
  local nonce_text = preference(prefs.nonce)
  local nonce = nonce_text and nonce_of(nonce_text)
  local secret = preference(prefs.secret)
  local unreadable = nonce_text ~= nil and nonce == nil
  if secret == nil then return nil, unreadable end
  return { secret = secret, nonce = nonce, identifier = preference(prefs.identifier) }, unreadable
end

local function add_item(tree, tvb, item, format)
  local field, range, added = format.fields[item.name], tvb(item.offset, item.length), nil
  if type(item.value) == "number" then added = tree:add(field, range)
  elseif item.length == 0 and format.texts[item.name] then added = tree:add(field, range, "")
  elseif format.texts[item.name] then added = tree:add_packet_field(field, range, ENC_UTF_8)
  else added = tree:add(field, range) end
  local words = format.worded[item.name]
  local said = words ~= nil and type(item.value) == "number" and words[item.value] ~= nil
  if item.meaning ~= "" and not said then added:append_text(" (" .. item.meaning .. ")") end
  if package0.prefs.sections then added:append_text(" [" .. item.section .. "]") end
  for _, deviation in ipairs(item.deviations) do
    added:add_proto_expert_info(experts.DEVIATION, deviation.field .. ": " .. deviation.message
      .. " (byte " .. deviation.offset .. "; " .. deviation.section .. ")")
  end
  return added
end

-- What the digest came to, under the digest.
local function add_verdict(item, tvb, reading, key, unreadable)
  local number = key == nil and 0 or reading.verdict == "given" and 1 or reading.verdict == "default" and 2 or 3
  local added = item:add(verdict_field, number):set_generated()
  if unreadable then added:add_proto_expert_info(experts.NONCE) end
  if number == 3 then added:add_proto_expert_info(experts.BAD_DIGEST) end
  if number == 2 and key.nonce ~= nil then added:add_proto_expert_info(experts.DEFAULT_NONCE) end
  return verdicts[number]
end

local function add_failure(tree, tvb, reading)
  local failure = reading.failure
  local start = math.min(failure.offset, tvb:len())
  local item = tree
  if start < tvb:len() then item = tree:add(unread_field, tvb(start)) end
  item:add_proto_expert_info(experts[failure.code], in_words(failure))
end

local function add_items(tree, tvb, reading)
  local place, digest = tree, nil
  for _, item in ipairs(reading.items) do
    if item.name == "Option-Number" then
      place = tree:add(tvb(item.offset, 1), "Option: " .. item.meaning)
    elseif item.name == "digest" then
      place = tree
    end
    local added = add_item(place, tvb, item, reading.format)
    if item.name == "digest" then digest = added end
    if item.name == "Option-Length" then
      place:set_len(math.min(2 + item.value, tvb:len() - item.offset))
    end
  end
  return digest
end

local function dissect(tvb, pinfo, tree, code, from_base64)
  local octets = tvb:len() > 0 and tvb:raw(0, tvb:len()) or ""
  local key, unreadable = key_of_preferences()
  local reading = read_notification(octets, code, key)
  local top = tree:add(package0, tvb())
  local summary = "Package #0"
  if from_base64 then top:add_proto_expert_info(experts.BASE64) end
  if tvb:reported_len() > tvb:len() then
    top:add_proto_expert_info(experts.CUT, "The capture has " .. tvb:len() .. " of " .. octets_of(tvb:reported_len()))
  end
  if reading.format ~= nil then
    summary = summary .. " " .. reading.format.format
    top:add(format_field, reading.format.format):set_generated()
    local digest = add_items(top, tvb, reading)
    local values = reading.values
    if values.sessionId ~= nil then summary = summary .. string.format(", session %X", values.sessionId) end
    if values.serverId ~= nil then summary = summary .. " of " .. quoted(values.serverId) end
    if digest ~= nil and reading.failure == nil then
      local verdict = add_verdict(digest, tvb, reading, key, unreadable)
      if key ~= nil then summary = summary .. ", digest " .. verdict end
    end
  end
  if reading.also ~= nil then
    top:add_proto_expert_info(experts.ALSO, "The octets read as " .. reading.also .. " as well; its digest does not tell")
  end
  if reading.failure ~= nil then
    add_failure(top, tvb, reading)
    summary = summary .. ", unreadable"
  end
  top:set_text("OMA DM Notification (" .. summary .. ")")
  pinfo.cols.info:append(" [" .. summary .. "]")
end

function package0.dissector(tvb, pinfo, tree)
  local code = code_of(pinfo.match_string)
  local plain = nil
  if tvb:len() > 0 and code == nil then plain = unwrapped(tvb:raw(0, tvb:len())) end
  if plain == nil then
    dissect(tvb, pinfo, tree, code, false)
  else
    dissect(ByteArray.new(to_hex(plain)):tvb("Base64 of Package #0"), pinfo, tree, nil, true)
  end
  return tvb:len()
end

-- A content type that Wireshark has no name for has this one there instead.
local media_types = DissectorTable.get("media_type")
for _, mime in ipairs(content_types.mimes) do media_types:add(mime, package0) end
for _, code in ipairs(content_types.codes) do
  media_types:add(string.format("<Unknown media type identifier 0x%02x>", code), package0)
end
`;
