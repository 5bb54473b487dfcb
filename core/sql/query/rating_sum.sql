-- SPDX-License-Identifier: Apache-2.0
SELECT count(*), avg(heard), avg(helped), avg(again) FROM ratings WHERE desk = ?1 AND month = ?2
