-- SPDX-License-Identifier: Apache-2.0
SELECT case_id, to_desk, staff, task, at
FROM moves WHERE case_id = ?1
