-- Stops where the operators' overrides are not those by which the request was judged, or where one of
-- them has ended meanwhile: whoever asks reads them anew and judges again.
-- held[3]  the version of the overrides, or false
-- Returns  {-3}
if held[3] or byte(policy, OVERRIDES) ~= 0 then
  if held[3] ~= string.sub(policy, OVERRIDES, OVERRIDES + 7) or now >= struct.unpack('>I6', policy, OVERRIDES + 8) then
    return {-3}
  end
end
