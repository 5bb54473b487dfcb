-- SPDX-License-Identifier: Apache-2.0
SELECT word, risk, n FROM counts WHERE desk = ?1 AND of = ?2 AND n > 0
