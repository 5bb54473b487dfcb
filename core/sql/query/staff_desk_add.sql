-- SPDX-License-Identifier: Apache-2.0
INSERT INTO staff_desks (staff, desk) VALUES (?1, ?2) ON CONFLICT DO NOTHING
