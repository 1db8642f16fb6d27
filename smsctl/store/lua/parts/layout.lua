-- The forms and places of everything that is packed: what the store keeps (format.py), whose forms
-- begin with their generation, and the policy as it travels (layout.py). Places count from 1.

local GENERATION = 1
local OLDEST_TEXT = 32 -- no text begins with a byte below

local TIMES = '>BI6I6' -- generation, kept, floor
local FLOOR = 8
local FIRST_TIME = 14
local BEFORE_TIMES = 8 -- the n-th newest is at BEFORE_TIMES + 6 * n

local COUNT = '>BI6I4I4' -- generation, stop, epoch, used

local CODES = '>BI6' -- generation, alive
local FIRST_CODE = 8
-- state, used, left, at, till, seen, id, by, mac, pass, took, msg, req, why
local CODE_RECORD = '>BBBI6I6I6Bc0Bc0Bc0Bc0Bc0Bc0Bc0Bc0'

local EVENT = '>BBI6' -- generation, kind, at
local SETTLED = '>BBI6BBBc0Bc0Bc0Bc0' -- and state, blame, id, message id, vendor's id, vendor's code
local GUESSED = '>BBI6BBBc0' -- and result, tries left, id
local EVENT_KIND = 2
local WHO = 9 -- of an admitted send
local ENCRYPTED = 46

local REFUSAL = '>I2BI6I6I4BBB' -- size, generation, at, wait, max, and hour, kind, length
local HEAD = 19 -- bytes of it before what identical refusals have in common

local BLOCK = '>BBI6I6' -- generation, kind, at, end
local BLOCK_END = 9

local OFFENDERS = '>BI4I4' -- generation, error, total
local FIRST_OFFENDER = 10

local CODE_POLICY = 34
local FINGERPRINT = 40
local MONTHS = 56
local OVERRIDES = 74
local SUBJECT = 88 -- `purpose|country` behind its length
