-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM jobs WHERE service = ?1 AND state = 'ready'
