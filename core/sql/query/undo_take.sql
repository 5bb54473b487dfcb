-- SPDX-License-Identifier: Apache-2.0
DELETE FROM undos WHERE token = ?1
