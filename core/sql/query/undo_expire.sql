-- SPDX-License-Identifier: Apache-2.0
DELETE FROM undos WHERE until_at < ?1
