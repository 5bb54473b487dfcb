-- SPDX-License-Identifier: Apache-2.0
DELETE FROM bodies WHERE id IN (SELECT body FROM messages WHERE case_id = ?1)
