-- SPDX-License-Identifier: Apache-2.0
SELECT id, replied_at FROM cases WHERE state = 'awaiting_caller' AND replied_at > 0 ORDER BY replied_at LIMIT ?1
