-- SPDX-License-Identifier: Apache-2.0
SELECT at FROM answers WHERE id = (SELECT min(id) FROM answers)
