-- SPDX-License-Identifier: Apache-2.0
DELETE FROM desk_keys WHERE holder = ?1
