-- SPDX-License-Identifier: Apache-2.0
INSERT INTO undos (token, staff, until_at, moves) VALUES (?1, ?2, ?3, ?4)
