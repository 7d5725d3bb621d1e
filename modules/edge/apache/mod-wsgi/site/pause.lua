-- Time for the processes before to stop listening, so that the new ones get what is asked again.
function pause(r)
  r.usleep(500000)
  return apache2.DECLINED
end
