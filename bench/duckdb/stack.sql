-- The duty of every line and the fees of every parcel, in whole cents, over all lines at once.
-- What stands in braces is written from the law's own files by law.py; `compare.py --show` prints it all.
--
-- A number meets a set if one of its beginnings of 2, 4, 6, 8 or 10 digits is in it. Its rate is that
-- of its ten digits, else of the eight they begin with. A picked heading is one number: see Law.packed.

CREATE OR REPLACE MACRO cents(millionths) AS (millionths + 500000) // 1000000;

-- What a picked heading adds to a value; no heading has no rate.
CREATE OR REPLACE MACRO added(picked, value) AS cents(value * ((picked >> 3) & 16777215));

-- The same for headings of which some top up what column 1 charges.
CREATE OR REPLACE MACRO topped(picked, value, paid, general) AS
  cents(greatest(value * ((picked >> 3) & 16777215)
    - CASE picked & 3 WHEN 2 THEN paid WHEN 3 THEN general ELSE 0 END, 0));

CREATE OR REPLACE TABLE owed_lines AS
WITH {kinds}placed AS (
  SELECT {own},
    {number_masks},
    {origin_masks},
    {claim_masks},
    o.table_rate,
    o.column_2,
    ten.number IS NOT NULL AS printed,
    CASE WHEN ten.given THEN ten.free ELSE eight.free END AS free,
    CASE WHEN ten.given THEN ten.general ELSE eight.general END AS general,
    CASE WHEN ten.given THEN ten.general_each ELSE eight.general_each END AS general_each,
    CASE WHEN ten.given THEN ten.column_2 ELSE eight.column_2 END AS second,
    CASE WHEN ten.given THEN ten.column_2_each ELSE eight.column_2_each END AS second_each,
    p.symbol AS claimed,
    p.mpf_exempt AS claimed_mpf_exempt,
    CASE WHEN ten.given THEN ten_special.symbol ELSE eight_special.symbol END AS special_symbol,
    CASE WHEN ten.given THEN ten_special.rate ELSE eight_special.rate END AS special,
    CASE WHEN ten.given THEN ten_special.each ELSE eight_special.each END AS special_each,
    CASE WHEN ten.given THEN ten_special.free ELSE eight_special.free END AS special_free
  FROM {source} l
  JOIN origins o ON o.origin = l.origin
  LEFT JOIN claims c ON c.claim = l.claim
  LEFT JOIN prefixes_2 n2 ON n2.prefix = l.number // 100000000
  LEFT JOIN prefixes_4 n4 ON n4.prefix = l.number // 1000000
  LEFT JOIN prefixes_6 n6 ON n6.prefix = l.number // 10000
  LEFT JOIN prefixes_8 n8 ON n8.prefix = l.number // 100
  LEFT JOIN prefixes_10 n10 ON n10.prefix = l.number
  LEFT JOIN rates_10 ten ON ten.number = l.number
  LEFT JOIN rates_8 eight ON eight.number = l.number // 100
  LEFT JOIN programs p ON p.symbol = l.claim AND p.origin = l.origin
    AND l.entered BETWEEN p.first AND p.last
  LEFT JOIN special_10 ten_special ON ten_special.number = l.number AND ten_special.symbol = l.claim
  LEFT JOIN special_8 eight_special
    ON eight_special.number = l.number // 100 AND eight_special.symbol = l.claim
),
column_1 AS (
  -- A claim serves where the special column prints a rate for it, or the general rate is free.
  SELECT *,
    claimed IS NOT NULL AND NOT column_2 AND (special_symbol IS NOT NULL OR free) AS serves
  FROM placed
),
paid AS (
  SELECT *,
    CASE WHEN serves THEN claimed END AS program,
    serves AND claimed_mpf_exempt AS mpf_exempt,
    serves AND special_symbol IS NOT NULL AS by_program,
    CASE WHEN serves AND special_symbol IS NOT NULL THEN special_free ELSE free END AS column_1_free
  FROM column_1
),
{levels},
sums AS (
  -- Millionths of a cent until they are charged.
  SELECT *,
    value_cents * general + quantity * general_each AS of_general,
    CASE
      WHEN column_2 THEN value_cents * second + quantity * second_each
      WHEN by_program THEN value_cents * special + quantity * special_each
    END AS of_other
  FROM {lined}
  WHERE printed AND NOT ({open})
),
reckoned AS (
  -- A special rate never raises the duty.
  SELECT *,
    CASE WHEN column_2 THEN of_other
      WHEN by_program THEN CASE WHEN of_other > of_general THEN of_general ELSE of_other END
      ELSE of_general END AS paid
  FROM sums
),
charged AS (
  SELECT line, parcel, value_cents, mpf_exempt, {kept_masks},
    {picks},
    cents(paid) AS of_schedule,
    {charges}
  FROM reckoned
  WHERE paid IS NOT NULL
)
SELECT *, of_schedule + {sum} AS duty_cents FROM charged;

CREATE OR REPLACE TABLE owed_parcels AS
WITH counted AS (
  SELECT l.parcel, any_value(h.path) AS path, any_value(h.entered) AS entered,
    any_value(h.mode) AS mode, any_value(h.at_express_hub) AS at_express_hub,
    sum(l.duty_cents) AS duty_cents,
    {fee_counts}
  FROM owed_lines l JOIN parcels h ON h.parcel = l.parcel
  GROUP BY l.parcel
)
SELECT parcel, duty_cents, {fee_sum} AS fee_cents FROM counted;
