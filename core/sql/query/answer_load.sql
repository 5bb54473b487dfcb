-- SPDX-License-Identifier: Apache-2.0
-- At opening: fills the memory of keys; the table holds one day.
SELECT id, short FROM answers WHERE at > ?1
