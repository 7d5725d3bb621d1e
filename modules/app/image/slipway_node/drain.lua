-- Apache opens its sockets itself and would close them with the connections that wait there: at a stop it empties them as
-- serve.py does, which asks for this. Only a process of Apache's own can reach them.
local poll = require "posix.poll"
local socket = require "posix.sys.socket"

-- Milliseconds and seconds, as in serve.py.
local QUIET, LIMIT = 100, 5
local MOST_DESCRIPTORS = 1024

local function listening(descriptor)
  return socket.getsockopt(descriptor, socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
end

function drain(r)
  local listeners = {}
  for descriptor = 0, MOST_DESCRIPTORS do
    if listening(descriptor) then
      socket.setsockopt(descriptor, socket.SOL_SOCKET, socket.SO_BINDTODEVICE, "lo")
      listeners[#listeners + 1] = descriptor
    end
  end
  local deadline = os.time() + LIMIT
  for _, descriptor in ipairs(listeners) do
    while poll.rpoll(descriptor, QUIET) == 1 and os.time() < deadline do r.usleep(10000) end
  end
  return 204
end
