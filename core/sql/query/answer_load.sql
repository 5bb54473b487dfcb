-- SPDX-License-Identifier: Apache-2.0
-- At opening: fills the memory of keys from a narrow index in order of time.
SELECT id, short FROM answers WHERE at > ?1
