-- SPDX-License-Identifier: Apache-2.0
DELETE FROM drafts WHERE case_id = ?1
