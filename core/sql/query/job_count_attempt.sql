-- SPDX-License-Identifier: Apache-2.0
UPDATE jobs SET attempts = attempts + 1 WHERE id = ?1
