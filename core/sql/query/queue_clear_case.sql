-- SPDX-License-Identifier: Apache-2.0
DELETE FROM queue WHERE case_id = ?1
