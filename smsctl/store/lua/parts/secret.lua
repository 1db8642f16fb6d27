-- Stops where the store belongs to another secret, before anything is compared or written.
-- held[1]  fingerprint of the HMAC secret, or false
-- Returns  {-2}
if held[1] and held[1] ~= string.sub(policy, FINGERPRINT, FINGERPRINT + 15) then return {-2} end
