-- SPDX-License-Identifier: Apache-2.0
SELECT desk FROM staff_desks WHERE staff = ?1 ORDER BY desk
