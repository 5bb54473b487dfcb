-- SPDX-License-Identifier: Apache-2.0
-- Before the configuration is read in again: a desk that is no longer named there is closed, never deleted.
UPDATE desks SET open = 0 WHERE open <> 0
