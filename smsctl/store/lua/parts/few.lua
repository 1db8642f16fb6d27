-- How many sends that cost nothing are recorded one by one: of test numbers, and of what the gateway
-- rejects. No limit bounds them, so those beyond, of one hour, purpose and country, must leave nothing.
local FEW = 50
