-- SPDX-License-Identifier: Apache-2.0
SELECT coalesce(max(seq), 0) FROM events
