-- SPDX-License-Identifier: Apache-2.0
SELECT case_id, to_desk, staff, task, at
FROM moves ORDER BY at, case_id
