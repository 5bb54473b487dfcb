-- SPDX-License-Identifier: Apache-2.0
INSERT INTO answers (short, key, digest, at, status, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
