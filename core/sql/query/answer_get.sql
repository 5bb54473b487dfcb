-- SPDX-License-Identifier: Apache-2.0
SELECT key, digest, at, status, body
FROM answers WHERE id = ?1
