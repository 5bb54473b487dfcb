-- SPDX-License-Identifier: Apache-2.0
-- Somebody who finished enrolment and works on the desk holds its current key.
SELECT 1 FROM desks AS d
JOIN desk_keys AS k ON k.kind = 'desk' AND k.num = d.num AND k.generation = d.generation
JOIN staff_desks AS m ON m.staff = k.holder AND m.desk = d.num
JOIN staff AS s ON s.id = k.holder AND s.state = 'active'
WHERE d.num = ?1 LIMIT 1
