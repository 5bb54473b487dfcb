-- SPDX-License-Identifier: Apache-2.0
UPDATE staff SET failures = ?2, wait_until = ?3 WHERE id = ?1
