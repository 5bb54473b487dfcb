-- SPDX-License-Identifier: Apache-2.0
DELETE FROM staff_desks WHERE staff = ?1 AND desk = ?2
