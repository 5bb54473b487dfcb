-- SPDX-License-Identifier: Apache-2.0
SELECT number, sealer, public, signature, made_at
FROM epochs WHERE number = ?2 AND sealer = ?1
