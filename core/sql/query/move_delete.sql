-- SPDX-License-Identifier: Apache-2.0
DELETE FROM moves WHERE case_id = ?1
