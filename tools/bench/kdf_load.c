/* SPDX-License-Identifier: Apache-2.0 */
/* What one receipt costs on this machine, in one thread and nothing else: the floor under S3. Prints one line of JSON. */
#include "load.h"

#include "seal.h"

int main(int argc, char **argv)
{
	const long count = load_number(argc, argv, "--count", 1000);
	const uint8_t pepper[SEAL_KEY_BYTES] = { 1 };
	const struct seal_cost cost = { (size_t)load_number(argc, argv, "--bytes", 1 << 20), 1 };
	uint8_t uid[SEAL_UID_BYTES] = { 0 };
	struct seal_halves halves;
	struct took took = { 0 };

	if (seal_init())
		load_die("libsodium did not start.");
	took.began = load_now();
	for (long i = 0; i < count; i++) {
		double since = load_now();

		uid[0] = (uint8_t)i;
		if (seal_receipt("12345678901234567890", uid, pepper, cost, &halves))
			load_die("A receipt could not be derived.");
		took_add(&took, load_now() - since);
	}
	took_print(&took);
	return 0;
}
