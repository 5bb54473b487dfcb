-- SPDX-License-Identifier: Apache-2.0
SELECT value FROM meta WHERE name = ?1
