-- Loads the dissector as a module, and answers each line of hex with what it reads there: its fields, its verdict, its fault,
-- and the MD5 and SHA-256 of the octets.
local package0 = assert(loadfile(arg[1]))()
local key = { secret = arg[2], nonce = package0.nonce_of(arg[3]) }
for line in io.lines() do
  local octets = package0.from_hex(line)
  local reading = package0.read(octets, nil, key)
  local out = {}
  for _, item in ipairs(reading.items) do
    local value = type(item.value) == "number" and string.format("%d", item.value) or package0.to_hex(item.value)
    out[#out + 1] = table.concat({ item.name, item.offset, item.length, value, item.meaning, item.section }, "\t")
  end
  out[#out + 1] = "verdict\t" .. tostring(reading.verdict)
  out[#out + 1] = "fault\t" .. (reading.failure and package0.in_words(reading.failure) or "")
  out[#out + 1] = "md5\t" .. package0.to_hex(package0.md5(octets))
  out[#out + 1] = "sha256\t" .. package0.to_hex(package0.sha256(octets))
  print(table.concat(out, "\n") .. "\n")
end
