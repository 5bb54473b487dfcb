-- SPDX-License-Identifier: Apache-2.0
INSERT INTO bodies (blob) VALUES (?1)
