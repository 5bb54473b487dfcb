-- SPDX-License-Identifier: Apache-2.0
UPDATE jobs SET service = ?2, bundle = ?3, generation = ?4, attempts = 0, not_before = 0, state = 'ready' WHERE id = ?1
