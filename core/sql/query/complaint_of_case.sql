-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM complaints WHERE case_id = ?1 AND answered_at IS NULL
