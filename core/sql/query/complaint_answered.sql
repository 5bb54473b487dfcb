-- SPDX-License-Identifier: Apache-2.0
UPDATE complaints SET answered_at = ?2 WHERE id = ?1 AND answered_at IS NULL
