-- SPDX-License-Identifier: Apache-2.0
DELETE FROM jobs WHERE id = ?1
