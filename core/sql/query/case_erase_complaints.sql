-- SPDX-License-Identifier: Apache-2.0
UPDATE complaints SET wrap = x'', blob = x'' WHERE case_id = ?1
