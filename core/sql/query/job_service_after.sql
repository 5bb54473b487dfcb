-- SPDX-License-Identifier: Apache-2.0
SELECT service FROM jobs WHERE state = 'ready' AND service > ?1 ORDER BY service LIMIT 1
