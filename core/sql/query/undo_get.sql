-- SPDX-License-Identifier: Apache-2.0
SELECT moves FROM undos WHERE token = ?1 AND staff = ?2 AND until_at >= ?3
