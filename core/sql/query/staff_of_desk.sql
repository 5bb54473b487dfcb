-- SPDX-License-Identifier: Apache-2.0
SELECT d.staff FROM staff_desks AS d JOIN staff AS s ON s.id = d.staff
WHERE d.desk = ?1 AND s.state IN ('invited', 'active') ORDER BY d.staff
