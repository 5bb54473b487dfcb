-- SPDX-License-Identifier: Apache-2.0
DELETE FROM wraps WHERE case_id = ?1 AND target = 'desk' AND desk <> ?2
