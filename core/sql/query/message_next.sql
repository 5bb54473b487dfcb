-- SPDX-License-Identifier: Apache-2.0
SELECT coalesce(max(n), -1) + 1 FROM messages WHERE case_id = ?1
