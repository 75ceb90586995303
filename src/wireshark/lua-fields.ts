// Lua: the protocol in Wireshark, its fields out of the tables, its preferences and expert information.

export const luaFields = `
local package0 = Proto("package0", "OMA DM Notification (Package #0)")

package0.prefs.secret = Pref.string("Secret", "",
  "AAuthSecret that notifications are signed with. Without it digests are not checked.")
package0.prefs.nonce = Pref.string("Nonce", "",
  "Nonce of the MD5 formats: Base64 as AAuthData has it, or hex behind 0x. The default nonce is tried as well.")
package0.prefs.identifier = Pref.string("Server identifier", "",
  "What the MD5 digest takes for the Server-ID of the message, for clients that take their AAuthName.")
package0.prefs.sections = Pref.bool("Show sections", false,
  "Show document and section beside each field. They are in the descriptions of the fields as well.")

local registered = {}

-- name_of("sessionId") is "session_id"; the names of length fields have hyphens.
local function name_of(name)
  return (name:gsub("(%u)", "_%1"):gsub("%-_?", "_"):gsub("^_", ""):lower())
end

local titles = { ["Option-Number"] = "Option number", ["Option-Length"] = "Option length", ["Option-Value"] = "Option value" }
local function title_of(name)
  if titles[name] ~= nil then return titles[name] end
  local text = name_of(name):gsub("_", " "):gsub("^%l", string.upper)
  return (text:gsub("Server id", "Server-ID"):gsub("Session id", "Session-ID"):gsub(" mo$", "-MO"):gsub("Ui mode", "UI mode"))
end

local numbers = { [1] = ProtoField.uint8, [2] = ProtoField.uint16, [3] = ProtoField.uint24, [4] = ProtoField.uint32 }

-- A number that fills octets or, with bit, some bits of them.
local function number_field(name, octets, bit, bits, base_of, words, description)
  local mask = bit ~= nil and (power[bits] - 1) * power[octets * 8 - bit - bits] or nil
  return numbers[octets]("package0." .. name_of(name), title_of(name), base_of, words, mask, description)
end

-- What the numbers of a row mean, where that can be listed.
local function row_words(row)
  local words = {}
  if row.form.kind == "fixed" and not row.form.forgiving then
    words[row.form.wanted] = row.form.word
  elseif row.form.kind == "flag" or row.form.kind == "choice" then
    for number = 0, power[row.bits] - 1 do words[number] = row_meaning(row.form, number) end
  else
    return nil
  end
  return words
end

local function counted(names, from)
  local words = {}
  for at, name in ipairs(names) do words[at - 1 + from] = name end
  return words
end

local function register(format, name, field)
  registered[#registered + 1] = field
  format.fields[name] = field
end

local function octets_field(name, description)
  return ProtoField.bytes("package0." .. name_of(name), title_of(name), base.NONE, description)
end

local function register_text(format, name, description)
  format.texts[name] = true
  register(format, name, ProtoField.string("package0." .. name_of(name), title_of(name), base.UNICODE, description))
end

local function register_header(format, section)
  local bit_at = 0
  for _, row in ipairs(format.header) do
    local bit = bit_at % 8
    local whole = bit == 0 and row.bits % 8 == 0
    local octets = floor((bit + row.bits + 7) / 8)
    local hex = row.form.kind == "number" and row.form.words ~= nil and row.form.words.kind == "hex"
    local words = row_words(row)
    local field = number_field(row.name, octets, not whole and bit or nil, row.bits,
      hex and base.HEX_DEC or base.DEC, words, section(row.section))
    register(format, row.name, field)
    format.worded[row.name] = words
    bit_at = bit_at + row.bits
  end
end

local function register_parts(format, section)
  for _, part in ipairs(format.parts) do
    local field = part.lengthField
    if field ~= nil then
      register(format, field.name,
        number_field(field.name, field.octets, nil, nil, base.DEC, nil, section(field.section)))
    end
    if part.value == "text" then register_text(format, part.name, section(part.section))
    else register(format, part.name, octets_field(part.name, section(part.section))) end
  end
end

local function register_options(format, section)
  local option_titles, worded = {}, format.worded
  for _, option in ipairs(format.options) do
    option_titles[#option_titles + 1] = option.title
    local description = section(option.section)
    if option.value == "text" then
      register_text(format, option.name, description)
    elseif option.value == "bearer" then
      worded[option.name] = counted(bearers, 0)
      register(format, option.name,
        ProtoField.uint8("package0." .. name_of(option.name), title_of(option.name), base.DEC, worded[option.name], nil, description))
    else
      register(format, option.name, number_field(option.name, 2, nil, nil, base.DEC, nil, description))
    end
  end
  if #option_titles == 0 then return end
  worded["Option-Number"] = counted(option_titles, 1)
  register(format, "Option-Number",
    number_field("Option-Number", 1, 0, 4, base.DEC, worded["Option-Number"], section("6.2.1")))
  register(format, "Option-Length", number_field("Option-Length", 2, 4, 12, base.DEC, nil, section("6.2.2")))
  register(format, "Option-Value", octets_field("Option-Value", section("6.3")))
end

for _, format in ipairs(formats) do
  format.fields, format.texts, format.worded = {}, {}, {}
  local function section(number) return format.doc .. " §" .. number end
  register(format, "digest", octets_field("digest", section(format.digest.section)))
  register_header(format, section)
  register_parts(format, section)
  register_options(format, section)
end

local verdicts = { [0] = "not checked: no secret in the preferences", [1] = "good", [2] = "good under the default nonce", [3] = "bad" }
local format_field = ProtoField.string("package0.format", "Format")
local verdict_field = ProtoField.uint8("package0.digest.status", "Digest status", base.DEC, verdicts)
local unread_field = ProtoField.bytes("package0.unread", "Octets not read")
for _, field in ipairs({ format_field, verdict_field, unread_field }) do registered[#registered + 1] = field end
package0.fields = registered

local function expert_of(name, text, group, severity)
  return ProtoExpert.new("package0.expert." .. name, text, expert.group[group], expert.severity[severity])
end

local experts = {
  DEVIATION = expert_of("reserved", "Reserved bits or a value that is not known", "PROTOCOL", "WARN"),
  TRUNCATED = expert_of("truncated", "The octets end too early", "MALFORMED", "ERROR"),
  BAD_VALUE = expert_of("bad_value", "A value is not allowed", "MALFORMED", "ERROR"),
  TRAILING = expert_of("trailing", "Octets are left over", "MALFORMED", "ERROR"),
  BAD_DIGEST = expert_of("digest", "The digest does not hold", "CHECKSUM", "ERROR"),
  DEFAULT_NONCE = expert_of("default_nonce", "The digest holds under the default nonce only", "CHECKSUM", "NOTE"),
  NONCE = expert_of("nonce", "The nonce in the preferences is neither Base64 nor hex behind 0x", "PROTOCOL", "WARN"),
  BASE64 = expert_of("base64", "Base64 of Package #0, which clients of some families want over IP", "PROTOCOL", "NOTE"),
  ALSO = expert_of("also", "The octets read as another format as well", "PROTOCOL", "NOTE"),
  CUT = expert_of("cut", "The capture holds only a part of these octets", "PROTOCOL", "NOTE"),
}
local expert_list = {}
for _, each in pairs(experts) do expert_list[#expert_list + 1] = each end
package0.experts = expert_list
`;
