-- SPDX-License-Identifier: Apache-2.0
DELETE FROM bodies WHERE id = ?1
