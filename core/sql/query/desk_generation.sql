-- SPDX-License-Identifier: Apache-2.0
UPDATE desks SET generation = ?2 WHERE num = ?1
