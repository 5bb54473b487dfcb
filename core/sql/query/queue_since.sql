-- SPDX-License-Identifier: Apache-2.0
SELECT since FROM queue WHERE desk = ?1 AND risk = ?2 ORDER BY rank LIMIT 1
