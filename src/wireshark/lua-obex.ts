// Lua: OBEX over TCP. Wireshark reads OBEX packets but not their way over TCP, and does not look into their bodies.

export const luaObex = `
local obex = Proto("package0_obex", "OBEX over TCP, for Package #0")
local obex_malformed = ProtoExpert.new("package0_obex.malformed", "Wireshark finds this OBEX packet malformed",
  expert.group.MALFORMED, expert.severity.ERROR)
obex.experts = { obex_malformed }
local tcp_stream = Field.new("tcp.stream")
local obex_packets = Dissector.get("obex")

-- Most octets of a body that is gathered, and of bodies that are gathered at a time. No notification comes near the first.
local largest_body, most_pending = 65536, 256

-- Bodies that are not whole yet by stream and direction, and whole ones by the frame and place that completes them.
local pending, pending_count, whole_bodies = {}, 0, {}
function obex.init() pending, pending_count, whole_bodies = {}, 0, {} end

-- Calls visit(id, value) for each header of a packet from offset on, while they are whole.
local function each_header(octets, offset, visit)
  while offset < #octets do
    local id, high, low = octets:byte(offset + 1, offset + 3)
    local length = id < 128 and 0 or id < 192 and 2 or 5
    if id < 128 then
      if low == nil then return end
      length = high * 256 + low
      if length < 3 then return end
    end
    if offset + length > #octets then return end
    visit(id, octets:sub(offset + (id < 128 and 4 or 2), offset + length))
    offset = offset + length
  end
end

local function is_ours(mime)
  for _, each in ipairs(content_types.mimes) do
    if mime:lower():match("^[^;%s%z]*") == each then return true end
  end
  return false
end

-- The type of a PUT, and the part of its body; nil for other packets.
local function put_of(packet)
  if packet:byte(1) % 128 ~= 2 then return nil end
  local put = { final = packet:byte(1) >= 128, body = "" }
  each_header(packet, 3, function(id, value)
    if id == 0x42 then put.type = value:gsub("%z.*", "") end
    if id == 0x48 or id == 0x49 then put.body = put.body .. value end
  end)
  return put
end

-- Adds a packet to what its stream has pending; gives type and octets of a body that it completes.
local function gather(key, put)
  local body = pending[key]
  if body == nil then
    if pending_count >= most_pending then pending, pending_count = {}, 0 end
    body = { parts = {}, size = 0 }
    pending[key], pending_count = body, pending_count + 1
  end
  body.type = body.type or put.type
  body.size = body.size + #put.body
  if body.size <= largest_body then body.parts[#body.parts + 1] = put.body end
  if not put.final then return nil end
  pending[key], pending_count = nil, pending_count - 1
  if body.size > largest_body then return nil end
  local octets = table.concat(body.parts)
  -- Some senders name no type; then the octets have to say what they are.
  if body.type == nil and (reads(octets) or unwrapped(octets) ~= nil) then return octets end
  return body.type ~= nil and is_ours(body.type) and octets or nil
end

local function add_body(octets, pinfo, tree)
  local plain = unwrapped(octets)
  local title = plain and "Base64 of Package #0" or "OBEX body"
  dissect(ByteArray.new(to_hex(plain or octets)):tvb(title), pinfo, tree, nil, plain ~= nil)
end

local function dissect_packet(tvb, pinfo, tree, place)
  if obex_packets ~= nil then
    -- It throws at a packet that is malformed; what the octets hold is read all the same.
    local whole = pcall(obex_packets.call, obex_packets, tvb, pinfo, tree)
    if not whole then tree:add_proto_expert_info(obex_malformed) end
  end
  local key = pinfo.number .. ":" .. place
  if not pinfo.visited then
    local put = put_of(tvb:raw(0, tvb:len()))
    local stream = tcp_stream()
    if put ~= nil then
      whole_bodies[key] = gather((stream and tostring(stream.value) or "") .. ":" .. pinfo.src_port, put)
    end
  end
  if whole_bodies[key] ~= nil then add_body(whole_bodies[key], pinfo, tree) end
end

function obex.dissector(tvb, pinfo, tree)
  local offset, size = 0, tvb:len()
  while offset < size do
    local length = size - offset >= 3 and tvb(offset + 1, 2):uint() or nil
    if length ~= nil and length < 3 then return offset end
    if length == nil or offset + length > size then
      pinfo.desegment_offset = offset
      pinfo.desegment_len = length == nil and DESEGMENT_ONE_MORE_SEGMENT or offset + length - size
      return size
    end
    dissect_packet(tvb(offset, length):tvb(), pinfo, tree, offset)
    offset = offset + length
  end
  return size
end

-- Whether a segment begins like a session or a PUT that can only be ours: CONNECT to the DM service, or PUT of our type.
local function begins_ours(octets)
  local first, high, low = octets:byte(1, 3)
  if low == nil or (first ~= 0x80 and first % 128 ~= 2) or high * 256 + low < 3 then return false end
  local found = false
  each_header(octets:sub(1, high * 256 + low), first == 0x80 and 7 or 3, function(id, value)
    if first == 0x80 and id == 0x46 and value == "SYNCML-DM" then found = true end
    if first ~= 0x80 and id == 0x42 and is_ours(value) then found = true end
  end)
  return found
end

obex:register_heuristic("tcp", function(tvb, pinfo, tree)
  if tvb:len() < 3 or not begins_ours(tvb:raw(0, math.min(tvb:len(), 2048))) then return false end
  pinfo.conversation = obex
  obex.dissector(tvb, pinfo, tree)
  return true
end)

DissectorTable.get("tcp.port"):add(650, obex)
`;
