-- SPDX-License-Identifier: Apache-2.0
SELECT coalesce(min(id), 0) FROM answers
