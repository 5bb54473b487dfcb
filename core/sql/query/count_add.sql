-- SPDX-License-Identifier: Apache-2.0
INSERT INTO counts (desk, of, word, risk, n) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (desk, of, word, risk) DO UPDATE SET n = n + excluded.n
