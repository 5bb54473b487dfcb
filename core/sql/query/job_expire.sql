-- SPDX-License-Identifier: Apache-2.0
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE done_at < ?1 AND done_at IS NOT NULL LIMIT ?2)
