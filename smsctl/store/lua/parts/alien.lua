-- Stops at what decides and is not of this generation, before anything is written.

local function alien(generation)
  if generation and generation > GENERATION and generation < OLDEST_TEXT then
    error('NEWER a newer smsctl wrote this')
  end
  error('WRONGTYPE smsctl did not write this')
end
